"use strict";
const banner = document.getElementById("cookies");
for (const button of banner ? banner.querySelectorAll("button") : []) {
  button.addEventListener("click", () => {
    document.cookie = "consent=given; path=/; samesite=lax";
    banner.remove();
  });
}
banner?.querySelector("button").focus();
