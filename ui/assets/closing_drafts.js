// Copies a closing draft (a note of thanks or an article) to the clipboard or saves it as a file, with the edits made so far.

export function listenForClosingDrafts(root) {
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy], button[data-save]");
    if (!button) return;
    const area = root.querySelector(`#${button.dataset.copy || button.dataset.save}`);
    if (button.dataset.copy) await copy(area);
    else save(area.value, button.dataset.file);
    button.closest("form").querySelector("[role=status]").textContent = button.dataset.done;
  });
}

// Without the clipboard API (plain http on another machine) the browser still copies what is selected.
async function copy(area) {
  try {
    await navigator.clipboard.writeText(area.value);
  } catch {
    area.select();
    document.execCommand("copy");
  }
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
