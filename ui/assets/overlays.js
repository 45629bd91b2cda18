// Articles in a dialog over the page, scrolled to the quoted text; menus that close on Escape and on a click elsewhere.

export function makeArticleReader(root) {
  const reader = root.querySelector("dialog.reader");
  reader.addEventListener("click", (event) => event.target === reader && reader.close());

  return async function openArticle(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const url = new URL(link.href);
    url.searchParams.set("part", "1");
    const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) {
      location.href = link.href;
      return;
    }
    reader.querySelector(".reader-body").innerHTML = await answer.text();
    reader.showModal();
    const quote = reader.querySelector("#quote");
    if (quote) quote.scrollIntoView({ block: "center" });
    else reader.querySelector(".reader-body").scrollTop = 0;
  };
}

export function closeMenus(root) {
  document.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of root.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}
