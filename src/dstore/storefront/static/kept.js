// The basket, kept in the browser for each store; and the table that a QR code named, for as long as the tab is open.

const memory = new Map();
const most = 100;

function place(store) { return `dstore.basket.${store}`; }

/** Return a store's basket: lines (key, selection, seen, name), note, distance in metres. */
export function load(store) {
  let text = memory.get(store);
  try { text = localStorage.getItem(place(store)) ?? text; } catch { /* storage is switched off */ }
  try {
    const known = JSON.parse(text);
    if (Array.isArray(known.lines)) return { note: "", distance: 0, ...known };
  } catch { /* nothing is kept, or something else */ }
  return { lines: [], note: "", distance: 0 };
}

/** Keep a store's basket; pages of the store hear of it unless `quietly`. */
export function save(store, basket, quietly = false) {
  const text = JSON.stringify({ ...basket, lines: basket.lines.slice(0, most) });
  memory.set(store, text);
  try { localStorage.setItem(place(store), text); } catch { /* kept until the page is left */ }
  if (!quietly) document.dispatchEvent(new CustomEvent("basket"));
}

/** Put a selection into the basket, in place of the line `key` if there is one; equal ones become one line. */
export function put(store, name, selection, key, most) {
  const basket = load(store);
  const same = (line) => line.key !== key && sign(line.selection) === sign(selection);
  const twin = basket.lines.find(same);
  if (twin) {
    twin.selection.quantity = Math.min(most, twin.selection.quantity + selection.quantity);
    twin.seen = 0;
    basket.lines = basket.lines.filter((line) => line.key !== key);
  } else {
    const line = { key: key || Math.random().toString(36).slice(2, 12), selection, seen: 0, name: [...name].slice(0, 255).join("") };
    const at = basket.lines.findIndex((one) => one.key === key);
    if (at < 0) basket.lines.push(line);
    else basket.lines[at] = line;
  }
  save(store, basket);
}

function sign(selection) { return JSON.stringify({ ...selection, quantity: 0 }); }

/** Call a function when another tab changes the basket. */
export function follow(store, job) {
  addEventListener("storage", (event) => { if (event.key === place(store)) job(); });
  document.addEventListener("basket", job);
}

/** Remember the table of the address; go back to it when an address without one is opened in the same tab. */
export function keepTable(main) {
  const at = `dstore.table.${main.dataset.store}`;
  const here = new URL(location.href);
  try {
    if (main.dataset.table) { sessionStorage.setItem(at, main.dataset.table); return; }
    const known = sessionStorage.getItem(at);
    if (!known || here.searchParams.has("table")) return;
    here.searchParams.set("table", known);
    location.replace(here);
  } catch { /* storage is switched off */ }
}

/** Forget the table: the diner has left it. */
export function leaveTable(store) {
  try { sessionStorage.removeItem(`dstore.table.${store}`); } catch { /* nothing was kept */ }
}
