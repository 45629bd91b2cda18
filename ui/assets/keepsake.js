// A draft in a text area goes where a person takes it: to the clipboard, or into a file, as it stands there, edits included.

export function watchKeepsakes(root) {
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy], button[data-save]");
    if (!button) return;
    const area = root.querySelector(`#${button.dataset.copy || button.dataset.save}`);
    if (button.dataset.copy) await copy(area);
    else save(area.value, button.dataset.file);
    button.closest("form").querySelector("[role=status]").textContent = button.dataset.done;
  });
}

// Where the page may not reach the clipboard (http, not this machine), the browser still copies what is selected.
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
