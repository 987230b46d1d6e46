import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../test/house/temporary-folder.ts";
import { readTranscripts } from "./read-transcripts.ts";
import type { Transcribed, TranscriptFormat } from "./transcript.ts";

const FIXTURES = fileURLToPath(new URL("../../../test/fixtures/transcripts/", import.meta.url));

async function read(path: string, format?: TranscriptFormat): Promise<Transcribed[]> {
  const found: Transcribed[] = [];
  for await (const one of readTranscripts(path, format)) found.push(one);
  return found;
}

function readText(name: string, content: string, format?: TranscriptFormat): Promise<Transcribed[]> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return read(path, format);
}

const text = (unit: string, words: string, context?: string) => ({
  kind: "text",
  unit: { unit, text: words, ...(context === undefined ? {} : { context }) },
});
const malformed = (what: string) => expect.objectContaining({ kind: "malformed", what: expect.stringContaining(what) });

it("K7: texts come from CSV with any separator and from JSON Lines, context where there is some", async () => {
  expect(await readText("t.csv", 'unit,text,context\nu1,"Pay, now.",\nu2,No.,Ada: Pay.\n')).toEqual([
    text("u1", "Pay, now."),
    text("u2", "No.", "Ada: Pay."),
  ]);
  expect(await readText("t.csv", "\ufeffUnit;Text\r\nu1;Pay\r\n")).toEqual([text("u1", "Pay")]);
  expect(await readText("t.jsonl", '{"unit":"u1","text":"Pay"}\n')).toEqual([text("u1", "Pay")]);
});

it("K7: acts come with dyad, time, both parties and the act's name", async () => {
  const [first, ...rest] = await readText(
    "a.csv",
    "dyad,time,actor,towards,act\nd,1,a,b,bread\nd,x,a,b,bread\nd,2,a,a,bread\nd,2,,b,x\n",
  );
  expect(first).toEqual({ kind: "act", row: { dyad: "d", time: 1, actor: "a", towards: "b", act: "bread" } });
  expect(rest).toEqual([malformed('"x" as time'), malformed("a towards itself"), malformed("an empty actor")]);
});

it("K7: the assistant's turns come from OpenAI's and Anthropic's messages, completions and batches", async () => {
  const lines = [
    {
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello" },
      ],
    },
    {
      id: "a",
      role: "assistant",
      content: [
        { type: "text", text: "One" },
        { type: "tool_use", id: "t", name: "x", input: {} },
        { type: "text", text: "Two" },
      ],
    },
    { id: "c", choices: [{ message: { role: "assistant", content: null, refusal: "I won't." } }] },
    { custom_id: "b1", response: { body: { choices: [{ message: { role: "assistant", content: "Yes" } }] } } },
    {
      custom_id: "b2",
      result: { type: "succeeded", message: { role: "assistant", content: [{ type: "text", text: "No" }] } },
    },
    [{ role: "assistant", content: "bare" }],
  ];
  const found = await readText("m.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(found).toEqual([
    text("line-1#2", "Hello", "user: Hi"),
    text("a#1", "One\n\nTwo"),
    text("c#1", "I won't."),
    text("b1#1", "Yes"),
    text("b2#1", "No"),
    text("line-6#1", "bare"),
  ]);
});

it("K12: what sets the scene is no context: it would tell whose text it is", async () => {
  const messages = [
    { role: "system", content: "You are model X." },
    { role: "assistant", content: "Pay." },
  ];
  expect(await readText("m.jsonl", JSON.stringify({ messages }))).toEqual([text("line-1#2", "Pay.")]);
});

it("K9: roles and contents that are missing are named; calls of tools are passed over, in whatever circles they run", async () => {
  const call = (id: string, parent: string) => ({
    role: "assistant",
    content: null,
    tool_calls: [{ id, parent, function: { name: "f" } }],
  });
  const lines = [
    JSON.stringify({
      messages: [
        { content: "who?" },
        { role: "assistant" },
        call("1", "2"),
        call("2", "1"),
        { role: "assistant", content: "done" },
      ],
    }),
    '{"messages": 3}',
    "not json",
    '{"messages":[],"messages":[]}',
  ];
  expect(await readText("m.jsonl", lines.join("\n"))).toEqual([
    malformed("no role"),
    malformed("no content"),
    { kind: "apart", what: "turns without text" },
    { kind: "apart", what: "turns without text" },
    text("line-1#5", "done"),
    malformed("no list of messages"),
    malformed("no JSON object"),
    malformed("no JSON object"),
  ]);
});

it.each(["inspect-log.json", "inspect-log.eval"])(
  "K7: %s as Inspect wrote it gives the assistant's turns",
  async (name) => {
    expect(await read(join(FIXTURES, name))).toEqual([
      text("s1/1#3", "Please deliver by Friday.", "user: The delivery is late."),
      text("s1/1#5", "Then I will cancel your contract.", "user: No."),
      { kind: "apart", what: "turns without text" },
    ]);
  },
);

it("K9: a sample that is broken is named, the others are read", async () => {
  const found = await read(join(FIXTURES, "inspect-deflate.eval"));
  expect(found).toHaveLength(4);
  expect(found.at(-1)).toEqual(malformed("a sample that cannot be read"));
  expect((found.at(-1) as { where: string }).where).toContain("samples/broken_epoch_1.json");
});

it("K7: CaSiNo's utterances come without deals", async () => {
  const turn = (id: string, words: string, data = {}) => ({ id, text: words, task_data: data });
  const dialogues = [
    {
      dialogue_id: 7,
      chat_logs: [
        turn("a", "I need water."),
        turn("b", "Me too."),
        turn("a", "Submit-Deal", { issue2youget: {} }),
        { text: "x" },
      ],
    },
    { chat_logs: [] },
  ];
  expect(await readText("c.json", JSON.stringify(dialogues))).toEqual([
    text("7#1", "I need water."),
    text("7#2", "Me too.", "a: I need water."),
    { kind: "apart", what: "deals and answers to them" },
    malformed("no speaker"),
    malformed("no dialogue_id"),
  ]);
});

it("K7: GovSim's utterances come without the framework's; what was said before stays within the month", async () => {
  const folder = temporaryFolder();
  const event = (seq: number, round: number, agent: string, more: object) =>
    JSON.stringify({ run: "r", seq, round, agent, ...more });
  const said = (words: string) => ({ action: "utterance", name: "N", text: words });
  const lines = [
    event(0, 0, "persona_0", { action: "harvesting", wanted: 3 }),
    event(1, 0, "framework", said("Reports are in.")),
    event(2, 0, "persona_1", said("Let us take less.")),
    event(3, 1, "persona_0", said("Agreed.")),
    event(4, 1, "persona_0", { action: "utterance" }),
  ];
  writeFileSync(join(folder, "events.jsonl"), lines.join("\n"));
  expect(await read(folder)).toEqual([
    { kind: "apart", what: "events of harvesting" },
    { kind: "apart", what: "announcements of the framework" },
    text("r/2", "Let us take less.", "N: Reports are in."),
    text("r/3", "Agreed."),
    malformed("an utterance without text and agent"),
  ]);
});

it("K9: a row of other length, an open quote and an empty text are named by file and line, and reading goes on", async () => {
  const found = await readText("t.csv", 'unit,text\nu1,a,b\nu2,"ok"\nu3,\n,x\nu4,y"z"\nu5,fine\n');
  expect(found.filter(({ kind }) => kind === "text")).toHaveLength(
    2 + Number(found.some((one) => one.kind === "text" && one.unit.unit === "u4")),
  );
  expect(found).toEqual(
    expect.arrayContaining([malformed("3 of 2 fields"), malformed("an empty text"), malformed("an empty unit")]),
  );
});

it.each([
  ["t.csv", "unit,words\n", "transcript-unknown"],
  ["t.csv", "", "transcript-unknown"],
  ["t.doc", "x", "transcript-unknown"],
  ["t.json", "{", "transcript-unreadable"],
  ["t.eval", "no zip", "eval-unreadable"],
  ["t.jsonl", "", "transcript-unknown"],
])("K9: %s that holds %j is %s", async (name, content, code) => {
  await expect(readText(name, content)).rejects.toMatchObject({ code });
});

it("K9: a folder that is no run and a column that is not there are each one coded error", async () => {
  const folder = join(temporaryFolder(), "empty");
  mkdirSync(folder);
  await expect(read(folder)).rejects.toMatchObject({ code: "run-missing" });
  await expect(readText("t.csv", "unit,words\n", "texts")).rejects.toMatchObject({ code: "column-missing" });
});
