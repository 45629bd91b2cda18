// Half-written forms are kept by their act under `key()`, which is "" as long as the page does not know whose they are.

export function makeDrafts(root, composer, shelf, key) {
  const draftName = (form) => (form === composer ? "say" : `${form.dataset.act}:${form.dataset.name || ""}`);

  function keepDraft(form, written = true) {
    if (!key()) return;
    const { forms = {} } = shelf.take(key()) || {};
    if (written) forms[draftName(form)] = { message: form.dataset.message, fields: Object.fromEntries(new FormData(form)) };
    else delete forms[draftName(form)];
    shelf.put(key(), Object.keys(forms).length ? { forms } : null);
  }

  function takeUpDrafts() {
    const { forms = {} } = shelf.take(key()) || {};
    for (const form of root.querySelectorAll("form[data-act], form[data-say]")) {
      const draft = forms[draftName(form)];
      if (draft && !(form === composer && composer.elements.words.value)) takeUp(form, draft);
    }
  }

  function takeUp(form, draft) {
    for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
    if (form === composer) return;
    form.dataset.dirty = "1";
    if (draft.message) form.dataset.message = draft.message;
    const details = form.closest("details");
    if (details) details.open = true;
  }

  return { keepDraft, takeUpDrafts };
}
