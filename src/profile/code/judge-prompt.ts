import { z } from "zod";
import { sha256Hex } from "../../kernel/canonical-json.ts";
import type { Codebook } from "../../model/codebook.ts";
import type { TextUnit } from "../../model/coding.ts";
import type { ChatMessage } from "../../model/language-model.ts";
import { parseYaml } from "../instrument/parse-yaml.ts";

const judgePromptSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  language: z.string().min(2),
  licence: z.string().min(1),
  answer: z.int().min(50),
  system: z.string().includes("{codebook}"),
  context: z.string().includes("{context}").includes("{mark}"),
  text: z.string().includes("{text}").includes("{mark}"),
});

/** What a judge is asked: the published words around a text. */
export type JudgePrompt = z.infer<typeof judgePromptSchema>;

/** Errors: `judge-prompt-malformed`, naming file and place. */
export function parseJudgePrompt(text: string, file: string): JudgePrompt {
  const fault = { code: "judge-prompt-malformed", expected: "a judge's prompt", fix: "correct it" };
  return parseYaml(text, file, judgePromptSchema, fault);
}

/** What a judge is shown of one text: the codebook, then the text between marks that it cannot hold (K22). */
export function judgeMessages(prompt: JudgePrompt, codebook: Codebook, { text, context }: TextUnit): ChatMessage[] {
  const mark = markOf(`${context ?? ""}\n${text}`);
  const filled = { mark, text, context: context ?? "" };
  const before = context === undefined ? "" : `${fill(prompt.context, filled)}\n`;
  return [
    { role: "system", content: fill(prompt.system, { codebook: codebookText(codebook) }).trim() },
    { role: "user", content: `${before}${fill(prompt.text, filled)}`.trim() },
  ];
}

/**
 * A mark of a text that does not stand in it: part of its hash, hashed anew as long as it does. Whoever writes a text in
 * which its own mark stands would have to find one among 2^64.
 */
export function markOf(text: string): string {
  let hash = sha256Hex(text);
  while (text.includes(hash.slice(0, 16))) hash = sha256Hex(hash);
  return hash.slice(0, 16);
}

/** All at once, so that a text in which `{text}` stands is not filled in. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(mark|text|context|codebook)\}/g, (place, name: string) => values[name] ?? place);
}

function codebookText({ unit, dimensions }: Codebook): string {
  const parts = Object.entries(dimensions).map(([dimension, { question, rule, values }]) =>
    [
      `${dimension}: ${question} ${rule}`,
      ...Object.entries(values).map(
        ([value, { name, means }]) => `  ${value}${name === value ? "" : ` (${name})`}: ${means}`,
      ),
    ].join("\n"),
  );
  return [`What is coded: ${unit.trim()}`, ...parts].join("\n\n");
}
