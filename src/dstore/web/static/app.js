// What every page gets on top of plain links and forms. Nothing here is needed to get a task done.

document.documentElement.classList.add("scripted");

/** Show a short message; `undo` is a function to call, if what happened can be taken back. */
export function toast(text, { tone = "good", undo = null, undoLabel = "" } = {}) {
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.className = "quiet";
    button.textContent = undoLabel;
    button.addEventListener("click", () => { box.remove(); undo(); });
    box.append(button);
  }
  document.getElementById("toasts").append(box);
  leave(box);
  return box;
}

function leave(box) {
  let timer = setTimeout(() => box.remove(), 9000);
  for (const kind of ["pointerenter", "focusin"]) box.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "focusout"]) {
    box.addEventListener(kind, () => { clearTimeout(timer); timer = setTimeout(() => box.remove(), 4000); });
  }
}

/** Say something to screen readers only. */
export function announce(text) {
  const place = document.getElementById("announcer") ?? document.body.appendChild(
    Object.assign(document.createElement("div"), { id: "announcer", className: "unseen" }));
  place.setAttribute("aria-live", "assertive");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

for (const box of document.querySelectorAll("[data-toast]")) leave(box);

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-auto]")?.form;
  if (form) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const at = event.target.closest("[data-close], [data-open], [data-copy]");
  if (!at) {
    // A click beside a dialog closes it; so does one outside an open menu.
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    return;
  }
  if (at.hasAttribute("data-close")) {
    const dialog = at.closest("dialog");
    if (dialog) dialog.close();
    else at.closest("[data-toast]")?.remove();
  } else if (at.dataset.open) {
    event.preventDefault();
    document.getElementById(at.dataset.open).showModal();
  } else if (at.dataset.copy) {
    const source = document.getElementById(at.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    at.dataset.done = "";
    setTimeout(() => { delete at.dataset.done; }, 1500);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

// A form that was sent says so, and is not sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// What was typed and not saved is not lost by a stray click.
const touched = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) touched.add(form);
});
document.addEventListener("submit", (event) => touched.delete(event.target));
window.addEventListener("beforeunload", (event) => { if (touched.size) event.preventDefault(); });

// A chosen picture is shown before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target.closest("input[type=file][data-preview]");
  const file = input?.files?.[0];
  if (!file) return;
  const shown = document.getElementById(input.dataset.preview);
  const image = document.createElement("img");
  image.className = shown.className.replace("none", "");
  image.id = shown.id;
  image.alt = "";
  image.src = URL.createObjectURL(file);
  shown.replaceWith(image);
});
