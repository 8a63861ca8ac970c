"use strict";
document.querySelector("#analytics").dataset.page = location.pathname;
