"use strict";
const box = document.querySelector(".drawn");
const turn = () => {
  const on = box.getAttribute("aria-checked") !== "true";
  box.setAttribute("aria-checked", on);
  document.querySelector("[name=accepted]").value = on ? "yes" : "";
  document.querySelector("form button").disabled = !on;
};
box.addEventListener("click", turn);
document.getElementById("drawn-label").addEventListener("click", turn);
box.addEventListener("keydown", (event) => {
  if (event.key !== " ") return;
  event.preventDefault();
  turn();
});
