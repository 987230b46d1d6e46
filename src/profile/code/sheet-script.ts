/**
 * What the sheet's page does, as plain script. It shows one text, takes codes by key or by radio button, keeps them in the
 * browser after every change, and saves them as CSV. Texts enter the page as text only.
 */
export const SHEET_SCRIPT = String.raw`
"use strict";
const { hash, items, dimensions, keys, toggles, cannotTell } = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const store = "dashpot-sheet-" + hash;
const state = { at: 0, coder: "", codes: {}, remarks: {} };
let kept = true;
try {
  Object.assign(state, JSON.parse(localStorage.getItem(store) ?? "{}"));
} catch {
  kept = false;
}
let last = null;

function keep() {
  try {
    localStorage.setItem(store, JSON.stringify(state));
    kept = true;
  } catch {
    kept = false;
  }
}

function codesOf(item) {
  return (state.codes[item.id] ??= {});
}

function filled(item) {
  const codes = state.codes[item.id] ?? {};
  return dimensions.every((dimension) => codes[dimension] !== undefined);
}

function show() {
  const item = items[state.at];
  const done = items.filter(filled).length;
  by("place").textContent = "Text " + (state.at + 1) + " of " + items.length + ", " + done + " coded";
  by("text").textContent = item.text;
  by("context").textContent = item.context === "" ? "" : "Before it: " + item.context;
  by("context").hidden = item.context === "";
  by("remark").value = state.remarks[item.id] ?? "";
  const codes = codesOf(item);
  for (const dimension of dimensions) {
    by("of-" + dimension).classList.remove("missing");
    for (const input of document.querySelectorAll('input[name="' + dimension + '"]')) input.checked = input.value === codes[dimension];
  }
  say(kept ? "" : "This browser keeps nothing: save as a file before you leave.");
}

function say(text) {
  by("said").textContent = text;
}

function set(dimension, value) {
  last = dimension;
  codesOf(items[state.at])[dimension] = value;
  for (const input of document.querySelectorAll('input[name="' + dimension + '"]')) input.checked = input.value === value;
  by("of-" + dimension).classList.remove("missing");
  keep();
}

function go(step) {
  const item = items[state.at];
  if (step > 0 && !filled(item)) {
    const missing = dimensions.filter((dimension) => codesOf(item)[dimension] === undefined);
    for (const dimension of missing) by("of-" + dimension).classList.add("missing");
    say("Still to code: " + missing.join(", ") + ". If you cannot tell, press ?");
    last = null;
    return;
  }
  const to = state.at + step;
  if (to >= items.length) {
    say("That was the last text. Press s to save.");
    return;
  }
  state.at = Math.max(0, to);
  last = null;
  keep();
  show();
  by("text").focus();
}

function field(text) {
  const quoted = /^[=+\-@\t]/.test(text) ? "'" + text : text;
  return /[",;\r\n]/.test(quoted) ? '"' + quoted.replaceAll('"', '""') + '"' : quoted;
}

function save() {
  const head = ["sheet", "id", ...dimensions, "remark"];
  const rows = items.map((item) => {
    const codes = state.codes[item.id] ?? {};
    return [hash, item.id, ...dimensions.map((dimension) => codes[dimension] ?? ""), state.remarks[item.id] ?? ""];
  });
  const text = [head, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = (state.coder.trim().replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "codes") + ".csv";
  link.click();
  URL.revokeObjectURL(link.href);
  say("Saved as " + link.download + ": " + items.filter(filled).length + " of " + items.length + " coded.");
}

function unknown() {
  const codes = codesOf(items[state.at]);
  const dimension = last ?? dimensions.find((one) => codes[one] === undefined);
  if (dimension) set(dimension, cannotTell);
}

function flip(dimension) {
  set(dimension, codesOf(items[state.at])[dimension] === "no" ? "yes" : "no");
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const writing = target.matches("input:not([type=radio])");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Enter" && !target.matches("button, summary")) {
    event.preventDefault();
    if (target.id === "coder") by("text").focus();
    else go(1);
  }
  if (writing || key === "Enter") return;
  const name = key.toLowerCase();
  if (Object.hasOwn(keys, name)) set(...keys[name]);
  else if (Object.hasOwn(toggles, name)) flip(toggles[name]);
  else if (key === "?") unknown();
  else if (name === "b") go(-1);
  else if (name === "s") save();
  else return;
  event.preventDefault();
});
for (const input of document.querySelectorAll("input[type=radio]")) input.addEventListener("change", () => set(input.name, input.value));
by("remark").addEventListener("input", (event) => {
  state.remarks[items[state.at].id] = event.target.value;
  keep();
});
by("coder").value = state.coder;
by("coder").addEventListener("input", (event) => {
  state.coder = event.target.value;
  keep();
});
by("codes").addEventListener("submit", (event) => {
  event.preventDefault();
  go(1);
});
by("back").addEventListener("click", () => go(-1));
by("save").addEventListener("click", save);
state.at = Math.min(Math.max(0, Number(state.at) || 0), items.length - 1);
show();
`;
