// Local storage of one person: values are returned only to the login that stored them, and for three days. If the browser
// stores nothing, `put` returns false and everything else works.

const LIFETIME_MS = 3 * 24 * 3600 * 1000;

export function makeStorage(login) {
  return {
    put(key, value) {
      try {
        if (value) localStorage.setItem(key, JSON.stringify({ ...value, who: login(), at: Date.now() }));
        else localStorage.removeItem(key);
        return true;
      } catch {
        return false;
      }
    },

    get(key) {
      const value = read(key);
      return value && value.who === login() && !isOld(value) ? value : null;
    },

    newest(prefix) {
      const values = keys().filter((key) => key.startsWith(prefix)).map((key) => this.get(key)).filter(Boolean);
      return values.sort((a, b) => b.at - a.at)[0] || null;
    },

    clear: () => removeWhere(() => true),
    dropOld: () => removeWhere((key) => isOld(read(key))),
  };
}

function removeWhere(condition) {
  try {
    for (const key of keys()) if (key.startsWith("askwell:") && condition(key)) localStorage.removeItem(key);
  } catch { /* the browser stores nothing */ }
}

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function isOld(value) {
  return !value || !(Date.now() - value.at < LIFETIME_MS);
}
