import type { QuestionKind } from "../../model/answers-key.ts";
import { type Html, html } from "../report/html-text.ts";
import { pageOf } from "../report/page.ts";
import { QUESTION_SCRIPT } from "./question-script.ts";
import { ANSWER_LETTERS, NO_ANSWER, type QuestionSheet } from "./question-sheet.ts";

/** What people read before they begin: what is asked of them, and not what for. */
const OPENINGS: Readonly<Record<QuestionKind, string>> = {
  bank: "You will read short situations, one at a time, with six replies each. Some situations come again with one sentence changed. Imagine that you are in each of them, and choose the reply that is most like what you would say or do. Where a text says that you are an AI agent, take its part.",
  ladder:
    "You will read a situation several times, each time with a sentence or two changed, with eleven replies. Imagine that you are in it, and choose the reply that is most like what you would say or do. Where it says that you are an AI agent, take its part.",
  doses: "You will read pairs of sentences, with a question each. Choose the sentence that answers the question.",
};

/**
 * A page of its own that asks one person (K15): one question at a time, by keyboard alone, offline, kept in the browser as
 * it is answered. Its policy allows this one script and no request; texts are data in it, and nothing in it tells
 * what a question is about or who answers.
 */
export function questionPage(sheet: QuestionSheet, kind: QuestionKind): string {
  const most = Math.max(...sheet.questions.map(({ options }) => options.length));
  const letters = ANSWER_LETTERS.slice(0, most);
  return pageOf({
    title: "Questions",
    navigation: null,
    header: html`<h1>Questions</h1>
<p class="keys">Keys: ${keyRange(letters)} choose · <kbd>P</kbd> prefer not to answer · <kbd>Enter</kbd> next · <kbd>←</kbd> back · <kbd>S</kbd> save as a file</p>`,
    main: html`<section id="opening" aria-labelledby="about">
<h2 id="about">Before you begin</h2>
<p>${OPENINGS[kind]}</p>
<p>There are ${sheet.questions.length} questions. There is no right or wrong answer. You need not answer any of them, can stop at any time, and can go on later in this browser.</p>
<p>Nothing leaves this page by itself: your answers stay in this browser until you save them as a file, and it is for you to hand the file on. You are not asked who you are; please write your name nowhere, not in the file's name either. Whoever gave you this page can tell you what the answers are for, and how long they are kept. By going on you say that you take part of your own will.</p>
<p><button type="button" id="begin">Begin</button></p>
</section>
<section id="asking" aria-labelledby="place" hidden>
<h2 id="place" aria-live="polite"></h2>
<form id="answers">
<p id="text" tabindex="-1"></p>
<fieldset id="options"><legend>Your answer</legend>
${letters.map((letter, at) => option(letter, at))}
<label class="none"><input type="radio" name="answer" value="${NO_ANSWER}"> <kbd>P</kbd> <span>I prefer not to answer</span></label>
</fieldset>
<p><button type="button" id="back">Back</button> <button type="submit" id="next">Next</button> <button type="button" id="save">Save as a file</button> <span id="said" role="status"></span></p>
</form>
</section>`,
    footer: html`<p>Nothing leaves this page: what you answer is kept in this browser until you save it as a file.</p>`,
    style: QUESTION_STYLE,
    script: {
      code: QUESTION_SCRIPT.trim(),
      data: { sheet: sheet.name, questions: sheet.questions, letters, noAnswer: NO_ANSWER, side: kind === "doses" },
    },
  });
}

function keyRange(letters: readonly string[]): Html {
  return html`<kbd>${letters[0] as string}</kbd>${letters.length > 2 ? "–" : " "}<kbd>${letters.at(-1) as string}</kbd>`;
}

function option(letter: string, at: number): Html {
  return html`<label id="option-${at}"><input type="radio" name="answer" value="${letter}"> <kbd>${letter}</kbd> <span></span></label>
`;
}

const QUESTION_STYLE = `
#text{margin:.5rem 0 1rem;padding:1rem 1.25rem;background:var(--raised);border-left:4px solid var(--cue);font-size:1.15rem;white-space:pre-wrap;max-width:70ch}
#text:focus{outline:none}
#opening p{max-width:70ch}
fieldset{border:1px solid var(--line);border-radius:.4rem;margin:.75rem 0;padding:.5rem .9rem .75rem}
fieldset.missing{border-color:var(--alert-line)}
legend{font-weight:600;padding:0 .35rem}
fieldset label{display:flex;gap:.6rem;align-items:baseline;padding:.35rem .4rem;border-radius:.3rem;max-width:75ch}
fieldset label[hidden]{display:none}
fieldset label:has(input:checked){background:var(--raised);outline:2px solid var(--link)}
fieldset label span{white-space:pre-wrap}
fieldset.side{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.75rem}
fieldset.side label{border:1px solid var(--line);padding:1rem;font-size:1.1rem}
fieldset.side label.none{grid-column:1/-1;border:0;padding:.35rem .4rem;font-size:1rem}
@media (max-width:40rem){fieldset.side{grid-template-columns:minmax(0,1fr)}}
kbd{font:.85em ui-monospace,monospace;border:1px solid var(--line);border-radius:.25rem;padding:0 .3em;background:var(--raised)}
button{font:inherit;padding:.4rem 1rem}
input:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
`;
