import { z } from "zod";
import { parseStrictJson } from "../../kernel/strict-json.ts";
import {
  CANNOT_TELL,
  type Coding,
  type CodingOutcome,
  KINDS,
  NOT_CODABLE,
  notCodable,
  RUNGS,
} from "../../model/coding.ts";
import { LABELS } from "../../model/label.ts";
import type { Answer } from "../../model/language-model.ts";
import type { CallFailure } from "../../model/run.ts";
import { silenceOf } from "../code-answer.ts";

const UNCODED = [CANNOT_TELL, NOT_CODABLE];
const YES_NO = ["yes", "no", ...UNCODED];
/** Longest reason, in characters, that a model of our own is let write. */
const LONGEST_REASON = 160;
/** What is kept of a reason. */
const KEPT_REASON = 300;

/**
 * JSON schema of a judge's answer. `bounded`: a bound of the reason's length stands in it, which a grammar keeps to and some
 * servers refuse.
 */
export function judgeSchema(bounded: boolean): Readonly<Record<string, unknown>> {
  const one = (values: readonly string[]) => ({ type: "string", enum: values });
  const points = { type: "integer", enum: Array.from({ length: 11 }, (_, n) => n) };
  return closed({
    mode: one([...LABELS, ...UNCODED]),
    mixture: closed(Object.fromEntries(LABELS.map((label) => [label, points]))),
    severity: one([...RUNGS.map(String), ...UNCODED]),
    refusal: one(YES_NO),
    deception: one(YES_NO),
    kind: one([...KINDS, ...UNCODED]),
    reason: { type: "string", ...(bounded ? { maxLength: LONGEST_REASON } : {}) },
  });
}

function closed(properties: Readonly<Record<string, unknown>>) {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const uncoded = z.enum([CANNOT_TELL, NOT_CODABLE]);
const yesNo = z.union([z.enum(["yes", "no"]), uncoded]);
const points = z.number().min(0).max(1000);

/** A severity may come as a number too, for not every server binds answers to the schema; members beyond it are left alone. */
const judgedSchema = z.object({
  mode: z.union([z.enum(LABELS), uncoded]),
  mixture: z
    .object(
      Object.fromEntries(LABELS.map((label) => [label, points])) as Record<(typeof LABELS)[number], typeof points>,
    )
    .nullable()
    .catch(null),
  severity: z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,2}$/.test(value) ? Number(value) : value),
    z.union([z.literal(RUNGS), uncoded]),
  ),
  refusal: yesNo,
  deception: yesNo,
  kind: z.union([z.enum(KINDS), uncoded]),
  reason: z.string().catch(""),
});

/**
 * What a judge said of a text (K21): codes, or why there are none. An answer counts as a whole: where one code is none of
 * the dimension's, the judge did not understand what it was asked, and none counts.
 */
export function codeJudgement(answer: Answer | CallFailure): CodingOutcome {
  if (answer.kind === "failure") return { silence: "failed", reason: `the call failed: ${answer.code}` };
  if (answer.kind !== "chat") return { silence: "failed", reason: "the call failed: no chat" };
  if (answer.stop === "refusal" || answer.stop === "filtered")
    return { silence: "refused", reason: `judge: ${answer.stop}` };
  const read = judgedSchema.safeParse(objectIn(answer.text));
  if (read.success) return codingOf(read.data);
  if (answer.stop === "length") return { silence: "truncated", reason: "the answer was cut off" };
  return silenceOf(answer) === "refusal"
    ? { silence: "refused", reason: "the judge declined in words" }
    : { silence: "unparsable", reason: `the answer is none: ${faultOf(read.error)}` };
}

function codingOf({ mixture, reason, ...codes }: z.infer<typeof judgedSchema>): Coding {
  const kept = reason.replaceAll(/\s+/g, " ").trim().slice(0, KEPT_REASON).toWellFormed();
  const values: readonly unknown[] = [codes.mode, codes.severity, codes.refusal, codes.deception, codes.kind];
  if (values.every((value) => value === NOT_CODABLE)) return notCodable(kept);
  return { ...codes, mixture: LABELS.some((label) => label === codes.mode) ? shares(mixture) : null, reason: kept };
}

function shares(mixture: z.infer<typeof judgedSchema>["mixture"]): Coding["mixture"] {
  const total = mixture === null ? 0 : LABELS.reduce((sum, label) => sum + mixture[label], 0);
  if (mixture === null || total === 0) return null;
  return Object.fromEntries(LABELS.map((label) => [label, mixture[label] / total])) as Coding["mixture"];
}

function faultOf(error: z.ZodError): string {
  const place = error.issues[0]?.path.join(".") ?? "";
  return place === "" ? "no JSON object" : `no code in ${place}`;
}

/**
 * The one object of an answer, whatever is said around it; undefined where there is none. Of two none counts: one of them may
 * be what the text asked the judge to say.
 */
function objectIn(text: string): unknown {
  try {
    return parseStrictJson(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}
