// Entry point of every page: builds its parts, shows it for the first time, and sends what was not confirmed before.
//
// A message has an id made in the browser and stays in local storage until the server shows it as stored. It is sent again with
// the same id after a lost connection, a restart or a reload, so the server stores it once. Regions are morphed, not replaced:
// focus, open details and half-written forms survive an update. Drafts of forms survive a reload too, because Gradio reloads
// the page when its server was restarted.
import { Idiomorph } from "./vendor/idiomorph-0.8.0.js";
import { listenForActions } from "./actions.js";
import { makeAlert } from "./alert.js";
import { makeStorage } from "./browser_storage.js";
import { listenForClosingDrafts } from "./closing_drafts.js";
import { makeDrafts } from "./drafts.js";
import { makeGradioEvents } from "./gradio_events.js";
import { listenForUpdates } from "./live_updates.js";
import { makeMessages } from "./messages.js";
import { closeMenus, makeArticleReader } from "./overlays.js";
import { makeRefresh } from "./refresh.js";
import { makeRegions } from "./regions.js";
import { makeServerCalls } from "./server_calls.js";

const RETRY_MS = 3000;

// `waiting` is the set of forms that were submitted before this script was loaded.
export function start(element, props, trigger, watch, waiting) {
  const root = element.querySelector(".aw");
  const page = {
    root,
    composer: root.querySelector("form[data-say]"),
    request: new URLSearchParams(location.search).get("request") || "",
    login: "",
    submitLater(form) {
      waiting.add(form);
      form.classList.add("busy");
    },
  };
  page.alert = makeAlert(root);
  page.storage = makeStorage(() => page.login);
  page.drafts = makeDrafts(page, () => page.login && `askwell:drafts:${root.dataset.page}:${page.request}`);
  page.regions = makeRegions(root, Idiomorph);
  page.server = makeServerCalls(page, makeGradioEvents(props, trigger, watch, draw));
  page.messages = makeMessages(page);
  page.refresh = makeRefresh(page);
  page.openArticle = makeArticleReader(root);
  listenForActions(page);
  listenForClosingDrafts(root);
  closeMenus(root);
  begin();

  function draw(regions) {
    page.regions.draw(regions);
    if (regions.bar) becomeReady();
    page.messages.acknowledge();
  }

  // The page belongs to the person it was first drawn for; the server refuses events from it under any other sign-in.
  function becomeReady() {
    page.login = page.login || root.querySelector("[data-me]").dataset.me;
    root.classList.add("ready");
  }

  async function begin() {
    document.title = `${root.querySelector("h1").textContent} · ${root.dataset.brand}`;
    root.addEventListener("submit", (event) => {
      if (event.target.matches("form[action='/sign-out']") && !page.messages.unsent) page.storage.clear();
    });
    listenForUpdates({
      changed: page.refresh.soon,
      refresh: page.refresh.now,
      isSignedOut: page.server.isSignedOut,
      onSignedOut: () => page.alert.show(root.dataset.signedOut, true),
    });
    await showFirst();
    if (page.login) resume();
    submitWaiting();
  }

  async function showFirst() {
    let answer = await page.refresh.now();
    while (!page.login && !page.alert.asksToSignIn && answer.refused) {
      await new Promise((done) => setTimeout(done, RETRY_MS));
      answer = await page.refresh.now();
    }
  }

  function resume() {
    page.storage.dropOld();
    page.drafts.restoreAll();
    page.messages.resume();
  }

  function submitWaiting() {
    for (const form of waiting) {
      form.classList.remove("busy");
      if (page.login) form.requestSubmit();
    }
    waiting.clear();
  }
}
