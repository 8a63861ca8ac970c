"use strict";
const cover = document.querySelector(".cover");
cover.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => cover.remove()));
cover.querySelector("button").focus();
