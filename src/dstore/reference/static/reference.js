// Copy buttons for samples. Without this script the page is complete; text is then selected by hand.
"use strict";

function selectAndCopy(code) {
  const range = document.createRange();
  range.selectNodeContents(code);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand("copy");
}

async function copy(code) {
  // The clipboard is only there on https and on this very machine.
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      return selectAndCopy(code);
    }
  }
  return selectAndCopy(code);
}

for (const box of document.querySelectorAll(".code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    button.textContent = (await copy(box.querySelector("code"))) ? "Copied" : "Selected";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  box.append(button);
}
