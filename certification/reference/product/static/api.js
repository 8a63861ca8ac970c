"use strict";
const root = document.getElementById("root");
fetch(root.dataset.source)
  .then((answer) => answer.json())
  .then((workspaces) => {
    root.textContent = workspaces.map((workspace) => workspace.name).join(", ");
  });
