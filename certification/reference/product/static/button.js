"use strict";
document.querySelector("[data-submit]").addEventListener("click", (event) => event.target.closest("form").requestSubmit());
