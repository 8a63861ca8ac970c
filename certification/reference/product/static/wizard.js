"use strict";
for (const form of document.querySelectorAll("form[data-wizard]")) {
  const panes = [...form.querySelectorAll(".pane")];
  panes.forEach((pane, number) => {
    const go = () => {
      if (![...pane.querySelectorAll("input")].every((input) => input.reportValidity())) return;
      pane.hidden = true;
      panes[number + 1].hidden = false;
      panes[number + 1].querySelector("input").focus();
    };
    pane.querySelector("button[type=button]")?.addEventListener("click", go);
    pane.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || number === panes.length - 1) return;
      event.preventDefault();
      go();
    });
  });
}
