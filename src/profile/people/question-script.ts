/**
 * What a page of questions does, as plain script. It shows one question, takes an answer by key or by radio button, keeps
 * it in the browser after every change, and saves all as CSV. Texts enter the page as text only.
 */
export const QUESTION_SCRIPT = String.raw`
"use strict";
const { sheet, questions, letters, noAnswer, side } = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const radios = [...document.querySelectorAll('input[name="answer"]')];
const store = "dashpot-questions-" + sheet;
const state = { begun: false, at: 0, answers: {} };
let kept = true;
try {
  Object.assign(state, JSON.parse(localStorage.getItem(store) ?? "{}"));
} catch {
  kept = false;
}

function keep() {
  try {
    localStorage.setItem(store, JSON.stringify(state));
    kept = true;
  } catch {
    kept = false;
  }
}

function answered() {
  return questions.filter(({ id }) => state.answers[id] !== undefined).length;
}

function say(text) {
  by("said").textContent = text;
}

function mark() {
  const answer = state.answers[questions[state.at].id];
  for (const radio of radios) radio.checked = radio.value === answer;
  by("options").classList.remove("missing");
}

function show() {
  by("opening").hidden = state.begun;
  by("asking").hidden = !state.begun;
  const { text, options } = questions[state.at];
  by("place").textContent = "Question " + (state.at + 1) + " of " + questions.length + ", " + answered() + " answered";
  by("text").textContent = text;
  letters.forEach((_, at) => {
    const label = by("option-" + at);
    label.hidden = options[at] === undefined;
    label.querySelector("span").textContent = options[at] ?? "";
  });
  mark();
  say(kept ? "" : "This browser keeps nothing: save as a file before you leave.");
}

function begin() {
  state.begun = true;
  keep();
  show();
  by("text").focus();
}

function set(answer) {
  state.answers[questions[state.at].id] = answer;
  keep();
  mark();
  say(kept ? "" : "This browser keeps nothing: save as a file before you leave.");
}

function go(step) {
  if (step > 0 && state.answers[questions[state.at].id] === undefined) {
    by("options").classList.add("missing");
    say("Still to answer: choose a letter, or press P if you prefer not to answer.");
    return;
  }
  const to = state.at + step;
  if (to >= questions.length) {
    say("That was the last question. Thank you. Press S to save your answers as a file.");
    return;
  }
  state.at = Math.max(0, to);
  keep();
  show();
  by("text").focus();
  scrollTo(0, 0);
}

function save() {
  const rows = questions.map(({ id }) => [sheet, id, state.answers[id] ?? ""]);
  const text = [["sheet", "id", "answer"], ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "answers-" + sheet + ".csv";
  link.click();
  URL.revokeObjectURL(link.href);
  say("Saved as " + link.download + ": " + answered() + " of " + questions.length + " answered.");
}

function press(name) {
  const at = letters.findIndex((letter) => letter.toLowerCase() === name);
  if (at >= 0 && questions[state.at].options[at] !== undefined) set(letters[at]);
  else if (name === "p") set(noAnswer);
  else if (name === "arrowleft") go(-1);
  else if (name === "arrowright") go(1);
  else if (name === "s") save();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("a")) return;
  if (key === "Enter") {
    if (target.matches("button")) return;
    event.preventDefault();
    if (state.begun) go(1);
    else begin();
  } else if (state.begun && press(key.toLowerCase())) event.preventDefault();
});
for (const radio of radios) radio.addEventListener("change", () => set(radio.value));
by("begin").addEventListener("click", begin);
by("answers").addEventListener("submit", (event) => {
  event.preventDefault();
  go(1);
});
by("back").addEventListener("click", () => go(-1));
by("save").addEventListener("click", save);
by("options").classList.toggle("side", side);
state.at = Math.min(Math.max(0, Number(state.at) || 0), questions.length - 1);
show();
`;
