// Listens to /live (Server-Sent Events) for changes made elsewhere. A person has a limited number of streams, because a browser
// opens only six connections to a host. A page whose stream was replaced by a newer one polls until it gets the focus again.

const RETRY_MS = 3000;
const POLL_MS = 15000;

export function listenForUpdates({ changed, refresh, isSignedOut, onSignedOut }) {
  let stream = null;
  let polling = null;

  function listen() {
    if (stream || document.hidden) return;
    clearInterval(polling);
    polling = null;
    stream = new EventSource("/live");
    stream.addEventListener("changed", changed);
    stream.addEventListener("poll", poll);
    stream.addEventListener("error", listenAgain);
  }

  function stop() {
    if (stream) stream.close();
    stream = null;
  }

  function poll() {
    stop();
    polling = polling || setInterval(() => document.hidden || refresh(), POLL_MS);
  }

  // The browser reconnects by itself after a lost connection, but not after an answer that is no event stream.
  async function listenAgain() {
    if (!stream || stream.readyState !== EventSource.CLOSED) return;
    stream = null;
    if (await isSignedOut()) {
      onSignedOut();
      return;
    }
    setTimeout(listenAndRefresh, RETRY_MS);
  }

  function listenAndRefresh() {
    listen();
    refresh();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else if (!stream) listenAndRefresh();
  });
  window.addEventListener("focus", () => {
    if (polling) listenAndRefresh();
  });
  listen();
}
