"use strict";
// Search, filter, folding, copying, links into what is folded or filtered away, and the evidence on demand.
// Whatever was recorded is shown as text only.
(() => {
  const report = document.getElementById("pc-report");
  document.documentElement.lang = report.lang;
  // pytest-html puts the order of its table into the address of the page when it loads; it is nobody's wish.
  history.pushState = () => {};
  addEventListener("DOMContentLoaded", () => delete history.pushState);

  const search = document.getElementById("pc-search");
  const entries = [...report.querySelectorAll(".pc-entry")];
  const groups = [...report.querySelectorAll(".pc-group")];
  const sections = [...report.querySelectorAll(".pc-section")];
  const texts = new Map();

  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
    return texts.get(entry);
  };

  // Rows about which nothing is left to do are folded away until somebody asks for them.
  const unfolders = [...report.querySelectorAll(".pc-unfold")];
  const folds = (button) => button.getAttribute("aria-expanded") === "false";
  const fold = (button, away) => {
    const group = button.closest(".pc-group");
    button.setAttribute("aria-expanded", String(!away));
    button.textContent = button.textContent.replace(/^(show|hide)/, away ? "show" : "hide");
    for (const row of group.querySelectorAll(".pc-quiet")) row.classList.toggle("pc-folded", away);
  };

  const filter = () => {
    const words = search.elements.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = search.elements.verdict.value;
    const endpoint = search.elements.endpoint.value;
    const looking = Boolean(words.length || verdict || endpoint);
    report.classList.toggle("pc-looking", looking);
    const shown = {};
    for (const entry of entries) {
      const { kind, verdict: own, endpoints } = entry.dataset;
      const fits =
        (!verdict || own === verdict) &&
        (!endpoint || endpoints.split(" ").includes(endpoint)) &&
        words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits;
      shown[kind] = shown[kind] || [0, 0];
      shown[kind][0] += fits ? 1 : 0;
      shown[kind][1] += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(".pc-entry:not([hidden])");
    if (looking) {
      for (const section of sections) if (section.querySelector(".pc-entry:not([hidden])")) section.open = true;
    }
    search.elements.shown.value = looking
      ? Object.entries(shown)
          .map(([kind, [some, all]]) => `${some} of ${all} ${kind}`)
          .join(", ")
      : "";
  };

  const follow = () => {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (!target || !report.contains(target)) return;
    const entry = target.closest(".pc-entry");
    if (entry && entry.hidden) {
      search.reset();
      filter();
    }
    if (target.classList.contains("pc-folded")) fold(target.closest(".pc-group").querySelector(".pc-unfold"), false);
    for (let at = target; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    target.scrollIntoView();
  };

  for (const button of unfolders) {
    button.hidden = false;
    fold(button, true);
    button.addEventListener("click", () => fold(button, !folds(button)));
  }

  // Copying: the clipboard where the browser allows it, else the text is selected for the reader.
  for (const button of report.querySelectorAll(".pc-copy")) {
    const label = button.textContent;
    const source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        source.closest("details").open = true;
        getSelection().selectAllChildren(source);
        button.textContent = document.execCommand("copy") ? "Copied" : "Selected; copy it with the keyboard";
      }
      setTimeout(() => (button.textContent = label), 2000);
    });
  }

  // On paper the certificate and the findings are complete, however they were folded on the screen.
  const printed = [...report.querySelectorAll("details[data-print]")];
  const folded = new Set();
  addEventListener("beforeprint", () => {
    for (const each of printed) {
      if (!each.open) folded.add(each);
      each.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
    folded.clear();
  });

  const table = document.getElementById("pc-frame");
  table.hidden = false;
  table.addEventListener("click", () => {
    const shown = document.documentElement.classList.toggle("pc-their-table");
    table.setAttribute("aria-expanded", String(shown));
    table.textContent = table.textContent.replace(/^(Show|Hide)/, shown ? "Hide" : "Show");
  });

  search.hidden = false;
  search.addEventListener("input", filter);
  search.addEventListener("change", filter);
  // The fields are emptied only after this event.
  search.addEventListener("reset", () => setTimeout(filter));
  search.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  addEventListener("load", follow);
  filter();

  // The evidence: one line of JSON for each call, compressed, unpacked when somebody wants to see it.
  const PAGE = 25;
  const evidence = document.getElementById("pc-evidence");
  const packed = document.getElementById("pc-packed");
  const opener = evidence.querySelector("button");
  const query = document.getElementById("pc-evidence-search");
  const list = document.getElementById("pc-evidence-list");
  let calls = [];
  let found = [];
  let first = 0;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const message = (head, headers, body) =>
    [head, ...headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\n").trimEnd();

  const answerOf = (call) => (call.failure ? `no answer (${call.failure})` : String(call.status));

  const callView = (call) => {
    const box = element("details");
    const title = `${call.case} · ${call.step} · ${call.method} ${call.url} → ${answerOf(call)} · ${call.milliseconds} ms`;
    box.append(element("summary", title));
    box.addEventListener(
      "toggle",
      () => {
        const pair = element("div", undefined, "pc-pair");
        const sent = element("div");
        sent.append(element("h4", "Request"), element("pre", message(`${call.method} ${call.url}`, call.sent, call.body)));
        const came = element("div");
        came.append(element("h4", "Answer"), element("pre", message(answerOf(call), call.received, call.text)));
        pair.append(sent, came);
        const remarks = [`execution ${call.execution}`, call.kind, call.started, ...call.remarks].join(" · ");
        box.append(element("p", remarks, "pc-soft"), pair);
      },
      { once: true },
    );
    return box;
  };

  const show = () => {
    list.replaceChildren(...found.slice(first, first + PAGE).map(callView));
    const last = Math.min(first + PAGE, found.length);
    query.elements.shown.value = found.length
      ? `calls ${first + 1} to ${last} of ${found.length} that fit, ${calls.length} in this page`
      : `no call fits, ${calls.length} in this page`;
    query.elements.back.disabled = first === 0;
    query.elements.on.disabled = last >= found.length;
  };

  const seek = () => {
    const words = query.elements.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    found = calls.filter((call) => {
      call.all ??= [call.case, call.step, call.kind, call.method, call.url, answerOf(call), call.body, call.text]
        .join("\n")
        .toLowerCase();
      return words.every((word) => call.all.includes(word));
    });
    first = 0;
    show();
  };

  const unpack = async () => {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const text = await new Response(stream).text();
    calls = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  };

  opener.hidden = false;
  opener.addEventListener("click", async () => {
    opener.disabled = true;
    try {
      await unpack();
    } catch {
      evidence.querySelector("[role=status]").textContent =
        "This browser cannot unpack the evidence; read the files in the folder evidence/, or open evidence.har.";
      return;
    }
    opener.hidden = true;
    query.hidden = false;
    seek();
    query.elements.words.focus();
  });
  query.addEventListener("input", seek);
  query.addEventListener("submit", (event) => event.preventDefault());
  query.elements.back.addEventListener("click", () => {
    first = Math.max(0, first - PAGE);
    show();
  });
  query.elements.on.addEventListener("click", () => {
    first += PAGE;
    show();
  });
})();
