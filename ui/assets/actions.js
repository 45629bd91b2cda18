// Buttons, checkboxes and forms inside regions: each sends one named action with its data attributes or fields.
import { makeId } from "./gradio_events.js";

export function listenForActions(page) {
  const { root } = page;

  root.addEventListener("click", (event) => {
    const target = event.target.closest("button[data-act], [data-open], [data-focus], [data-fill], .drawer-toggle");
    if (!target) return;
    const { act: name, focus, fill, text, ...fields } = target.dataset;
    if (target.matches(".drawer-toggle")) toggleDrawer(target);
    else if (focus) root.querySelector(`#${focus}`).focus();
    else if (fill) page.messages.fill(fill);
    else if (target.hasAttribute("data-open")) page.openArticle(event, target);
    else if (target.getAttribute("aria-disabled") === "true") return;
    else if (name === "text") page.messages.send(text, target);
    else if (name === "person") page.messages.send(root.dataset.person, target);
    else act(name, fields, target);
  });

  root.addEventListener("change", (event) => {
    const checkbox = event.target.closest("input[type=checkbox][data-act]");
    if (checkbox) act(checkbox.dataset.act, { checked: String(checkbox.checked) }, checkbox);
  });

  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    form.dataset.dirty = "1";
    if (!form.hasAttribute("data-keep")) page.drafts.keep(form);
  });

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    if (page.login) submit(form);
    else page.submitLater(form);
  });

  function submit(form) {
    const { act: name, dirty, message, ...fields } = form.dataset;
    Object.assign(fields, Object.fromEntries(new FormData(form)));
    if (form.hasAttribute("data-once")) {
      fields.message_id = form.dataset.message = message || makeId();
      page.drafts.keep(form);
    }
    act(name, fields, form.querySelector("button:not([type=button])"), form);
  }

  async function act(name, fields, control, form = null) {
    if (control.getAttribute("aria-busy") === "true") return;
    control.setAttribute("aria-busy", "true");
    page.alert.clear();
    const answer = await page.server.act(name, fields);
    control.removeAttribute("aria-busy");
    if (answer.refused) page.alert.showRefusal(answer);
    else if (form) finish(form);
    else root.querySelector(`form#${name}-draft`)?.scrollIntoView({ block: "nearest" });
  }

  // After a successful submit: drops the draft, closes the form and draws its region as the server sent it.
  function finish(form) {
    delete form.dataset.dirty;
    delete form.dataset.message;
    if (form.hasAttribute("data-keep")) return;
    page.drafts.remove(form);
    const details = form.closest("details.edit, details.answer");
    const hadFocus = details && details.contains(document.activeElement);
    if (details) details.open = false;
    if (hadFocus) details.querySelector("summary").focus({ preventScroll: true });
    form.reset();
    const region = form.closest("[data-region]");
    if (region && region.latest) page.regions.paint(region);
  }

  function toggleDrawer(toggle) {
    const isOpen = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(isOpen));
    root.classList.toggle("drawer-open", isOpen);
  }
}
