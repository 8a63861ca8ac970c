"use strict";
const opener = document.querySelector(".opener");
opener.addEventListener("click", () => {
  const menu = document.getElementById("more");
  menu.hidden = !menu.hidden;
  opener.setAttribute("aria-expanded", !menu.hidden);
});
