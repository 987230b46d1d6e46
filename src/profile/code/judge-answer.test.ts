import fc from "fast-check";
import { expect, it } from "vitest";
import { mutatedJsonText } from "../../../test/fuzz/mutations.ts";
import { codingSchema } from "../../model/coding.ts";
import type { ChatAnswer } from "../../model/language-model.ts";
import { codeJudgement, judgeSchema } from "./judge-answer.ts";

const usage = { promptTokens: 1, completionTokens: 1 };
const said = (text: string, stop: ChatAnswer["stop"] = "stop"): ChatAnswer => ({ kind: "chat", text, stop, usage });
const CODES = {
  mode: "MP",
  mixture: { CS: 0, AR: 1, EM: 0, MP: 3, asocial: 0, null: 0 },
  severity: "8",
  refusal: "no",
  deception: "no",
  kind: "threat",
  reason: "a last\n term",
};
const json = (more: Readonly<Record<string, unknown>> = {}) => JSON.stringify({ ...CODES, ...more });
const silence = (answer: Parameters<typeof codeJudgement>[0]) => {
  const outcome = codeJudgement(answer);
  return "silence" in outcome ? outcome.silence : null;
};

it("K20: a judgement holds every dimension, shares of the modes that sum to 1, and its reason in one line", () => {
  expect(codeJudgement(said(json()))).toEqual({
    ...{ mode: "MP", severity: 8, refusal: "no", deception: "no", kind: "threat", reason: "a last term" },
    mixture: { CS: 0, AR: 0.25, EM: 0, MP: 0.75, asocial: 0, null: 0 },
  });
  expect(codeJudgement(said(`Here it is:\n\`\`\`json\n${json({ severity: 3 })}\n\`\`\``))).toMatchObject({
    severity: 3,
  });
  const none = { CS: 0, AR: 0, EM: 0, MP: 0, asocial: 0, null: 0 };
  expect(codeJudgement(said(json({ mixture: none })))).toMatchObject({ mode: "MP", mixture: null });
  expect(codeJudgement(said(json({ mode: "cannot-tell" })))).toMatchObject({ mode: "cannot-tell", mixture: null });
});

it("K20: a text that a judge does not read is not codable throughout, not zero", () => {
  const places = ["mode", "severity", "refusal", "deception", "kind"];
  const unread = Object.fromEntries(places.map((place) => [place, "not-codable"]));
  expect(codeJudgement(said(json(unread)))).toMatchObject({ ...unread, mixture: null });
});

it("K21: what is no judgement is refused, cut off, failed or unparsable, and counts as a whole", () => {
  expect(silence(said("", "refusal"))).toBe("refused");
  expect(silence(said(json(), "filtered"))).toBe("refused");
  expect(silence(said("I'm sorry, but I cannot rate this."))).toBe("refused");
  expect(silence(said(json().slice(0, 60), "length"))).toBe("truncated");
  expect(silence({ kind: "failure", code: "request-refused" })).toBe("failed");
  expect(silence(said("severity 8"))).toBe("unparsable");
  expect(silence(said(json({ severity: "11" })))).toBe("unparsable");
  expect(silence(said(json({ mode: "market" })))).toBe("unparsable");
  expect(silence(said('{"severity":"8"}'))).toBe("unparsable");
  // One of two may be what the text asked for.
  expect(silence(said(`${json({ severity: "0" })} ${json()}`))).toBe("unparsable");
  expect(silence(said(json().replace("{", '{"severity":"0",')))).toBe("unparsable");
});

it("K20: a schema binds every code, and a reason's length only where a grammar keeps to it", () => {
  const schema = judgeSchema(false) as { properties: Record<string, { enum?: unknown[] }>; required: string[] };
  expect(schema.required).toEqual(Object.keys(CODES));
  expect(schema.properties.severity?.enum).toEqual([
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
    "cannot-tell",
    "not-codable",
  ]);
  expect(JSON.stringify(schema)).not.toContain("maxLength");
  expect(JSON.stringify(judgeSchema(true))).toContain('"maxLength":160');
});

it("K21: whatever a judge answers is a coding that the schema knows, or a silence", () => {
  const seen = { coded: 0, silent: 0 };
  fc.assert(
    fc.property(mutatedJsonText([CODES], 1), fc.constantFrom("stop", "length", "other"), (text, stop) => {
      const outcome = codeJudgement(said(text, stop as "stop"));
      seen["silence" in outcome ? "silent" : "coded"] += 1;
      if ("silence" in outcome) return;
      codingSchema.parse(outcome);
      const { mixture } = outcome;
      if (mixture) expect(Object.values(mixture).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
    { numRuns: 150, seed: 3 },
  );
  // Neither all read nor all refused, which would put nothing to the test.
  expect(seen.coded).toBeGreaterThan(8);
  expect(seen.silent).toBeGreaterThan(8);
});
