// Runs when Gradio puts the component into the document, before the first paint. Forms that are submitted before the page's
// script is loaded are collected in `waiting`, and the script submits them. Method "dialog" never leaves the page.
const waiting = new Set();
const collect = (event) => {
  const form = event.target.closest("form[method=dialog][data-say], form[method=dialog][data-act]");
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && form?.matches("[data-say]") && matchMedia("(pointer: fine)").matches;
  if (!form || (event.type === "keydown" && !sends)) return;
  event.preventDefault();
  waiting.add(form);
  form.classList.add("busy");
};
for (const type of ["submit", "keydown"]) element.addEventListener(type, collect);
import("%SCRIPT%").then((page) => {
  for (const type of ["submit", "keydown"]) element.removeEventListener(type, collect);
  page.start(element, props, trigger, watch, waiting);
});
