// The composer. A message is stored in the browser, sent, sent again with the same id while its answer is lost, and removed
// from the composer when the page shows it as stored. One message is sent at a time.
import { makeId } from "./gradio_events.js";

const RETRY_MS = 3000;
const MOST_HEIGHT_PX = 220;
const UNSENT_PREFIX = "askwell:unsent:ask:";

export function makeMessages(page) {
  const { root, composer, storage, drafts, alert } = page;
  const input = composer && composer.querySelector("textarea");
  let unsent = null;

  function send(text) {
    if (!composer || unsent) return;
    if (!page.login) {
      page.submitLater(composer);
      return;
    }
    if (!text.trim()) {
      alert.show(root.dataset.empty);
      return;
    }
    drafts.remove(composer);
    if (!page.request) setRequest(makeId());
    keep({ request: page.request, id: makeId(), text });
    deliver();
  }

  async function deliver() {
    const message = unsent;
    if (!message) return;
    composer.classList.add("busy");
    alert.clear();
    const answer = await page.server.say({ message_id: message.id, words: message.text }, message.request);
    if (answer.refused === "lost" && unsent === message) {
      alert.show(answer.message);
      setTimeout(deliver, RETRY_MS);
    } else if (answer.refused) {
      putBack(message);
      alert.showRefusal(answer);
    }
  }

  // Returns a refused message to the composer, to be edited or sent again.
  function putBack(message) {
    if (unsent !== message) return;
    forget();
    if (!input.value.trim()) input.value = message.text;
    composer.classList.remove("busy");
    drafts.keep(composer);
    fitHeight();
  }

  // Clears the composer once the page shows the unsent message under its id.
  function acknowledge() {
    if (!unsent || !root.querySelector(`[data-message$="${unsent.id}"]`)) return;
    if (input.value.trim() === unsent.text.trim()) input.value = "";
    forget();
    composer.classList.remove("busy");
    fitHeight();
  }

  function keep(message) {
    unsent = message;
    storage.put(UNSENT_PREFIX + message.request, message);
  }

  function forget() {
    storage.put(UNSENT_PREFIX + unsent.request, null);
    unsent = null;
  }

  // Sends again what an earlier visit left unconfirmed.
  function resume() {
    if (!composer) return;
    fitHeight();
    const left = page.request ? storage.get(UNSENT_PREFIX + page.request) : storage.newest(UNSENT_PREFIX);
    if (!left || !left.text) return;
    if (!page.request) setRequest(left.request);
    unsent = left;
    input.value = input.value || left.text;
    acknowledge();
    deliver();
  }

  // On a page without a composer: opens the page of a new request, which sends the message as after a reload.
  function sendOnAskPage(text, button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const message = { request: makeId(), id: makeId(), text };
    location.href = storage.put(UNSENT_PREFIX + message.request, message) ? `/?request=${message.request}` : "/";
  }

  function setRequest(id) {
    page.request = id;
    const url = new URL(location.href);
    url.searchParams.set("request", id);
    history.replaceState(null, "", url);
  }

  function fill(text) {
    input.value = text;
    fitHeight();
    input.focus();
  }

  function fitHeight() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, MOST_HEIGHT_PX)}px`;
  }

  if (composer) {
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      send(input.value);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
      event.preventDefault();
      composer.requestSubmit();
    });
    input.addEventListener("input", () => {
      fitHeight();
      if (input.value) drafts.keep(composer);
      else drafts.remove(composer);
    });
  }

  return {
    send: (text, button) => (composer ? send(text) : sendOnAskPage(text, button)),
    acknowledge,
    fill,
    resume,
    get unsent() {
      return unsent;
    },
    // Whether the first message of this request is still to be sent, so that the server does not know the request yet.
    isFirstUnsent: () => Boolean(page.login && storage.get(UNSENT_PREFIX + page.request)),
  };
}
