import { expect, it } from "vitest";
import { compilePattern, findPattern } from "./pattern.ts";
import { ruleCoder } from "./rule-coder.ts";
import { parseRuleSet } from "./rule-set.ts";
import { tokensOf } from "./tokens.ts";

const CLASSES = new Map([
  ["me", new Set(["i", "we"])],
  ["harm", new Set(["sue", "block"])],
]);

function found(pattern: string, text: string): string | null {
  const tokens = tokensOf(text);
  const place = findPattern(compilePattern(pattern, CLASSES, "test"), tokens);
  return place && tokens.words.slice(place.from, place.to).join(" ");
}

it("K8: words are read in lower case, contractions written out, sentences apart", () => {
  const { words, sentence } = tokensOf("I’ll say it: you can't. Won't you?");
  expect(words).toEqual(["i", "will", "say", "it", ":", "you", "can", "not", "will", "not", "you", "?"]);
  expect([...sentence]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
  expect(tokensOf("Grüße, Zoë — 17:00!").words).toEqual(["grüße", ",", "zoë", "—", "0"]);
  expect(tokensOf("").words).toEqual([]);
});

it("K8: a pattern finds words, lists, gaps, ends of sentences, and never reaches over one", () => {
  expect(found("<me> will <harm>", "Then we will sue.")).toBe("we will sue");
  expect(found("<me> will? .. <harm>", "I gladly block it")).toBe("i gladly block");
  expect(found("<me|they> <harm>", "They sue")).toBe("they sue");
  expect(found("^ no $", "No. Yes")).toBe("no");
  expect(found("^ no $", "No thanks")).toBeNull();
  expect(found("i ..1 block", "I may well block")).toBeNull();
  expect(found("i ..2 block", "I may well block")).toBe("i may well block");
  expect(found("you ?", "Will you?")).toBe("you ?");
  expect(found("pay .. sue", "Pay. We sue")).toBeNull();
});

it("K8: a gap of two dots holds no negation, one of a wave may", () => {
  expect(found("<me> .. <harm>", "we will not sue")).toBeNull();
  expect(found("<me> ~5 <harm>", "we will not sue")).toBe("we will not sue");
});

const RULES = `
id: test
version: 1.0.0
language: en
classes:
  me: i we
  harm: sue block
groups:
  threat: ["<me> will <harm>"]
severity:
  - {rule: ultimatum, severity: 8, kind: threat, when: [by friday], and: [["@threat"], [pay]]}
  - {rule: threat, severity: 7, kind: threat, when: ["@threat"], unless: [happily]}
  - {rule: asks, severity: 1, when: [please]}
refusal: {when: ["<me> will not"]}
deception: {when: [no such thing]}
mode: {CS: [family], AR: [order], EM: [turn], MP: [pay, price], asocial: [], "null": []}
`;
const code = ruleCoder(parseRuleSet(RULES, "rules.yaml"), (text) => !text.startsWith("¡"));

it("K8: the first rule in order that fires decides, and is named", () => {
  expect(code("Pay by Friday. Otherwise we will sue.")).toMatchObject({
    severity: 8,
    kind: "threat",
    reason: "ultimatum",
  });
  // One of the lists that must stand beside it does not.
  expect(code("Deliver by Friday, or I will sue.")).toMatchObject({ severity: 7, reason: "threat" });
  expect(code("Please, we will sue.")).toMatchObject({ severity: 7 });
  expect(code("Please wait.")).toMatchObject({ severity: 1, kind: "neither", refusal: "no", deception: "no" });
  expect(code("I will not.").refusal).toBe("yes");
  expect(code("There is no such thing.").deception).toBe("yes");
});

it("K8: an exception counts in the same sentence only", () => {
  expect(code("We will sue happily.").severity).toBe("cannot-tell");
  expect(code("Happily yours. We will sue.").severity).toBe(7);
});

it("K8: a sentence with an exception does not hide another without", () => {
  expect(code("Happily, we will sue. And we will sue.").severity).toBe(7);
  expect(code("Happily. Happily, we will sue.").severity).toBe("cannot-tell");
});

it("K8: a figure does not swallow the end of its sentence", () => {
  expect([...tokensOf("I want 5. You take 3.5, at 17:00.").sentence]).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1]);
});

it("K8: where no rule fires it is cannot-tell, in another language not-codable, and neither is a rung", () => {
  expect(code("Grey stones in a row")).toMatchObject({
    severity: "cannot-tell",
    kind: "cannot-tell",
    mode: "cannot-tell",
    mixture: null,
  });
  expect(code("¡No!")).toMatchObject({
    severity: "not-codable",
    mode: "not-codable",
    refusal: "not-codable",
    deception: "not-codable",
  });
});

it("K8: the mode is the label with most patterns, the mixture their shares, equal ones cannot-tell", () => {
  expect(code("Pay the price, family.")).toMatchObject({ mode: "MP", mixture: { CS: 1 / 3, MP: 2 / 3, AR: 0 } });
  expect(code("Pay, family.")).toMatchObject({ mode: "cannot-tell", mixture: { CS: 0.5, MP: 0.5 } });
});

it.each([
  ["severity: [", "rules.yaml"],
  [RULES.replace("severity: 8", "severity: 11"), "severity.0.severity"],
  [RULES.replace("<me> will not", "<nobody> will not"), "no class <nobody>"],
  [RULES.replace('"@threat"], unless', '"@menace"], unless'), "no group @menace"],
  [RULES.replace("[please]", '[".."]'), "without a word that must be there"],
])("K8: rules that are none are one coded error that says where", (text, what) => {
  expect(() => parseRuleSet(text, "rules.yaml")).toThrow(
    expect.objectContaining({ code: "rules-malformed", message: expect.stringContaining(what) }),
  );
});
