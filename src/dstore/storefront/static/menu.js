// The menu page: sheets, the basket beside it, search, and the category in view.

import { keepTable, leaveTable } from "./kept.js";
import { showBasket } from "./lines.js";
import { sheets } from "./sheet.js";

const main = document.getElementById("main");
const wide = matchMedia("(min-width: 64rem)");
keepTable(main);
sheets(main);
showBasket(main, () => wide.matches);
wide.addEventListener("change", () => document.dispatchEvent(new CustomEvent("basket")));
document.querySelector("[data-leave-table]")?.addEventListener("click", () => leaveTable(main.dataset.store));

const tabs = new Map([...document.querySelectorAll(".jump nav a")].map((one) => [one.hash.slice(1), one]));
if (tabs.size) {
  const strip = document.querySelector(".jump nav ul");
  const seen = new Set();
  const spy = new IntersectionObserver((entries) => {
    for (const one of entries) seen[one.isIntersecting ? "add" : "delete"](one.target.id);
    const first = [...tabs.keys()].find((name) => seen.has(name));
    if (!first) return;
    for (const [name, tab] of tabs) {
      if (name !== first) { tab.removeAttribute("aria-current"); continue; }
      if (tab.hasAttribute("aria-current")) continue;
      tab.setAttribute("aria-current", "true");
      strip.scrollTo({ left: tab.offsetLeft - strip.clientWidth / 3 });
    }
  }, { rootMargin: "-140px 0px -60% 0px" });
  for (const section of document.querySelectorAll(".section")) spy.observe(section);
}

const find = document.getElementById("find");
let texts = null;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function search() {
  texts ??= [...document.querySelectorAll(".section .dish")].map((one) => [one, plain(one.textContent)]);
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  let number = 0;
  for (const [dish, text] of texts) {
    const fits = words.every((word) => text.includes(word));
    if (dish.hidden === fits) dish.hidden = !fits;
    number += fits;
  }
  // A batch that is out of view has the height of all its dishes, found or not.
  main.classList.toggle("searched", words.length > 0);
  for (const batch of document.querySelectorAll(".section .dishes")) batch.hidden = !batch.querySelector(".dish:not([hidden])");
  for (const section of document.querySelectorAll(".section")) section.hidden = !section.querySelector(".dish:not([hidden])");
  for (const one of document.querySelectorAll("[data-aside]")) one.hidden = words.length > 0;
  document.getElementById("nothing").hidden = number > 0;
  const { one, many, none } = document.getElementById("found").dataset;
  document.getElementById("found").textContent = !words.length ? "" : number === 0 ? none : number === 1 ? one : many.replace("{n}", number);
}
find?.addEventListener("input", search);
