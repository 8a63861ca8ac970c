"use strict";
// As a page that has to load three seconds' worth of scripts before it shows anything.
setTimeout(() => {
  const late = document.getElementById("late");
  late.replaceWith(late.content.cloneNode(true));
  document.getElementById("waiting").remove();
}, 3000);
