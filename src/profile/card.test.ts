import { expect, it } from "vitest";
import { parse } from "yaml";
import { fixtureProfile } from "../../test/fixtures/profile.ts";
import { cardSchema } from "../model/card.ts";
import { cardStatementSchema } from "../model/card-statement.ts";
import { makeCard, stateCard } from "./card.ts";
import { markdownText, renderCardMarkdown } from "./report/card-markdown.ts";

const HASH = "e".repeat(64);
const markdown = (options = {}) => renderCardMarkdown(makeCard(fixtureProfile(options), HASH));

it("C3: a card is of its schema, names the profile it is taken from and says a finding for each mode and label", () => {
  for (const options of [
    {},
    { format: "choice", byPosition: true },
    { sparse: true },
    { hostile: true, reference: true },
  ] as const) {
    const card = makeCard(fixtureProfile(options), HASH);
    expect(cardSchema.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
    expect(card.profile).toBe(HASH);
    expect(card.statements).toHaveLength(10);
  }
  expect(makeCard(fixtureProfile({ format: "choice", byPosition: true }), HASH)).toMatchObject({
    answersByPosition: true,
    limits: [expect.stringContaining("by position"), ...Array(7).fill(expect.any(String))],
  });
});

it("C4: the statement names every subject and the card's own facts", () => {
  const card = makeCard(fixtureProfile(), HASH);
  const statement = stateCard(card, [{ name: "profile.json", sha256: HASH }]);
  expect(cardStatementSchema.parse(statement)).toMatchObject({
    subject: [{ name: "profile.json", digest: { sha256: HASH } }],
    predicate: { model: card.model.spec, answer: card.answer },
  });
});

it("C3: card.md begins with Hugging Face model-index metadata, with every required field", () => {
  const head = parse(
    markdown({ hostile: true })
      .split("\n---\n")[0]
      ?.replace(/^---\n/, "") ?? "",
  );
  const [{ name, results }] = head["model-index"];
  expect(name).toMatch(/^SmolLM2-135M-Instruct/);
  const [{ task, dataset, metrics }] = results;
  expect([task.type, dataset.type, dataset.name]).toEqual([
    "text-generation",
    "relational",
    "Dashpot relational bank relational 1.0.0",
  ]);
  expect(metrics).toHaveLength(10);
  for (const metric of metrics)
    expect(metric).toMatchObject({
      type: expect.any(String),
      value: expect.any(Number),
      args: { low: expect.any(Number), n: 12 },
    });
  expect(
    parse(
      markdown({ sparse: true })
        .split("\n---\n")[0]
        ?.replace(/^---\n/, "") ?? "",
    )["model-index"][0].results[0].metrics,
  ).toHaveLength(6);
});

it("F5: hostile texts neither end the metadata nor become markup in Markdown", () => {
  const text = markdown({ hostile: true, reference: true });
  expect(text.match(/^---$/gm)).toHaveLength(2);
  const body = text.split("\n---\n").slice(1).join("");
  expect(body).not.toMatch(/<|[^\\]`x|^# ignore|\p{Cf}/mu);
  expect(markdownText("a|b *c* [d](e) <b> `x` &amp; https://x.y @z ~q~")).toBe(
    "a\\|b \\*c\\* \\[d\\](e) &lt;b&gt; \\`x\\` &amp;amp; https&#58;//x.y &#64;z \\~q\\~",
  );
  expect([markdownText("- a"), markdownText("1. a"), markdownText("# a"), markdownText("=")]).toEqual([
    "\\- a",
    "1\\. a",
    "\\# a",
    "\\=",
  ]);
});

it("C9: the same profile gives the same card", () => {
  expect(markdown()).toBe(markdown());
});
