"use strict";
// Search, filter, links into filtered parts, and the evidence on demand.  Whatever was recorded is shown as text only.
(() => {
  const report = document.getElementById("pc-report");
  document.documentElement.classList.add("pc-script");
  document.documentElement.lang = report.lang;
  const search = document.getElementById("pc-search");
  const entries = [...report.querySelectorAll(".pc-entry")];
  const groups = [...report.querySelectorAll(".pc-group")];
  const texts = new Map();

  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
    return texts.get(entry);
  };

  const filter = () => {
    const words = search.elements.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = search.elements.verdict.value;
    const endpoint = search.elements.endpoint.value;
    const shown = {};
    for (const entry of entries) {
      const { kind, verdict: own, endpoints } = entry.dataset;
      const fits =
        (!verdict || own === verdict) &&
        (!endpoint || endpoints.split(" ").includes(endpoint)) &&
        words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits;
      // Each finding stands twice, as a line and as a card; it is counted once.
      if (kind === "lines") continue;
      shown[kind] = shown[kind] || [0, 0];
      shown[kind][0] += fits ? 1 : 0;
      shown[kind][1] += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(".pc-entry:not([hidden])");
    search.elements.shown.value = Object.entries(shown)
      .map(([kind, [some, all]]) => `${some} of ${all} ${kind}`)
      .join(", ");
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
    for (let at = target; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    target.scrollIntoView();
  };

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
