// What is kept in this browser belongs to one person: nobody else who signs in here gets it. It goes with signing out, or
// after three days. A browser that keeps nothing still sends.

const LASTS = 3 * 24 * 3600 * 1000;

export function makeShelf(who) {
  return {
    put(key, value) {
      try {
        if (value) localStorage.setItem(key, JSON.stringify({ ...value, who: who(), at: Date.now() }));
        else localStorage.removeItem(key);
        return true;
      } catch {
        return false;
      }
    },

    take(key) {
      const value = stored(key);
      return value && value.who === who() && !isOld(value) ? value : null;
    },

    newest(prefix) {
      const kept = keys().filter((key) => key.startsWith(prefix)).map((key) => this.take(key)).filter(Boolean);
      return kept.sort((one, other) => other.at - one.at)[0] || null;
    },

    forget(all) {
      try {
        for (const key of keys()) {
          if (key.startsWith("askwell:") && (all || isOld(stored(key)))) localStorage.removeItem(key);
        }
      } catch { /* nothing is kept here */ }
    },
  };
}

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function isOld(value) {
  return !value || !(Date.now() - value.at < LASTS);
}
