// Describes the page as a person finds it: texts, fields, buttons, links, frames, each with its place on the screen.
// Looks into open shadow roots and into frames of the same origin.  Changes nothing on the page.
// Returns one JSON-ready object; everything in it is bounded, since the page is somebody else's.
const LIMIT = { texts: 600, fields: 300, controls: 400, options: 250, text: 300, value: 300, depth: 12 };
const elements = [];
const found = { title: clip(document.title), language: clip(document.documentElement.lang, 20), address: clip(location.href, 2000), fields: [], controls: [], texts: [], images: [], frames: [], width: innerWidth, height: innerHeight,
  scroll_width: document.documentElement.scrollWidth, scroll_height: document.documentElement.scrollHeight, busy: false, ready: document.readyState === "complete", hidden: "", status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0 };
const forms = new Map();

function clip(text, bound = LIMIT.text) { return String(text ?? "").replace(/\s+/g, " ").trim().slice(0, bound); }

function shown(element) {
  const style = getComputedStyle(element);
  if (style.visibility !== "visible" || style.display === "none" || parseFloat(style.opacity) === 0) return false;
  const box = element.getBoundingClientRect();
  if (box.width < 2 || box.height < 2) return false;
  // What is pushed out of the page to the left or above is there for programs, not for people.
  if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) return false;
  return typeof element.checkVisibility !== "function" || element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
}

function place(element, offset) {
  const box = element.getBoundingClientRect();
  return { x: Math.round(box.left + offset.x), y: Math.round(box.top + scrollY + offset.y), width: Math.round(box.width), height: Math.round(box.height) };
}

function own(root, ids) { return ids.split(/\s+/).map((id) => { try { return root.getElementById?.(id)?.textContent ?? ""; } catch { return ""; } }).join(" "); }

function textOf(element) {
  const copy = element.cloneNode(true);
  for (const inner of copy.querySelectorAll("input, select, textarea, button, script, style, svg, option")) inner.remove();
  return clip(copy.textContent);
}

function nameOf(element, root) {
  const by = element.getAttribute("aria-labelledby");
  if (by && clip(own(root, by))) return clip(own(root, by));
  if (clip(element.getAttribute("aria-label"))) return clip(element.getAttribute("aria-label"));
  const labels = [...(element.labels ?? [])].map(textOf).filter(Boolean);
  if (labels.length) return clip(labels.join(" "));
  return clip(element.getAttribute("title"));
}

// The words beside a field that has no label: what stands before it in its smallest group that holds no other field.
function nearby(element) {
  let inner = element;
  for (let level = 0; level < 4 && inner.parentElement; level++) {
    const group = inner.parentElement;
    const others = [...group.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((each) => each !== element);
    if (others.length) {
      let before = "";
      for (let each = inner.previousSibling; each && !before; each = each.previousSibling) {
        if (each.nodeType === 1 && each.querySelector?.("input:not([type=hidden]), select, textarea")) break;
        if (each.nodeType === 1 && /^(INPUT|SELECT|TEXTAREA|SCRIPT|STYLE)$/.test(each.tagName)) break;
        before = clip(each.textContent);
      }
      return before;
    }
    const text = textOf(group);
    if (text) return text;
    inner = group;
  }
  return "";
}

// The question that a choice answers.
function groupOf(element, root) {
  const group = element.closest("[role=radiogroup], [role=group], fieldset");
  if (!group) return "";
  const legend = [...group.children].find((each) => each.tagName === "LEGEND");
  return legend ? clip(legend.textContent) : nameOf(group, root);
}

// What a dialog covers is there to be seen, not to be used.
const modal = [...document.querySelectorAll("[aria-modal=true], dialog:modal")].filter(shown).pop() ?? null;
function covered(element) { return modal !== null && element.ownerDocument === document && element.getRootNode() === document && !modal.contains(element); }

function formOf(element) {
  const form = element.closest?.("form") ?? element.form;
  if (form) return form;
  // Without a form element: the smallest group that holds this field and a button.
  let group = element.parentElement;
  for (let level = 0; group && level < 8; level++, group = group.parentElement) {
    if (group.querySelector("button, input[type=submit], [role=button]")) return group;
  }
  return element.getRootNode();
}

function describe(form) {
  if (forms.has(form)) return forms.get(form);
  forms.set(form, forms.size);
  return forms.get(form);
}

function heading(form) {
  const inside = form.querySelector?.("h1, h2, h3, legend, [role=heading]");
  if (inside && clip(inside.textContent)) return clip(inside.textContent);
  let group = form;
  for (let level = 0; group && level < 6; level++, group = group.parentElement) {
    for (let each = group.previousElementSibling; each; each = each.previousElementSibling) {
      const title = each.matches("h1, h2, h3, [role=heading]") ? each : [...each.querySelectorAll("h1, h2, h3, [role=heading]")].pop();
      if (title && clip(title.textContent)) return clip(title.textContent);
    }
  }
  return "";
}

// A field that is drawn tells by its role what it is.
function drawnKind(element) {
  const role = element.getAttribute("role");
  if (role === "checkbox" || role === "switch") return "checkbox";
  if (role === "radio") return "radio";
  return element.tagName === "BUTTON" ? "list" : element.tagName.toLowerCase();
}

function field(element, root, offset) {
  if (found.fields.length >= LIMIT.fields) return;
  const type = element.tagName === "INPUT" ? (element.type || "text").toLowerCase() : drawnKind(element);
  if (["hidden", "submit", "button", "image", "reset"].includes(type)) return;
  const list = element.tagName === "SELECT" ? element.options : root.getElementById?.(element.getAttribute("aria-controls") ?? "")?.querySelectorAll("[role=option]") ?? [];
  const options = [...list].slice(0, LIMIT.options).map((each) => clip(each.textContent, 60));
  const form = formOf(element);
  found.fields.push({ number: elements.push(element) - 1, type, inputmode: element.inputMode || "", autocomplete: clip(element.getAttribute("autocomplete")), name: clip(element.getAttribute("name")), id: clip(element.id),
    role: element.getAttribute("role") || "", label: nameOf(element, root), near: nearby(element), group: groupOf(element, root), placeholder: clip(element.getAttribute("placeholder")), maxlength: element.maxLength > 0 ? element.maxLength : 0,
    pattern: clip(element.getAttribute("pattern")), options, value: type === "password" ? (element.value ? "•" : "") : clip(element.tagName === "SELECT" ? element.selectedOptions?.[0]?.textContent : element.value || (element.isContentEditable || element.tagName === "BUTTON" ? element.textContent : ""), LIMIT.value),
    checked: Boolean(element.checked) || element.getAttribute("aria-checked") === "true", required: Boolean(element.required) || element.getAttribute("aria-required") === "true", readonly: Boolean(element.readOnly), disabled: Boolean(element.disabled),
    shown: shown(element) && !covered(element), focusable: element.tabIndex >= 0 || element.isContentEditable, form: describe(form), place: place(element, offset) });
}

function control(element, offset) {
  if (found.controls.length >= LIMIT.controls) return;
  const text = clip(element.getAttribute("aria-label") || element.innerText || element.textContent || element.value || element.title, 120);
  const kind = element.tagName === "A" ? "link" : "button";
  found.controls.push({ number: elements.push(element) - 1, kind, type: element.tagName === "A" ? "" : (element.type || element.getAttribute("type") || "").toLowerCase(), text, target: kind === "link" ? clip(element.href) : "", id: clip(element.id), name: clip(element.getAttribute("name")),
    disabled: Boolean(element.disabled) || element.getAttribute("aria-disabled") === "true", shown: shown(element) && !covered(element), focusable: element.tabIndex >= 0, pressed: element.getAttribute("aria-pressed") === "true" || element.getAttribute("aria-selected") === "true" || element.getAttribute("aria-current") !== null, form: describe(formOf(element)), place: place(element, offset) });
}

// Whether a text lies outside of the part of a carousel, or of a small list that scrolls, which is in sight.
function clipped(box, element) {
  for (let around = element; around && around !== document.body; around = around.parentElement) {
    const style = getComputedStyle(around);
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    const window_ = around.getBoundingClientRect();
    if (window_.width < 2 || window_.height < 2) continue;
    if (box.left >= window_.right || box.right <= window_.left) return true;
    if (box.top < innerHeight && (box.top >= window_.bottom || box.bottom <= window_.top)) return true;
  }
  return false;
}

function words(root, offset) {
  const base = root.body ?? root;
  const walker = document.createTreeWalker(base, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && found.texts.length < LIMIT.texts; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = clip(node.textContent);
    if (!text || !parent || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|OPTION)$/.test(parent.tagName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (!shown(parent) || clipped(range.getBoundingClientRect(), parent)) { if (found.hidden.length < 20000) found.hidden += ` | ${text}`; continue; }
    const title = parent.closest("h1, h2, h3, h4, [role=heading]");
    found.texts.push({ text, heading: Boolean(title), place: place(range, offset) });
  }
}

function look(root, offset, depth) {
  if (depth > LIMIT.depth) return;
  words(root, offset);
  for (const element of root.querySelectorAll("*")) {
    const tag = element.tagName;
    if (tag === "INPUT" && /^(submit|button|image|reset)$/i.test(element.type)) control(element, offset);
    else if (tag === "INPUT" || tag === "SELECT" || tag === "TEXTAREA") field(element, root.getElementById ? root : document, offset);
    else if (tag === "BUTTON" && (element.getAttribute("aria-haspopup") === "listbox" || element.getAttribute("role") === "combobox")) field(element, root.getElementById ? root : document, offset);
    else if (/^(checkbox|switch|radio)$/.test(element.getAttribute("role") ?? "")) field(element, root.getElementById ? root : document, offset);
    else if (tag === "BUTTON" || (tag === "A" && element.href) || element.getAttribute("role") === "button") control(element, offset);
    else if (element.isContentEditable && element.getAttribute("role") === "textbox") field(element, document, offset);
    if ((tag === "IMG" && element.alt) || (tag === "svg" && element.getAttribute("aria-label"))) {
      if (found.images.length < 100 && shown(element)) found.images.push({ text: clip(element.alt || element.getAttribute("aria-label"), 120), place: place(element, offset) });
    }
    if ((element.getAttribute("aria-busy") === "true" || element.getAttribute("role") === "progressbar" || /spinner|loading|loader|skeleton/i.test(element.getAttribute("class") ?? "")) && shown(element)) found.busy = true;
    if (tag === "IFRAME" || tag === "FRAME") {
      const box = element.getBoundingClientRect();
      let inner = null;
      try { inner = element.contentDocument; } catch { inner = null; }
      found.frames.push({ address: clip(element.src, 500), title: clip(element.title), readable: Boolean(inner?.body), shown: shown(element), place: place(element, offset) });
      if (inner?.body && shown(element)) look(inner, { x: offset.x + box.left, y: offset.y + box.top }, depth + 1);
    }
    if (element.shadowRoot) look(element.shadowRoot, offset, depth + 1);
  }
}

look(document, { x: 0, y: 0 }, 0);
found.forms = [...forms.keys()].map((form) => ({ heading: heading(form), action: clip(form.getAttribute?.("action"), 300), id: clip(form.id), name: clip(form.getAttribute?.("name")), method: clip(form.getAttribute?.("method")), css: clip(form.getAttribute?.("class")) }));
// What is found can be pointed at by its number later.
Object.defineProperty(window, Symbol.for("partner-connect"), { value: elements, configurable: true });
return found;
