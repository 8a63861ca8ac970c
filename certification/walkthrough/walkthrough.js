// What a script makes more comfortable: answers are kept while they are typed, a page opens by itself after Connect,
// and pictures can be dropped and pasted.  Everything but pictures works without it.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("answers");
  const soon = 400;

  const narrow = matchMedia("(max-width: 46rem)");
  const cases = byId("all-cases");
  if (cases && narrow.matches) cases.open = false;

  // What is long, and what an icon that is not there leaves behind.
  const tidy = () => {
    if (narrow.matches) for (const call of document.querySelectorAll("#calls details")) call.open = false;
    const icon = document.querySelector(".tile img");
    if (!icon) return;
    const letter = () => {
      const shown = document.createElement("div");
      shown.className = "letter";
      shown.setAttribute("aria-hidden", "true");
      shown.textContent = icon.dataset.letter;
      icon.replaceWith(shown);
    };
    if (icon.complete && !icon.naturalWidth) letter();
    else icon.addEventListener("error", letter);
  };
  tidy();

  const notice = byId("notice");
  if (notice) notice.focus();

  const say = (text) => {
    const status = byId("status");
    if (status) status.textContent = text;
  };

  const complain = (text, more) => {
    let place = byId("trouble");
    if (!place) {
      place = document.createElement("div");
      place.id = "trouble";
      place.className = "notice bad";
      place.setAttribute("role", "alert");
      byId("main").prepend(place);
    }
    place.replaceChildren();
    const words = document.createElement("p");
    words.textContent = text;
    place.append(words);
    for (const [label, act] of more || []) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", act);
      place.append(button, " ");
    }
    place.scrollIntoView({ block: "nearest" });
  };
  const settle = () => byId("trouble")?.remove();

  const send = async (address, body, more) => {
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, ...more });
    } catch {
      return { ok: false, status: 0, facts: { message: "The command that serves this page does not answer. Is it still running? What you entered stays here." } };
    }
    let facts = {};
    try {
      facts = await answer.json();
    } catch {
      facts = { message: "This page is out of date. Load it again." };
    }
    return { ok: answer.ok, status: answer.status, facts };
  };

  // Parts of the page that follow from what was done are fetched again; what somebody is typing is left alone.
  const refresh = async () => {
    let text;
    try {
      text = await (await fetch(location.pathname)).text();
    } catch {
      return;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const focused = document.activeElement?.id;
    for (const id of ["cases", "count", "steps", "calls", "pictures"]) {
      const now = byId(id);
      const then = fresh.getElementById(id);
      if (now && then) now.replaceChildren(...then.childNodes);
    }
    tidy();
    if (focused && document.activeElement === document.body) {
      const target = byId(focused);
      if (target && !target.disabled) target.focus();
      else focusNext();
    }
  };
  const focusNext = () => {
    for (const id of ["connect", "prepare", "open-page", "seen-0"]) {
      const target = byId(id);
      if (target && !target.disabled) {
        target.focus();
        return;
      }
    }
  };

  // Calls: the button shows that something goes on, and is pressed once only.
  const MAX_WAIT = 4000; // after that a browser no longer lets a script open a tab for a click
  let calling = false;
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    if (!(sent instanceof HTMLFormElement) || sent.dataset.calls === undefined) return;
    event.preventDefault();
    if (calling) return;
    calling = true;
    const button = event.submitter;
    const data = new URLSearchParams(new FormData(sent, button));
    say(`${sent.dataset.calls} …`);
    button?.setAttribute("aria-busy", "true");
    const began = performance.now();
    try {
      const { ok, facts } = await send(sent.action, data);
      if (!ok) {
        complain(facts.message);
        say("");
        return;
      }
      settle();
      const quick = performance.now() - began < MAX_WAIT;
      if (facts.go && quick) window.open(facts.go, "_blank", "noopener,noreferrer");
      await refresh();
      say(facts.go ? (quick ? "Your product was opened in a new tab." : "Your product answered. Press Open the page.") : "Done.");
      if (facts.go && !quick) byId("open-page")?.focus();
    } finally {
      calling = false;
      button?.removeAttribute("aria-busy");
    }
  });

  if (!form) return;

  // Answers
  // Each save goes out at once, also while the page is being closed; the server knows by editor and turn which is newer.
  const ROOM = 60000; // bytes that a browser still sends for a page that is gone
  byId("editor").value = crypto.randomUUID();
  let turn = 0;
  let waiting = 0;
  let saving = Promise.resolve();
  let changed = false;
  const save = () => {
    clearTimeout(waiting);
    if (!changed) return saving;
    changed = false;
    turn += 1;
    byId("turn").value = turn;
    const mine = turn;
    const body = new URLSearchParams(new FormData(form));
    say("Saving …");
    saving = send(form.dataset.save, body, { keepalive: body.toString().length < ROOM }).then(({ ok, status, facts }) => {
      if (mine !== turn) return;
      if (ok) {
        byId("version").value = facts.version;
        byId("status").dataset.saved = facts.version;
        settle();
        say("Saved.");
        return;
      }
      changed = status !== 409;
      say("Not saved.");
      const more = status === 409 && facts.version ? [
        ["Show what is there now", () => location.assign(location.pathname)],
        ["Keep mine instead", () => { byId("version").value = facts.version; changed = true; save(); }],
      ] : [["Try again", () => { changed = true; save(); }]];
      complain(facts.message, more);
    });
    return saving;
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    clearTimeout(waiting);
    if (event.target.type === "radio") save();
    else waiting = setTimeout(save, soon);
  });
  form.addEventListener("focusout", save);
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready || event.defaultPrevented) return;
    event.preventDefault();
    await save();
    // Not from inside the event: a form that is being submitted cannot be submitted once more.
    await new Promise((go) => setTimeout(go));
    if (byId("trouble")) return;
    ready = true;
    form.requestSubmit(event.submitter);
  });

  // Pictures
  const drop = byId("drop");
  const add = async (files) => {
    for (const file of files) {
      say("Keeping the picture …");
      const { ok, facts } = await send(drop.dataset.picture, file, { headers: { Accept: "application/json", "Content-Type": "application/octet-stream" } });
      if (!ok) {
        complain(facts.message);
        say("The picture was not kept.");
        return;
      }
    }
    settle();
    await refresh();
    say("The picture is kept.");
  };
  byId("file").addEventListener("change", async (event) => {
    await add(event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  });
})();
