"use strict";
// One address for all: the part behind # says which view is shown.
const app = document.getElementById("app");
const show = (nodes, route) => {
  app.replaceChildren(...nodes);
  location.hash = route;
};
app.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const again = page.getElementById("first");
  page.querySelectorAll("script, .skip").forEach((node) => node.remove());
  show(again ? again.content.children : page.body.children, answer.ok ? "#/home" : "#/sign-up");
  document.title = page.title;
});
show([document.getElementById("first").content.cloneNode(true)], "#/sign-up");
