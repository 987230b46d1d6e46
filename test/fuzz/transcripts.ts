import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { codeTranscripts } from "../../src/adapters/code-transcripts.ts";
import type { TranscriptFormat } from "../../src/adapters/transcripts/transcript.ts";
import { codingSummarySchema } from "../../src/model/coding-summary.ts";
import { ROOT } from "../house/temporary-folder.ts";
import { mutatedBytes, mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const TEXTS = 'unit,text,context\nu1,"Pay by Friday, or we will sue.",Ada: No.\nu2,Thanks!,\nu3,皆さん,\n';
const ACTS = "dyad,time,actor,towards,act\nd,1,a,b,bread\nd,2,b,a,bread\nd,3,a,b,give:milk\ne,1,x,y,\n";
const MESSAGES = [
  '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Pay, or else."}]}',
  '{"id":"m","role":"assistant","content":[{"type":"text","text":"No."},{"type":"tool_use","id":"t"}]}',
  '{"custom_id":"b","response":{"body":{"choices":[{"message":{"role":"assistant","content":null,"refusal":"no"}}]}}}',
].join("\n");
const CASINO = JSON.stringify([
  {
    dialogue_id: 1,
    chat_logs: [
      { id: "a", text: "I need water.", task_data: {} },
      { id: "b", text: "Submit-Deal", task_data: { x: 1 } },
    ],
  },
]);
const GOVSIM = [
  '{"run":"r","seq":0,"round":0,"agent":"framework","action":"utterance","name":"Mayor","text":"Hello"}',
  '{"run":"r","seq":1,"round":0,"agent":"persona_0","action":"utterance","name":"Jo","text":"Let us take less."}',
  '{"run":"r","seq":2,"round":0,"agent":"persona_0","action":"harvesting","wanted":3}',
].join("\n");
const PIECES = [
  '"',
  ";",
  "\t",
  "\r\n",
  ",,",
  "null",
  "{",
  "]",
  "1e999",
  "\ufeff",
  "__proto__",
  "!!!!????",
  "’",
  "or else ",
];
const FIXTURES = join(ROOT, "test", "fixtures", "transcripts");
const INSPECT = readFileSync(join(FIXTURES, "inspect-log.json"), "utf8");
const ARCHIVES = ["inspect-log.eval", "inspect-deflate.eval"].map(
  (name) => new Uint8Array(readFileSync(join(FIXTURES, name))),
);

const text = (name: string, format: TranscriptFormat | undefined, seeds: string[]) =>
  fc.record({ content: mutatedText(seeds, PIECES), name: fc.constant(name), format: fc.constant(format) });

export const transcripts = target({
  name: "transcripts",
  parsers: "`readTranscripts` of every format, `ruleCoder`, `codeFlux`, `codeTranscripts`",
  input: fc.oneof(
    text("t.csv", undefined, [TEXTS, TEXTS.replaceAll(",", ";")]),
    text("t.csv", "acts", [ACTS]),
    text("t.jsonl", undefined, [MESSAGES, GOVSIM]),
    text("t.jsonl", "govsim", [GOVSIM]),
    text("t.json", undefined, [CASINO, INSPECT]),
    fc.record({ content: mutatedBytes(ARCHIVES), name: fc.constant("t.eval"), format: fc.constant(undefined) }),
  ),
  put: async ({ content, name, format }) => {
    const path = join(processFolder(), name);
    writeFileSync(path, content);
    const request = { files: [path], coders: ["rules", "flux"] as const, lenient: true, seed: 1 };
    const summary = await codeTranscripts({ ...request, ...(format ? { format } : {}) }, () => {});
    return codingSummarySchema.parse(JSON.parse(JSON.stringify(summary)));
  },
});
