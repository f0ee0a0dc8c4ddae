// Pages used during service: counting down, choosing several, copying a day's hours. All of it also works without.
import { announce } from "../web/app.js";

// How long marks and closings still last: counted from when the page came, whatever the clock of this machine says.
let began = 0;
let clocks = [];
let ticking = 0;
const two = (number) => String(number).padStart(2, "0");

function tick() {
  const gone = (performance.now() - began) / 1000;
  let next = 60;
  for (const { at, seconds } of clocks) {
    const left = Math.ceil(seconds - gone);
    if (left <= 0) {
      at.textContent = "0:00";
      at.closest(".left").classList.add("over");
      reload();
      continue;
    }
    if (left >= 24 * 3600) continue;
    const hours = Math.floor(left / 3600);
    at.textContent = `${hours ? `${hours}:` : ""}${hours ? two(Math.floor(left / 60) % 60) : Math.floor(left / 60)}:${two(left % 60)}`;
    next = 1;
  }
  clearTimeout(ticking);
  if (clocks.length) ticking = setTimeout(tick, next * 1000);
}

function watch() {
  began = performance.now();
  clocks = [...document.querySelectorAll("time[data-left]")].map((at) => ({ at, seconds: Number(at.dataset.left) }));
  tick();
}

let reloading = false;
/** Show what holds now, unless somebody is about to do something. */
function reload() {
  const isBusy = document.querySelector("input[name=thing]:checked, form[data-guard].touched") || document.querySelector("dialog[open]");
  if (reloading || isBusy) return;
  reloading = true;
  setTimeout(() => location.reload(), 1200);
}
watch();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const marking = document.getElementById("marking");
if (marking) {
  const boxes = [...marking.querySelectorAll("input[name=thing]")];
  const all = marking.querySelector("[data-all-things]");
  const said = marking.querySelector("[data-chosen]");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    said.textContent = chosen ? said.dataset.words.replace("{n}", chosen) : "";
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const one of marking.querySelectorAll(".bulk-bar button")) one.disabled = !chosen;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); });
  marking.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
}

// Copying a day's hours to the others, in place; without script the form does it on the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-day]");
  if (!button) return;
  event.preventDefault();
  const form = button.form, from = button.dataset.copyDay;
  for (const row of form.querySelectorAll("[data-day]")) {
    for (const part of ["kind", "from1", "to1", "from2", "to2"]) {
      form.elements[`${row.dataset.day}-${part}`].value = form.elements[`${from}-${part}`].value;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements[`${from}-kind`].dispatchEvent(new Event("input", { bubbles: true }));
  form.classList.add("touched");
  announce(button.dataset.said);
  const note = form.querySelector("[data-unsaved]");
  if (note) note.hidden = false;
});

// A day that is split from one long period gets a gap, so that its two periods do not overlap.
document.addEventListener("change", (event) => {
  const day = event.target.closest("[data-day]")?.dataset.day;
  if (!day || event.target.value !== "split") return;
  const { [`${day}-from1`]: from, [`${day}-to1`]: to, [`${day}-from2`]: second } = event.target.form.elements;
  if (from.value < "14:00" && "14:00" < second.value && (to.value > second.value || to.value <= from.value)) to.value = "14:00";
});

// What was typed is not lost when the server finds something wrong with it: only a page that follows replaces this one.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-guard]") || event.defaultPrevented || form.enctype !== "application/x-www-form-urlencoded") return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button.primary");
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("toasts");
    if (!answer.ok || !said) { location.assign(answer.url); return; }
    document.getElementById("toasts").replaceChildren(...document.adoptNode(said).children);
    if (document.querySelector("#toasts .toast.bad")) { form.dispatchEvent(new Event("input", { bubbles: true })); return; }
    const name = button.name, place = window.scrollY;
    document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
    history.replaceState(null, "", answer.url);
    window.scrollTo(0, place);
    document.querySelector(`form[data-guard] button.primary${name ? `[name="${name}"]` : ""}`)?.focus({ preventScroll: true });
    watch();
  } catch {
    location.reload();
  } finally {
    button.removeAttribute("aria-busy");
  }
}, { capture: true });

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (!form) return;
  form.classList.add("touched");
  const note = form.querySelector("[data-unsaved]");
  if (note) note.hidden = false;
});

// One more row of a list whose rows the server left empty.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-next-row]");
  if (!button) return;
  const hidden = document.querySelector(`${button.dataset.nextRow}[hidden]`);
  if (!hidden) return;
  hidden.hidden = false;
  hidden.querySelector("input").focus();
  if (!document.querySelector(`${button.dataset.nextRow}[hidden]`)) button.hidden = true;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
