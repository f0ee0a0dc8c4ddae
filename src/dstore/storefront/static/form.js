// The form of an item: what is chosen, what is missing, what it costs. The server's rules and prices are the ones that count.

import { put } from "./kept.js";
import { limit } from "./steps.js";

const wait = 200;
let radios = 0;

/** Bring a form to life; `done(form)` is called when its item is in the basket. */
export function setUp(form, done) {
  const templates = new Map();
  for (const one of form.parentElement.querySelectorAll("template[data-template]")) templates.set(one.dataset.template, one);
  const state = { form, templates, words: JSON.parse(form.dataset.words), skus: JSON.parse(form.dataset.skus), turn: 0, timer: 0 };
  const changed = (event) => {
    const group = event.target.closest("fieldset[data-group]");
    if (group) settle(state, group, event.target);
    show(state);
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => { event.preventDefault(); send(state, done); });
  for (const group of form.querySelectorAll("fieldset[data-group]")) settle(state, group);
  show(state);
  form.dataset.ready = "";
}

const options = (group) => group.querySelectorAll(":scope > ul > li");
const field = (option) => option.querySelector(":scope > .pick input");
const groups = (place) => place.querySelectorAll(":scope > fieldset[data-group]");

function count(option) {
  const input = field(option);
  if (input.disabled && !input.checked) return 0;
  return input.type === "number" ? Math.max(0, Math.min(Number(input.max), Math.trunc(Number(input.value)) || 0)) : Number(input.checked);
}

const total = (group) => [...options(group)].reduce((sum, one) => sum + count(one), 0);

/** Hold a group to its limit, and show what follows from each option chosen. */
function settle(state, group, touched = null) {
  const most = Number(group.dataset.max);
  if (most === 1 && touched?.type === "checkbox" && touched.checked) {
    for (const one of options(group)) if (field(one) !== touched) field(one).checked = false;
  }
  let left = most - total(group);
  if (left < 0 && touched?.type === "number") { touched.value = Math.max(0, Number(touched.value) + left); left = 0; }
  for (const one of options(group)) {
    const input = field(one);
    if (one.classList.contains("off")) continue;
    if (input.type === "number") limit(input.parentElement, Number(input.value) + left);
    else if (input.type === "checkbox" && most > 1) input.disabled = left <= 0 && !input.checked;
    unfold(state, one);
  }
}

function unfold(state, option) {
  const place = option.querySelector(":scope > .nested");
  const names = option.dataset.groups ? JSON.parse(option.dataset.groups) : [];
  const isChosen = count(option) > 0;
  option.classList.toggle("chosen", isChosen);
  if (!isChosen) { place.replaceChildren(); return; }
  if (place.childElementCount || !names.length) return;
  for (const one of names) {
    const copy = state.templates.get(one)?.content.firstElementChild.cloneNode(true);
    if (!copy) continue;
    const own = `r${++radios}`;
    for (const radio of copy.querySelectorAll("input[type=radio]")) radio.name = own;
    place.append(copy);
    settle(state, copy);
  }
}

function chosen(place) {
  return [...groups(place)].flatMap((group) => [...options(group)].filter((one) => count(one) > 0).map((one) => ({
    group: group.dataset.group, option: one.dataset.option, quantity: count(one), options: chosen(one.querySelector(":scope > .nested")),
  })));
}

function cost(place) {
  let sum = 0;
  for (const group of groups(place)) {
    for (const one of options(group)) {
      const pieces = count(one);
      if (pieces) sum += pieces * (Number(one.dataset.price) + Number(one.dataset.fee) + cost(one.querySelector(":scope > .nested")));
    }
  }
  return sum;
}

/** Return the variant that the chosen values make; undefined while a value is missing or nothing has them all. */
function variant(state) {
  const values = [...state.form.querySelectorAll("[data-property]")].map((one) => [one.dataset.property, one.querySelector("input:checked")?.value]);
  for (const one of state.form.querySelectorAll("[data-property]")) {
    const others = values.filter(([key, value]) => key !== one.dataset.property && value !== undefined);
    for (const input of one.querySelectorAll("input")) {
      const fits = state.skus.some((sku) => sku.available && sku.properties[one.dataset.property] === input.value
        && others.every(([key, value]) => sku.properties[key] === value));
      input.parentElement.classList.toggle("off", !fits);
    }
  }
  return state.skus.find((sku) => values.every(([key, value]) => sku.properties[key] === value));
}

/** Return the first thing that keeps the item from being ordered: where it is, and what to say. */
function fault(state) {
  for (const one of state.form.querySelectorAll("fieldset.group")) {
    const name = one.dataset.name;
    if (one.dataset.property !== undefined) {
      if (!one.querySelector("input:checked")) return { at: one, text: state.words.variant.replace("{name}", name) };
      continue;
    }
    const lacking = Number(one.dataset.min) - total(one);
    if (lacking > 0) return { at: one, text: state.words.need.replace("{n}", lacking).replace("{name}", name) };
    if (total(one) > Number(one.dataset.max)) return { at: one, text: state.words.many.replace("{n}", one.dataset.max).replace("{name}", name) };
  }
  const sku = state.skus.length ? variant(state) : null;
  if (sku !== null && !sku?.available) return { at: state.form.querySelector("[data-property]"), text: state.words.gone };
  return null;
}

function selection(state) {
  const { form } = state;
  const sku = state.skus.length ? variant(state) : null;
  return {
    item: form.dataset.item, ...(sku ? { sku: sku.id } : {}), quantity: quantity(form),
    menu: form.dataset.menu, category: form.dataset.category, options: chosen(form.querySelector(".choose")),
  };
}

function quantity(form) {
  const input = form.elements.quantity;
  return Math.max(Number(input.min), Math.min(Number(input.max), Math.trunc(Number(input.value)) || 1));
}

/** Write an amount, given in the smallest unit. */
function written(form, amount) {
  // As the server writes nothing: its sign and its decimals are the currency's.
  const [, decimals = ""] = /0(?:\D(0+))?/.exec(form.dataset.zero);
  const digits = decimals.length;
  const number = (amount / 10 ** digits).toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return form.dataset.zero.replace(/0(?:\D0+)?/, number);
}

function show(state) {
  const { form, words } = state;
  limit(form.elements.quantity.parentElement);
  for (const one of form.querySelectorAll("fieldset.group")) {
    const badge = one.querySelector(":scope > legend [data-state]");
    const isDone = one.dataset.property === undefined ? total(one) >= Number(one.dataset.min) : one.querySelector("input:checked");
    if (badge) { badge.textContent = isDone ? words.done : words.required; badge.classList.toggle("good", !!isDone); badge.classList.toggle("accent", !isDone); }
    if (isDone) one.querySelector(":scope > [data-fault]").hidden = true;
  }
  const button = form.querySelector("[data-add]");
  const wrong = fault(state);
  if (!button.disabled) {
    form.querySelector("[data-add-text]").textContent = wrong ? wrong.text : form.dataset.line ? words.save : words.add;
    button.classList.toggle("waiting", !!wrong);
  }
  if (!form.dataset.zero) return;
  const sku = state.skus.length ? variant(state) : null;
  const each = (sku ? sku.price : Number(form.dataset.base)) + Number(form.dataset.fee) + cost(form.querySelector(".choose"));
  form.querySelector("[data-sum]").textContent = wrong ? "" : written(form, each * quantity(form));
  clearTimeout(state.timer);
  if (!wrong && !button.disabled) state.timer = setTimeout(() => ask(state), wait);
}

/** Ask the server what it costs, and believe it. */
async function ask(state) {
  const turn = ++state.turn;
  try {
    const answer = await fetch(state.form.dataset.priceAt, { method: "POST", body: JSON.stringify({ selections: [selection(state)] }) });
    const price = await answer.json();
    if (turn !== state.turn || !state.form.isConnected) return;
    if (answer.ok) {
      state.form.querySelector("[data-sum]").textContent = written(state.form, price.total);
      state.form.dataset.priced = price.total;
    } else if (answer.status === 422) say(state, price.refusals[0].text);
  } catch { if (turn === state.turn) say(state, state.words.failed); }
}

function say(state, text) { state.form.querySelector("[data-say]").textContent = text; }

function send(state, done) {
  const { form, words } = state;
  const wrong = fault(state);
  if (wrong) {
    const place = wrong.at.querySelector(":scope > [data-fault]");
    place.textContent = wrong.text;
    place.hidden = false;
    const input = wrong.at.querySelector("input:not(:disabled)") ?? wrong.at;
    input.focus();
    wrong.at.scrollIntoView({ block: "nearest" });
    say(state, wrong.text);
    return;
  }
  put(form.dataset.store, form.dataset.name, selection(state), form.dataset.line, Number(form.elements.quantity.max));
  done(form, words.added.replace("{name}", form.dataset.name));
}
