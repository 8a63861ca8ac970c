"use strict";
const opener = document.querySelector(".drawn-list");
const list = document.getElementById("countries");
const open = (on) => {
  list.hidden = !on;
  opener.setAttribute("aria-expanded", on);
  if (on) list.firstElementChild.focus();
};
const choose = (option) => {
  document.getElementById("country-value").textContent = option.textContent;
  document.querySelector("[name=c]").value = option.textContent;
  open(false);
  opener.focus();
};
opener.addEventListener("click", () => open(list.hidden));
list.addEventListener("click", (event) => choose(event.target));
list.addEventListener("keydown", (event) => {
  if (event.key === "Enter") choose(event.target);
  if (event.key === "ArrowDown") event.target.nextElementSibling?.focus();
  if (event.key === "ArrowUp") event.target.previousElementSibling?.focus();
});
