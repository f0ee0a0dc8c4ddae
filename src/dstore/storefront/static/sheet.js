// Pages shown as a sheet above the menu. Each has its own address, and is a whole page where there is no script.

import { setUp } from "./form.js";
import { toast } from "../web/app.js";

const dialog = document.getElementById("sheet");
const hold = dialog.querySelector(".hold");
const known = new Map();
let turn = 0;

/** Let links with data-sheet open as sheets. */
export function sheets(main) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link.href);
  });
  // A page that is about to be asked for is on its way before the finger is up.
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (link) fetched(link.href).catch(() => {});
  });
  main.addEventListener("sheet", (event) => { event.preventDefault(); open(event.detail); });
  dialog.addEventListener("close", () => {
    turn++;
    hold.replaceChildren();
    if (history.state?.sheet) history.back();
  });
  addEventListener("popstate", () => { if (dialog.open && !history.state?.sheet) dialog.close(); });
  if (history.state?.sheet) history.replaceState(null, "");
}

function fetched(address) {
  if (!known.has(address)) {
    known.set(address, fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }));
    setTimeout(() => known.delete(address), 3000);
  }
  return known.get(address);
}

async function open(address) {
  const mine = ++turn;
  dialog.classList.add("loading");
  if (!dialog.open) { dialog.showModal(); history.pushState({ sheet: true }, "", address); }
  try {
    const page = new DOMParser().parseFromString(await fetched(address), "text/html");
    if (mine !== turn) return;
    fill(page.getElementById("main"));
  } catch {
    if (mine === turn) location.assign(address);
  }
}

function fill(main) {
  hold.className = `hold ${main.className.replace("inner", "")}`;
  hold.replaceChildren(...[...main.childNodes].map((one) => document.importNode(one, true)));
  dialog.classList.remove("loading");
  dialog.setAttribute("aria-label", hold.querySelector("h1")?.textContent ?? "");
  dialog.scrollTop = 0;
  const form = hold.querySelector("form[data-item]");
  if (form) setUp(form, (_form, text) => { dialog.close(); toast(text); });
}
