// The script of every page: draws regions into a frame, sends messages and acts, and never loses what a person typed.
//
// A message carries an id made here and stays in this browser until the server shows it as stored; it is sent again with the
// same id after a lost connection, a restart or a reload, so it becomes one turn. Regions are morphed, not replaced: focus,
// open details and half-written forms survive whatever arrives meanwhile, and half-written forms also a reload: Gradio
// reloads a page whose server was started again.
import { Idiomorph } from "./vendor/idiomorph-0.8.0.js";
import { watchKeepsakes } from "./keepsake.js";
import { makeShelf } from "./shelf.js";
import { makeId, makeWire } from "./wire.js";

const RETRY = 3000;
const DOUBT = 2500;
const AFTER_OWN_ACT = 900;

export function start(element, props, trigger, watch) {
  const root = element.querySelector(".aw");
  const { page, person } = root.dataset;
  const wire = makeWire(props, trigger, watch, draw);
  const shelf = makeShelf(() => root.querySelector("[data-me]")?.dataset.me || "");
  const told = root.querySelector("#told");
  const composer = root.querySelector("form[data-say]");
  const words = composer && composer.querySelector("textarea");
  const log = root.querySelector(".log");
  const unsentKey = `askwell:unsent:${page}`;
  let request = new URLSearchParams(location.search).get("request") || "";
  let unsent = null;
  let lastOwnAct = 0;
  let asking = 0;

  // Drawing.

  const morphing = {
    morphStyle: "innerHTML",
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old) => !inHalfWritten(old),
      beforeNodeRemoved: (old) => !inHalfWritten(old),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.tagName === "DETAILS") && !(name === "tabindex" && node === document.activeElement),
    },
  };

  function inHalfWritten(node) {
    return node instanceof Element && (node.closest("form[data-dirty]") || node.matches(":has(form[data-dirty])"));
  }

  function draw(regions) {
    const atEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    const before = log ? log.childElementCount : 0;
    const reading = log && log.querySelector(".growing:not(:empty)");
    const place = reading && reading.getBoundingClientRect().top;
    for (const [name, html] of Object.entries(regions)) {
      const region = root.querySelector(`[data-region="${name}"]`);
      if (!region || region.drawn === html) continue;
      region.latest = html;
      paint(region);
    }
    if (log && follows(regions, reading, log.childElementCount !== before, atEnd)) log.scrollTop = log.scrollHeight;
    else if (reading && reading.isConnected) stay(reading, place);
    if (regions.bar) root.classList.add("ready");
    acknowledge();
  }

  // The end stays in view while an answer grows; what comes with its last sentence does not push it away from who reads it.
  function follows(regions, reading, longer, atEnd) {
    if (regions.growing !== undefined) return atEnd;
    return !reading && longer && (atEnd || !root.classList.contains("ready"));
  }

  function stay(one, place) {
    const scroller = getComputedStyle(log).overflowY === "visible" ? document.scrollingElement : log;
    scroller.scrollTop += one.getBoundingClientRect().top - place;
  }

  function paint(region) {
    const near = around(region, document.activeElement);
    // What is being written into a field stays; anything else that has the focus is drawn like the rest.
    const writing = Boolean(document.activeElement?.matches("input, textarea, select"));
    Idiomorph.morph(region, region.latest, { ...morphing, ignoreActiveValue: writing });
    if (near.length) keepFocus(near);
    region.drawn = region.querySelector("form[data-dirty]") ? undefined : region.latest;
  }

  // A control that goes away with what it did leaves the focus close to where it was, on nothing that a second Enter would do.
  function keepFocus(near) {
    if (document.activeElement !== document.body) return;
    const place = [...near, root.querySelector("#next"), root.querySelector("#main")].find((one) => one && one.isConnected && one.offsetHeight);
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: true });
    if (place.matches(":focus-visible")) place.scrollIntoView({ block: "nearest" });
  }

  function around(region, focused) {
    const near = [];
    for (let at = region.contains(focused) && focused; at && at !== region; at = at.parentElement) near.push(at.parentElement);
    return near;
  }

  function tell(sentence, signIn = false) {
    told.hidden = !sentence;
    told.textContent = sentence || "";
    if (sentence && signIn) {
      const link = document.createElement("a");
      link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
      link.textContent = root.dataset.signIn;
      told.append(" ", link);
    }
    if (sentence) told.scrollIntoView({ block: "nearest" });
  }

  async function ask(event, name, fields, about = request) {
    const doubt = setInterval(async () => (await signedOut()) && wire.giveUp(), DOUBT);
    const own = event === "select" ? 0 : 1;
    asking += own;
    const answer = await wire.send(event, { name, request: about, fields });
    asking -= own;
    if (own) lastOwnAct = Date.now();
    clearInterval(doubt);
    if (answer.refused === "lost" && (await signedOut())) return { ...answer, refused: "signed_out", told: root.dataset.signedOut };
    return answer.refused === "lost" ? { ...answer, told: event === "submit" ? root.dataset.lost : root.dataset.lostAct } : answer;
  }

  async function signedOut() {
    try {
      return (await fetch("/me", { cache: "no-store" })).status === 401;
    } catch {
      return false;
    }
  }

  // Saying something.

  function say(text) {
    if (!composer || unsent) return;
    if (!text.trim()) {
      tell(root.dataset.empty);
      return;
    }
    keepDraft(composer, false);
    if (!request) showRequest(makeId());
    keep({ request, id: makeId(), text });
    deliver();
  }

  async function deliver() {
    const message = unsent;
    if (!message) return;
    composer.classList.add("busy");
    tell("");
    const answer = await ask("submit", "say", { message_id: message.id, words: message.text }, message.request);
    if (answer.refused === "lost" && unsent === message) {
      tell(answer.told);
      setTimeout(deliver, RETRY);
    } else if (answer.refused) {
      giveBack(message);
      tell(answer.told, answer.refused === "signed_out");
    }
  }

  // What was not stored goes back into the box, to be changed or sent again.
  function giveBack(message) {
    if (unsent !== message) return;
    keep(null);
    if (!words.value.trim()) words.value = message.text;
    composer.classList.remove("busy");
    keepDraft(composer);
    fit();
  }

  // A message is stored as soon as the page shows it under its id; only then does it leave the box.
  function acknowledge() {
    if (!unsent || !root.querySelector(`[data-message$="${unsent.id}"]`)) return;
    if (words.value.trim() === unsent.text.trim()) words.value = "";
    keep(null);
    composer.classList.remove("busy");
    fit();
  }

  function keep(message) {
    unsent = message;
    shelf.put(unsentKey, message);
  }

  // Half-written forms, by their act, for the request on the page.

  const draftsKey = () => `askwell:drafts:${page}:${request}`;
  const draftName = (form) => (form === composer ? "say" : `${form.dataset.act}:${form.dataset.name || ""}`);

  function keepDraft(form, written = true) {
    const { forms = {} } = shelf.take(draftsKey()) || {};
    if (written) forms[draftName(form)] = { message: form.dataset.message, fields: Object.fromEntries(new FormData(form)) };
    else delete forms[draftName(form)];
    shelf.put(draftsKey(), Object.keys(forms).length ? { forms } : null);
  }

  function takeUpDrafts() {
    const { forms = {} } = shelf.take(draftsKey()) || {};
    for (const form of root.querySelectorAll("form[data-act], form[data-say]")) {
      const draft = forms[draftName(form)];
      if (!draft) continue;
      for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
      if (form === composer) continue;
      form.dataset.dirty = "1";
      if (draft.message) form.dataset.message = draft.message;
      const details = form.closest("details");
      if (details) details.open = true;
    }
  }

  function showRequest(id) {
    request = id;
    const url = new URL(location.href);
    url.searchParams.set("request", id);
    url.searchParams.delete("person");
    history.replaceState(null, "", url);
  }

  function fit() {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight + 2, 220)}px`;
  }

  if (composer) {
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      say(words.value);
    });
    words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      composer.requestSubmit();
    });
    words.addEventListener("input", () => {
      fit();
      keepDraft(composer, words.value !== "");
    });
  }

  // Acts: buttons and forms inside regions.

  root.addEventListener("click", (event) => {
    const target = event.target.closest("button[data-act], [data-open], [data-focus], [data-fill], .drawer-toggle");
    if (!target) return;
    const { act: name, focus, fill, text, ...fields } = target.dataset;
    if (target.matches(".drawer-toggle")) toggleDrawer(target);
    else if (focus) root.querySelector(`#${focus}`).focus();
    else if (fill) startWith(fill);
    else if (target.hasAttribute("data-open")) openArticle(event, target);
    else if (target.getAttribute("aria-disabled") === "true") return;
    else if (name === "text") say(text);
    else if (name === "person") say(person);
    else act(name, fields, target);
  });

  root.addEventListener("change", (event) => {
    const box = event.target.closest("input[type=checkbox][data-act]");
    if (box) act(box.dataset.act, { checked: String(box.checked) }, box);
  });

  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    form.dataset.dirty = "1";
    if (!form.hasAttribute("data-keep")) keepDraft(form);
  });

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const { act: name, dirty, message, ...fields } = form.dataset;
    Object.assign(fields, Object.fromEntries(new FormData(form)));
    if (form.hasAttribute("data-once")) {
      fields.message_id = form.dataset.message = message || makeId();
      keepDraft(form);
    }
    act(name, fields, form.querySelector("button:not([type=button])"), form);
  });

  async function act(name, fields, button, form = null) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    tell("");
    lastOwnAct = Date.now();
    const answer = await ask("click", name, fields);
    button.removeAttribute("aria-busy");
    if (answer.refused) tell(answer.told, answer.refused === "signed_out");
    else if (form) release(form);
    else root.querySelector(`form#${name}-draft`)?.scrollIntoView({ block: "nearest" });
  }

  // A form that did its work takes over what the server says, and closes.
  function release(form) {
    delete form.dataset.dirty;
    delete form.dataset.message;
    if (form.hasAttribute("data-keep")) return;
    keepDraft(form, false);
    const details = form.closest("details.edit, details.answer");
    const within = details && details.contains(document.activeElement);
    if (details) details.open = false;
    if (within) details.querySelector("summary").focus({ preventScroll: true });
    form.reset();
    const region = form.closest("[data-region]");
    if (region && region.latest) paint(region);
  }

  function startWith(text) {
    words.value = text;
    fit();
    words.focus();
  }

  function toggleDrawer(toggle) {
    const on = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(on));
    root.classList.toggle("drawer-open", on);
  }

  // Articles open over the page, at the exact text.

  const reader = root.querySelector("dialog.reader");

  async function openArticle(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const url = new URL(link.href);
    url.searchParams.set("part", "1");
    const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) {
      location.href = link.href;
      return;
    }
    reader.querySelector(".reader-body").innerHTML = await answer.text();
    reader.showModal();
    const quote = reader.querySelector("#quote");
    if (quote) quote.scrollIntoView({ block: "center" });
    else reader.querySelector(".reader-body").scrollTop = 0;
  }

  reader.addEventListener("click", (event) => event.target === reader && reader.close());

  watchKeepsakes(root);

  // What others do appears by itself, while somebody looks.

  let live = null;
  let coming = null;
  let refreshing = false;

  async function refresh() {
    if (refreshing) return;
    refreshing = true;
    const answer = await ask("select", "show", {});
    refreshing = false;
    if (answer.refused === "signed_out") tell(answer.told, true);
    else if (answer.refused && !unsent) tell(answer.told);
  }

  // What one says or does oneself comes with its answer; all that is told meanwhile is looked at once, after it.
  function refreshSoon() {
    clearTimeout(coming);
    const wait = asking ? AFTER_OWN_ACT : Math.max(0, lastOwnAct + AFTER_OWN_ACT - Date.now());
    coming = setTimeout(() => (asking ? refreshSoon() : refresh()), wait);
  }

  function listen() {
    if (live || document.hidden) return;
    live = new EventSource("/live");
    live.addEventListener("changed", refreshSoon);
    live.addEventListener("error", listenAgain);
  }

  // The browser connects again by itself after a lost connection, but not after an answer that was no stream.
  async function listenAgain() {
    if (!live || live.readyState !== EventSource.CLOSED) return;
    live = null;
    if (await signedOut()) {
      tell(root.dataset.signedOut, true);
      return;
    }
    setTimeout(() => {
      listen();
      refresh();
    }, RETRY);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && live) {
      live.close();
      live = null;
    } else if (!document.hidden) {
      listen();
      refresh();
    }
  });

  // Menus close by a click elsewhere and by Escape.

  document.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of root.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Beginning: what was not confirmed before goes out again under its old id.

  async function begin() {
    document.title = `${root.querySelector("h1").textContent} · ${root.dataset.brand}`;
    root.addEventListener("submit", (event) => event.target.matches("form[action='/sign-out']") && !unsent && shelf.forget(true));
    listen();
    await refresh();
    shelf.forget(false);
    takeUpDrafts();
    if (!composer) return;
    fit();
    const left = shelf.take(unsentKey);
    if (left && left.text && (!request || left.request === request)) {
      if (!request) showRequest(left.request);
      unsent = left;
      words.value = words.value || left.text;
      acknowledge();
      deliver();
    } else if (new URLSearchParams(location.search).has("person")) {
      say(person);
    }
  }

  begin();
}
