// Runs in the same task that puts the frame into the document, so before its first paint: what is sent before the script of the
// page is ready waits in `waiting` and is sent then. The forms are of method "dialog", which never leaves the page.
const waiting = new Set();
const wait = (event) => {
  const form = event.target.closest("form[method=dialog][data-say], form[method=dialog][data-act]");
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing && form?.matches("[data-say]") && matchMedia("(pointer: fine)").matches;
  if (!form || (event.type === "keydown" && !enter)) return;
  event.preventDefault();
  waiting.add(form);
  form.classList.add("busy");
};
for (const type of ["submit", "keydown"]) element.addEventListener(type, wait);
import("%SCRIPT%").then((page) => {
  for (const type of ["submit", "keydown"]) element.removeEventListener(type, wait);
  page.start(element, props, trigger, watch, waiting);
});
