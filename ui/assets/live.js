// Hears that something changed elsewhere. A person has few streams, so that a browser with many open pages keeps connections
// for what is sent: a page whose stream went to a newer one looks by itself now and then, until somebody comes back to it.

const RETRY = 3000;
const LOOK = 15000;

export function hearChanges({ changed, look, signedOut, leave }) {
  let live = null;
  let looking = null;

  function listen() {
    if (live || document.hidden) return;
    clearInterval(looking);
    looking = null;
    live = new EventSource("/live");
    live.addEventListener("changed", changed);
    live.addEventListener("poll", lookByItself);
    live.addEventListener("error", listenAgain);
  }

  function stop() {
    if (live) live.close();
    live = null;
  }

  function lookByItself() {
    stop();
    looking = looking || setInterval(() => document.hidden || look(), LOOK);
  }

  // The browser connects again by itself after a lost connection, but not after an answer that was no stream.
  async function listenAgain() {
    if (!live || live.readyState !== EventSource.CLOSED) return;
    live = null;
    if (await signedOut()) {
      leave();
      return;
    }
    setTimeout(() => {
      listen();
      look();
    }, RETRY);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else if (!live) {
      listen();
      look();
    }
  });
  window.addEventListener("focus", () => {
    if (!looking) return;
    listen();
    look();
  });
  listen();
}
