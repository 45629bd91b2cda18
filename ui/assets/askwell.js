// The script of every page: draws regions into a frame, sends messages and acts, and never loses what a person typed.
//
// A message carries an id made here and stays in this browser until the server shows it as stored; it is sent again with the
// same id after a lost connection, a restart or a reload, so it becomes one turn. Regions are morphed, not replaced: focus,
// open details and half-written forms survive whatever arrives meanwhile, and half-written forms also a reload: Gradio
// reloads a page whose server was started again.
import { Idiomorph } from "./vendor/idiomorph-0.8.0.js";
import { makeDrafts } from "./drafts.js";
import { watchKeepsakes } from "./keepsake.js";
import { hearChanges } from "./live.js";
import { closeMenus, makeReader } from "./overlays.js";
import { makeShelf } from "./shelf.js";
import { makeId, makeWire } from "./wire.js";

const RETRY = 3000;
const DOUBT = 2500;
const AFTER_OWN_ACT = 900;

// `waiting` holds the forms that were sent before the page knew whose it is.
export function start(element, props, trigger, watch, waiting) {
  const root = element.querySelector(".aw");
  const { page, person } = root.dataset;
  const wire = makeWire(props, trigger, watch, draw);
  const shelf = makeShelf(() => me);
  const told = root.querySelector("#told");
  const composer = root.querySelector("form[data-say]");
  const words = composer && composer.querySelector("textarea");
  const log = root.querySelector(".log");
  const unsentKeys = "askwell:unsent:ask:";
  const { keepDraft, takeUpDrafts } = makeDrafts(root, composer, shelf, () => me && `askwell:drafts:${page}:${request}`);
  let request = new URLSearchParams(location.search).get("request") || "";
  let me = "";
  let barred = false;
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
    if (regions.bar) knowWhose();
    acknowledge();
  }

  // The page belongs to the person whom it was first drawn for; the server refuses what it sends as anybody else.
  function knowWhose() {
    me = me || root.querySelector("[data-me]").dataset.me;
    root.classList.add("ready");
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
    barred = signIn;
    if (sentence && !told.hidden && told.dataset.sentence === sentence) return;
    told.dataset.sentence = sentence || "";
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

  const isBarred = (answer) => answer.refused === "signed_out" || answer.refused === "other_person";
  const tellRefusal = (answer) => tell(answer.told, isBarred(answer));

  async function ask(event, name, fields, about = request) {
    const doubt = setInterval(async () => (await signedOut()) && wire.giveUp(), DOUBT);
    const own = event === "select" ? 0 : 1;
    asking += own;
    const answer = await wire.send(event, { name, request: about, fields, who: me });
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
    if (!me) {
      wait(composer);
      return;
    }
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
      tellRefusal(answer);
    }
  }

  // What was not stored goes back into the box, to be changed or sent again.
  function giveBack(message) {
    if (unsent !== message) return;
    drop();
    if (!words.value.trim()) words.value = message.text;
    composer.classList.remove("busy");
    keepDraft(composer);
    fit();
  }

  // A message is stored as soon as the page shows it under its id; only then does it leave the box.
  function acknowledge() {
    if (!unsent || !root.querySelector(`[data-message$="${unsent.id}"]`)) return;
    if (words.value.trim() === unsent.text.trim()) words.value = "";
    drop();
    composer.classList.remove("busy");
    fit();
  }

  function keep(message) {
    unsent = message;
    return shelf.put(unsentKeys + message.request, message);
  }

  function drop() {
    shelf.put(unsentKeys + unsent.request, null);
    unsent = null;
  }

  // From another page: the words are sent by the page of a new request, as after a reload.
  function sayElsewhere(text, button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const message = { request: makeId(), id: makeId(), text };
    location.href = shelf.put(unsentKeys + message.request, message) ? `/?request=${message.request}` : "/";
  }

  // Sent before the page knows whose it is: sent again as soon as it does.
  function wait(form) {
    waiting.add(form);
    form.classList.add("busy");
  }

  function sendWaiting() {
    for (const form of waiting) {
      form.classList.remove("busy");
      if (me) form.requestSubmit();
    }
    waiting.clear();
  }

  function showRequest(id) {
    request = id;
    const url = new URL(location.href);
    url.searchParams.set("request", id);
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
    else if (name === "person") composer ? say(person) : sayElsewhere(person, target);
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
    if (!me) {
      wait(form);
      return;
    }
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
    if (answer.refused) tellRefusal(answer);
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

  watchKeepsakes(root);
  closeMenus(root);
  const openArticle = makeReader(root);

  // What others do appears by itself, while somebody looks.

  let coming = null;
  let refreshing = null;
  let changedSince = false;

  // One look at a time; what changes during one is looked at after it.
  async function refresh() {
    changedSince = Boolean(refreshing);
    if (refreshing) return refreshing;
    refreshing = look();
    const answer = await refreshing;
    refreshing = null;
    if (changedSince) refreshSoon();
    return answer;
  }

  async function look() {
    const answer = await ask("select", "show", {});
    if (answer.refused && (!unsent || isBarred(answer)) && !isComing(answer)) tellRefusal(answer);
    else if (!answer.refused && barred) tell("");
    return answer;
  }

  // A request whose first message is still to be sent is not there yet.
  const isComing = (answer) => answer.refused === "unknown_request" && me && Boolean(shelf.take(unsentKeys + request));

  // What one says or does oneself comes with its answer; all that is told meanwhile is looked at once, after it.
  function refreshSoon() {
    clearTimeout(coming);
    const wait = asking ? AFTER_OWN_ACT : Math.max(0, lastOwnAct + AFTER_OWN_ACT - Date.now());
    coming = setTimeout(() => (asking ? refreshSoon() : refresh()), wait);
  }

  // Beginning: what was not confirmed before goes out again under its old id.

  async function begin() {
    document.title = `${root.querySelector("h1").textContent} · ${root.dataset.brand}`;
    root.addEventListener("submit", (event) => event.target.matches("form[action='/sign-out']") && !unsent && shelf.forget(true));
    hearChanges({ changed: refreshSoon, look: refresh, signedOut, leave: () => tell(root.dataset.signedOut, true) });
    await firstLook();
    if (me) takeUp();
    sendWaiting();
  }

  async function firstLook() {
    for (let answer = await refresh(); !me && !barred && answer.refused; answer = await refresh()) await pause(RETRY);
  }

  function takeUp() {
    shelf.forget(false);
    takeUpDrafts();
    if (!composer) return;
    fit();
    const left = request ? shelf.take(unsentKeys + request) : shelf.newest(unsentKeys);
    if (!left || !left.text) return;
    if (!request) showRequest(left.request);
    unsent = left;
    words.value = words.value || left.text;
    acknowledge();
    deliver();
  }

  begin();
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
