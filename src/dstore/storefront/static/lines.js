// The basket on a page: the server writes its lines and sums, this puts them in and hands back what is changed.

import { announce, toast } from "../web/app.js";
import { follow, load, save } from "./kept.js";
import { limit } from "./steps.js";

const wait = 250;

/** Show a store's basket in every place for it, and in the bar; `isSeen` says whether any place can be seen. */
export function showBasket(main, isSeen) {
  const page = { main, store: main.dataset.store, turn: 0, timer: 0, isSeen };
  const later = () => { clearTimeout(page.timer); page.timer = setTimeout(() => refresh(page), wait); };
  follow(page.store, later);
  for (const place of places(page)) listen(page, place);
  refresh(page);
}

const places = (page) => page.main.querySelectorAll("[data-basket-here]");

async function refresh(page) {
  const basket = load(page.store);
  bar(page, basket, "");
  if (!page.isSeen() && !basket.lines.length) return;
  const turn = ++page.turn;
  try {
    const answer = await fetch(page.main.dataset.basket, { method: "POST", body: JSON.stringify(basket) });
    if (turn !== page.turn) return;
    if (!answer.ok) { if (answer.status === 400) save(page.store, { lines: [] }, true); throw new Error(answer.status); }
    const text = await answer.text();
    if (turn === page.turn) fill(page, new DOMParser().parseFromString(text, "text/html").body);
  } catch { setTimeout(() => { if (turn === page.turn) refresh(page); }, 4000); }
}

function fill(page, fresh) {
  const whole = fresh.querySelector(".basket");
  const basket = load(page.store);
  bar(page, basket, whole?.dataset.total ?? "");
  for (const line of whole ? whole.querySelectorAll("[data-line]") : []) {
    const kept = basket.lines.find((one) => one.key === line.dataset.line);
    if (kept && !line.classList.contains("refused")) kept.seen = Number(line.dataset.amount);
  }
  save(page.store, basket, true);
  for (const place of places(page)) {
    const focus = focused(place);
    place.replaceChildren(...[...fresh.childNodes].map((one) => document.importNode(one, true)));
    for (const one of place.querySelectorAll("[data-stepper]")) limit(one);
    if (focus) place.querySelector(focus)?.focus();
  }
  const sum = whole?.querySelector("[data-sum-total]")?.textContent;
  if (sum && page.sum !== undefined && page.sum !== sum) announce(sum);
  page.sum = sum ?? "";
}

/** Return a selector for what has the focus in a place, so that it finds it again. */
function focused(place) {
  const at = place.contains(document.activeElement) ? document.activeElement : null;
  if (!at) return "";
  const line = at.closest("[data-line]");
  const own = ["data-step", "data-edit", "data-note", "data-distance"].find((one) => at.hasAttribute(one));
  const name = own ? `[${own}="${at.getAttribute(own)}"]` : at.name ? `[name="${at.name}"]` : "";
  return line && name ? `[data-line="${CSS.escape(line.dataset.line)}"] ${name}` : name;
}

function bar(page, basket, total) {
  const at = document.querySelector("[data-basket-bar]");
  if (!at) return;
  const pieces = basket.lines.reduce((sum, one) => sum + one.selection.quantity, 0);
  at.hidden = !pieces;
  document.body.classList.toggle("has-basket", !!pieces);
  at.querySelector("[data-pieces]").textContent = pieces;
  if (total || !pieces) at.querySelector("[data-total]").textContent = total;
}

function listen(page, place) {
  place.addEventListener("input", (event) => edit(page, event.target));
  place.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]");
    if (event.target.closest("[data-remove]")) remove(page, place, line);
    else if (event.target.closest("[data-edit]")) change(page, line);
  });
  place.addEventListener("submit", (event) => {
    if (event.target.matches("[data-quote]")) event.target.elements.basket.value = JSON.stringify(load(page.store));
  }, { capture: true });
}

function edit(page, input) {
  const basket = load(page.store);
  if (input.matches("[data-note]")) { basket.note = [...input.value].slice(0, 500).join(""); save(page.store, basket, true); return; }
  if (input.matches("[data-distance]")) basket.distance = Math.max(0, Math.min(1e6, Math.round(Number(input.value) * 1000) || 0));
  else {
    const line = basket.lines.find((one) => one.key === input.closest("[data-line]")?.dataset.line);
    const wanted = Math.trunc(Number(input.value));
    if (!line || !wanted) return;
    line.selection.quantity = Math.max(Number(input.min), Math.min(Number(input.max), wanted));
    line.seen = 0;
    limit(input.parentElement);
  }
  save(page.store, basket);
}

function remove(page, place, at) {
  const basket = load(page.store);
  const words = place.querySelector(".basket").dataset;
  const index = basket.lines.findIndex((one) => one.key === at.dataset.line);
  const [line] = basket.lines.splice(index, 1);
  save(page.store, basket);
  place.tabIndex = -1;
  place.focus();
  toast(words.removed.replace("{name}", at.dataset.name), { undoLabel: words.undo, undo: () => {
    const now = load(page.store);
    now.lines.splice(index, 0, line);
    save(page.store, now);
  } });
}

function change(page, at) {
  const line = load(page.store).lines.find((one) => one.key === at.dataset.line);
  const here = new URL(page.main.dataset.basket, location.href);
  here.pathname = here.pathname.replace(/basket$/, "item");
  const { item, menu = "", category = "" } = line.selection;
  for (const [name, value] of Object.entries({ item, menu, category, line: line.key, selection: JSON.stringify(line.selection) })) here.searchParams.set(name, value);
  page.main.dispatchEvent(new CustomEvent("sheet", { detail: here.href, cancelable: true })) && location.assign(here);
}
