// Keeps half-written forms in local storage and restores them after a reload. `key()` names the place for this page and
// request; it is "" until the page knows its person, and then nothing is kept.

export function makeDrafts({ root, composer, storage }, key) {
  const nameOf = (form) => (form === composer ? "say" : `${form.dataset.act}:${form.dataset.name || ""}`);

  function keep(form) {
    const fields = Object.fromEntries(new FormData(form));
    change((forms) => (forms[nameOf(form)] = { message: form.dataset.message, fields }));
  }

  function remove(form) {
    change((forms) => delete forms[nameOf(form)]);
  }

  function change(edit) {
    if (!key()) return;
    const { forms = {} } = storage.get(key()) || {};
    edit(forms);
    storage.put(key(), Object.keys(forms).length ? { forms } : null);
  }

  function restoreAll() {
    const { forms = {} } = storage.get(key()) || {};
    for (const form of root.querySelectorAll("form[data-act], form[data-say]")) {
      const draft = forms[nameOf(form)];
      if (draft && !(form === composer && composer.elements.words.value)) restore(form, draft);
    }
  }

  function restore(form, draft) {
    for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
    if (form === composer) return;
    form.dataset.dirty = "1";
    if (draft.message) form.dataset.message = draft.message;
    const details = form.closest("details");
    if (details) details.open = true;
  }

  return { keep, remove, restoreAll };
}
