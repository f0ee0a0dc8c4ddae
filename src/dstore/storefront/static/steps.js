// Numbers with a button on each side: one listener for all of a page.

/** Set a number's buttons to what is still possible; `most` may be less than the field's own. */
export function limit(stepper, most = Infinity) {
  const input = stepper.querySelector("input");
  if (input.disabled) return;
  const [less, more] = stepper.querySelectorAll("[data-step]");
  less.disabled = Number(input.value) <= Number(input.min);
  more.disabled = Number(input.value) >= Math.min(Number(input.max), most);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.parentElement.querySelector("input");
  const wanted = Number(input.value || 0) + Number(button.dataset.step);
  input.value = Math.max(Number(input.min), Math.min(Number(input.max), wanted));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  // A button that has reached its end must not lose the focus to nowhere.
  if (button.disabled) input.focus();
});
