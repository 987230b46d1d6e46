import { describe, expect, it } from "vitest";
import { fixtureBank } from "../../../test/fixtures/bank.ts";
import { bankOf, filesOf, HEADER, smallSituations } from "../../../test/fixtures/small-bank.ts";
import type { Bank, Situation } from "../../model/bank.ts";
import { LABELS } from "../../model/label.ts";
import { checkBank, inspectBank } from "./check-bank.ts";
import { summarisePoliteness } from "./check-politeness.ts";
import type { Fault } from "./fault.ts";
import { warnOfSpread } from "./warn-of-spread.ts";

const FOREIGN = { ours: false };

function check(situations: readonly Situation[], language = "en"): Fault[] {
  return checkBank(bankOf(situations, language), FOREIGN);
}

function changed(index: number, change: (situation: Situation) => Partial<Situation>): Situation[] {
  return smallSituations().map((situation, at) => (at === index ? { ...situation, ...change(situation) } : situation));
}

function withReply(index: number, label: "CS" | "MP" | "asocial", reply: string): Situation[] {
  return changed(index, ({ replies }) => ({
    replies: { ...replies, [label]: [reply, replies[label][1], replies[label][2]] },
  }));
}

const summary = (faults: readonly Fault[]) => faults.map(({ code, line, field }) => `${code} ${line} ${field}`);

it("I10: a sound foreign bank without decoys, dyads and 96 situations has no faults", () => {
  expect(check(smallSituations())).toEqual([]);
});

it("I4: situations above and below may differ by one and not by two", () => {
  expect(check(changed(1, () => ({ rank: "equal" })))).toEqual([]);
  expect(summary(check(changed(1, () => ({ rank: "above" }))))).toEqual(["bank-ranks-unbalanced 1 rank"]);
});

it("I4: domains of unequal size are a fault", () => {
  expect(summary(check(changed(1, () => ({ domain: "elsewhere" }))))).toEqual(["bank-domains-unequal 2 domain"]);
  expect(check(smallSituations().map((one, index) => ({ ...one, domain: `d${index}` })))).toEqual([]);
});

it("I5: a reply may be a quarter longer than its situation's mean and not more", () => {
  // Seventeen replies of five words and one of six give a mean of 5.06 and an upper end of 6.32, one of seven 6.39.
  expect(check(withReply(0, "CS", "one two three four five six"))).toEqual([]);
  const faults = check(withReply(0, "CS", "one two three four five six seven"));
  expect(summary(faults)).toEqual(["bank-length 1 replies.CS.0"]);
  expect(faults[0]?.fix).toBe("shorten the reply");
});

it("I5: words are those of Intl.Segmenter, in which a hyphenated word is its parts", () => {
  expect(summary(check(withReply(0, "CS", "one-two-three four-five six-seven")))).toEqual([
    "bank-length 1 replies.CS.0",
  ]);
});

it("I6: label means of politeness more than a quarter of a standard deviation apart are a fault", () => {
  const faults = check(withReply(0, "CS", "thanks repcsa yq go"));
  expect(summary(faults)).toEqual(["bank-politeness 1 replies.CS.0"]);
  const everywhere = smallSituations().map((situation) => ({
    ...situation,
    replies: Object.fromEntries(
      LABELS.map((label) => [
        label,
        situation.replies[label].map((reply, at) => (at === 0 ? reply.replace("then", "please") : reply)),
      ]),
    ) as Situation["replies"],
  }));
  expect(check(everywhere)).toEqual([]);
});

it("I6: rude words count against polite ones, and without any marker the spread is 0 and nothing is apart", () => {
  const lines = (situations: readonly Situation[]) => situations.map((value, index) => ({ line: index + 1, value }));
  const of = (situations: readonly Situation[]) =>
    summarisePoliteness({ language: "en", situations: lines(situations), dyads: [] });
  expect(of(smallSituations())).toMatchObject({ standardDeviation: 0, apart: 0 });
  expect(of(withReply(0, "MP", "you stupid person, please")).means.MP).toBe(0);
  expect(of(withReply(0, "MP", "you stupid lazy person")).means.MP).toBeCloseTo(-2 / 9, 12);
});

describe("I7: a content word of the cue in a reply of its label is a fault", () => {
  it.each([
    ["the word itself", "wemcsa"],
    ["with a capital", "Wemcsa"],
    ["inflected", "wemcsas"],
    ["hyphenated", "re-wemcsa"],
  ])("%s", (_, word) => {
    const faults = check(
      withReply(0, "CS", `I ${word} it there`.replace(/ there$/, word.includes("-") ? "" : " there")),
    );
    expect(summary(faults)).toEqual(["bank-cue-overlap 1 replies.CS.0"]);
    expect(faults[0]?.message).toContain(JSON.stringify(word.replace("re-", "")));
  });

  it.each([
    ["decide", "decision"],
    ["takes", "took"],
    ["sharing", "share"],
    ["carries", "carried"],
    ["paid", "payment's".slice(0, 3)],
    ["equally", "equal"],
  ])("%s and %s are one word", (inCue, inReply) => {
    const situations = withReply(0, "CS", `I ${inReply} it xq`).map((one, index) =>
      index === 0 ? { ...one, cues: { ...one.cues, CS: `${inCue} woo wam wim` } } : one,
    );
    expect(summary(check(situations))).toEqual(["bank-cue-overlap 1 replies.CS.0"]);
  });

  it("function words may recur, and so may words of another mode's cue", () => {
    expect(check(withReply(0, "CS", "all of wemara yours"))).toEqual([]);
    const situations = changed(0, ({ cues }) => ({ cues: { ...cues, CS: "then all of wemcsa and each" } }));
    expect(check(situations)).toEqual([]);
  });

  it("a limit's replies are compared with its validation cue", () => {
    const situations = withReply(0, "asocial", "I grab it xq").map((one, index) =>
      index === 0 ? { ...one, validation: { asocial: "all grabbed what was near", null: "vum" } } : one,
    );
    expect(summary(check(situations))).toEqual(["bank-cue-overlap 1 replies.asocial.0"]);
  });
});

it("I8: a decoy with fewer than three content words of its cue is a warning in a foreign bank, and a fault in ours", () => {
  const decoys = {
    CS: "wemcsa wumcsa wamcsa past",
    AR: "wemara wumara wamara past",
    EM: "wemema wumema wamema past",
    MP: "wemmpa wummpa past",
  };
  const situations = changed(0, () => ({ decoys }));
  const foreign = check(situations).filter(({ code }) => code === "bank-decoy-words");
  expect(foreign.map(({ severity, line, field }) => [severity, line, field])).toEqual([["warning", 1, "decoys.MP"]]);
  const ours = checkBank(bankOf(situations), { ours: true }).filter(({ code }) => code === "bank-decoy-words");
  expect(ours.map(({ severity }) => severity)).toEqual(["fault"]);
});

it("I10: a text that stands twice anywhere in the bank is a fault that names both places; questions may recur", () => {
  const first = smallSituations()[0] as Situation;
  const faults = check(changed(2, ({ cues }) => ({ cues: { ...cues, EM: first.cues.AR.toUpperCase() } })));
  expect(summary(faults)).toEqual(["bank-text-repeated 3 cues.EM"]);
  expect(faults[0]?.message).toContain("situations.jsonl:1, cues.AR");
});

it("I10: missing and doubled ids and empty texts are faults with file, line, field and fix, and the rest is still checked", () => {
  const situations = withReply(2, "CS", "one two three four five six seven");
  const { id: _, ...nameless } = situations[0] as Situation;
  const empty = { ...(situations[1] as Situation), setting: " " };
  const faults = inspectBank(
    filesOf([nameless, empty, situations[2] as Situation, situations[2] as Situation]),
    FOREIGN,
  );
  expect(summary(faults).filter((one) => !one.startsWith("bank-text-repeated"))).toEqual([
    "bank-field-missing 1 id",
    "bank-text-empty 2 setting",
    "bank-id-duplicated 4 id",
    "bank-length 3 replies.CS.0",
    "bank-length 4 replies.CS.0",
    "bank-balance-not-checked 1 ",
  ]);
  expect(faults.every(({ file, fix }) => file === "situations.jsonl" && fix !== "")).toBe(true);
  expect(faults.filter(({ severity }) => severity !== "fault").map(({ code }) => code)).toEqual([
    "bank-balance-not-checked",
  ]);
});

it("I10: a record that cannot be read makes no faults of balance, and a key of the header has its line", () => {
  const [first, ...rest] = smallSituations(6);
  const broken = { ...first, rank: "beside" };
  const faults = inspectBank(filesOf([broken, ...rest], HEADER.replace("language: en", "language: 5")), FOREIGN);
  expect(summary(faults)).toEqual([
    "bank-field-invalid 4 language",
    "bank-field-invalid 1 rank",
    "bank-overlap-not-checked 1 ",
    "bank-balance-not-checked 1 ",
  ]);
});

it("I10: a dyad that is set as another is a fault in its own file", () => {
  const dyads = [1, 2].map((index) => ({ ...fixtureBank().dyads[0], id: `dyad-${index}` })) as Bank["dyads"];
  const [fault, ...others] = checkBank({ ...bankOf(smallSituations()), dyads }, FOREIGN);
  expect(others).toEqual([]);
  expect(fault).toMatchObject({ code: "bank-text-repeated", file: "dyads.jsonl", line: 2, field: "setting" });
});

it("I10: what needs our word lists is said not to have been checked in another language, never passed in silence", () => {
  const faults = check(withReply(0, "CS", "thanks wemcsa yq go"), "de");
  expect(faults.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    "warning bank-overlap-not-checked",
    "warning bank-politeness-not-checked",
  ]);
});

it("I10, I2, I8, I9, I11: the numbers bind our bank only", () => {
  expect(checkBank(bankOf(smallSituations()), { ours: true }).map(({ code }) => code)).toEqual([
    "bank-size",
    "bank-domains",
    "bank-decoys-few",
    "bank-validation-few",
    "bank-dyads-few",
    "bank-scripts-missing",
  ]);
});

it("I10: a wording farther than 3.5 robust standard deviations from its label's median is a warning, a nearer one is not", () => {
  // Five words a reply at −8, −10 and −12 nats a word: median −10, MAD 2 once one is missing, robust SD 2.97, limit −20.4.
  const bank = bankOf(smallSituations());
  const scored = (one: number) =>
    bank.situations.map(({ id }, index) => ({
      situation: id,
      logProbabilities: Object.fromEntries(
        LABELS.map((label) => [label, label === "EM" && index === 1 ? [-40, one, null] : [-40, -50, -60]]),
      ) as Record<(typeof LABELS)[number], (number | null)[]>,
    }));
  expect(warnOfSpread(bank, scored(-20.3 * 5))).toEqual([]);
  const faults = warnOfSpread(bank, scored(-20.5 * 5));
  expect(faults.map(({ severity, code, line, field }) => `${severity} ${code} ${line} ${field}`)).toEqual([
    "warning bank-wording-far 2 replies.EM.1",
  ]);
});
