"use strict";
for (const box of document.querySelectorAll("[contenteditable][data-name]")) {
  box.addEventListener("input", () => (box.nextElementSibling.value = box.textContent));
}
