// The menu builder without page loads: forms marked data-swap are sent in the background and the builder is replaced by
// what the server answers; rows are moved by pointer or arrow keys. Every act is a form of the page, so that nothing
// happens here that would not also happen without script.
import { announce } from "../web/app.js";

const region = "#builder";
let turn = 0;

async function swap(form, body) {
  const mine = ++turn;
  const focus = document.activeElement?.id;
  const isRead = form.method === "get";
  const url = new URL(form.action);
  if (isRead) url.search = new URLSearchParams(body);
  document.querySelector(region).setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, isRead ? {} : { method: "POST", body: new URLSearchParams(body) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(region);
    if (!fresh) { location.assign(answer.url); return; }
    if (mine !== turn && isRead) return;
    document.querySelector(region).replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", answer.url);
    const toasts = page.querySelector("#toasts");
    if (!isRead) document.getElementById("toasts").replaceChildren(...document.adoptNode(toasts).children);
    document.getElementById(focus)?.focus();
    const search = document.activeElement;
    if (search?.type === "search") search.setSelectionRange(search.value.length, search.value.length);
  } catch {
    location.reload();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isUndo = form.closest("#toasts") && form.action.endsWith("/menu/undo");
  if (!form.matches("[data-swap]") && !isUndo) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.closest("dialog")?.close();
  swap(form, new FormData(form, event.submitter));
}, { capture: true });

// Searching while typing.
let typing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-swap][role=search]");
  if (!form || event.target.type !== "search") return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), 200);
});

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) for (const box of all.form.querySelectorAll("input[type=checkbox]")) box.checked = true;
});

/** Send a row to the place it has in the list now. */
function settle(row) {
  const list = row.parentElement;
  const handle = row.querySelector(".handle");
  const place = [...list.children].indexOf(row) + Number(list.dataset.first ?? 0);
  if (place === Number(handle.dataset.index)) return;
  announce(`${list.dataset.moved} ${place + 1}`);
  const body = new FormData(list.closest("form"));
  body.delete("product");
  body.set("act", `${handle.dataset.act}:${place}:${handle.dataset.subject}`);
  // Handles of products are named by their place, so that the focus stays on the row that moved.
  if (handle.id.startsWith("hp-")) {
    const other = document.getElementById(`hp-${place}`);
    if (other) other.id = "";
    handle.id = `hp-${place}`;
  }
  swap(list.closest("form"), body);
}

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.(".handle");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!handle || !step) return;
  event.preventDefault();
  const row = handle.closest("li");
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(row); else other.after(row);
  handle.focus();
  settle(row);
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle || event.button !== 0) return;
  const row = handle.closest("li");
  row.classList.add("dragged");
  handle.setPointerCapture(event.pointerId);
  // The others are moved around the row: one that is moved itself would lose the pointer.
  const middle = (one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; };
  const move = (at) => {
    while (row.nextElementSibling && at.clientY > middle(row.nextElementSibling)) row.before(row.nextElementSibling);
    while (row.previousElementSibling && at.clientY < middle(row.previousElementSibling)) row.after(row.previousElementSibling);
  };
  const end = () => {
    row.classList.remove("dragged");
    handle.removeEventListener("pointermove", move);
    settle(row);
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", end, { once: true });
});
