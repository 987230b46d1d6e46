import { expect, it } from "vitest";
import { LABELS, type Label, ROWS } from "../model/label.ts";
import type { ScoreMeasurement } from "./measurement.ts";
import { cuedEffects, tabulateScore } from "./tabulate-score.ts";

type Value = (arm: string, row: string, label: Label, wording: number) => number | null;

function prompts(value: Value): ScoreMeasurement[] {
  const one = (arm: ScoreMeasurement["arm"], row: ScoreMeasurement["row"]): ScoreMeasurement => ({
    situation: "s",
    domain: "d",
    rank: "above",
    arm,
    row,
    logProbabilities: Object.fromEntries(
      LABELS.map((label) => [label, [0, 1, 2].map((wording) => value(arm, row, label, wording))]),
    ) as unknown as ScoreMeasurement["logProbabilities"],
  });
  return [
    one("content-free", "content-free"),
    ...ROWS.map((row) => one("bank", row)),
    ...(["CS", "AR", "EM", "MP"] as const).map((row) => one("decoy", row)),
    one("validation", "asocial"),
    one("validation", "null"),
  ];
}

const prior = (label: Label, wording: number) => -30 - 3 * LABELS.indexOf(label) - wording;

it("A2: the cue effect of a row is the mean over wordings of log P minus its mean over the five rows, whatever the text's own probability", () => {
  const [table] = tabulateScore(
    prompts((arm, row, label, wording) => prior(label, wording) + (arm === "bank" && row === label ? 5 : 0)),
    { temperature: 1 },
  );
  // Effects of row CS: CS 5 − 5/5 = 4; AR, EM, MP 0 − 1 = −1; asocial, null 0. Margin of CS: 4 − (−3)/5 = 4.6.
  expect(table?.primary.CS.CS).toBeCloseTo(4.6, 12);
  // Row none: −1 four times, 0 twice; margin of CS: −1 − (−3)/5 = −0.4; of asocial 0 − (−4)/5 = 0.8.
  expect(table?.primary.none.CS).toBeCloseTo(-0.4, 12);
  expect(table?.primary.none.asocial).toBeCloseTo(0.8, 12);
});

it("A2: a wording that is missing in one row is left out of all rows of its label", () => {
  const [table] = tabulateScore(
    prompts((arm, row, label, wording) => {
      if (arm === "bank" && row === "AR" && label === "CS" && wording === 0) return null;
      return prior(label, wording) + (row === label ? 5 : 0) + (wording === 0 && row === "CS" ? 100 : 0);
    }),
    { temperature: 1 },
  );
  // CS without wording 0: 4; the others carry 100/3 · 4/5 in row CS from wording 0.
  const other = (100 / 3) * 0.8;
  expect(table?.primary.CS.CS).toBeCloseTo(4 - (3 * (other - 1) + 2 * other) / 5, 9);
});

it("A3: a row is won by the label of greatest cue effect and ties share the win", () => {
  const [won] = tabulateScore(
    prompts((_, row, label) => (row === label ? 1 : 0)),
    { temperature: 1 },
  );
  expect(ROWS.slice(1).map((row) => won?.win[row][row as Label])).toEqual([1, 1, 1, 1]);
  expect(won?.win.none).toEqual({ CS: 0, AR: 0, EM: 0, MP: 0, asocial: 0.5, null: 0.5 });
});

it("A4: bias is the no-cue row against the content-free prompt and keeps what all rows share", () => {
  const [table] = tabulateScore(
    prompts((arm, _, label, wording) => prior(label, wording) + (arm !== "content-free" && label === "MP" ? 2 : 0)),
    { temperature: 1 },
  );
  expect(table?.bias.MP).toBeCloseTo(2, 12);
  expect(table?.bias.CS).toBeCloseTo(-0.4, 12);
  expect(table?.primary.none.MP).toBeCloseTo(0, 12);
});

it("A13: cue and decoy are own label against the mean of the other five, each against the neutral sentence", () => {
  const [table] = tabulateScore(
    prompts((arm, row, label) => {
      if (row !== label) return 0;
      return arm === "decoy" ? 1.5 : 4;
    }),
    { temperature: 1 },
  );
  expect(table?.cue.EM).toBeCloseTo(4, 12);
  expect(table?.decoy.EM).toBeCloseTo(1.5, 12);
});

it("A5: the normalised score is a softmax of cue effects at the one temperature and sums to one", () => {
  const [table] = tabulateScore(
    prompts((_, row, label) => (row === label ? 2 : 0)),
    { temperature: 2 },
  );
  const row = table?.distribution.MP;
  expect(LABELS.reduce((sum, label) => sum + (row?.[label] ?? 0), 0)).toBeCloseTo(1, 12);
  // Effects: MP 1.6, CS AR EM −0.4, limits 0; over 2.
  expect(row?.MP).toBeCloseTo(Math.exp(0.8) / (Math.exp(0.8) + 3 * Math.exp(-0.2) + 2), 12);
});

it("A5: the temperature is fitted on cued rows only", () => {
  const { effects, labels } = cuedEffects(prompts((_, row, label) => (row === label ? 2 : 0)));
  expect(labels).toEqual([0, 1, 2, 3]);
  expect(effects[0]?.[0]).toBeCloseTo(1.6, 12);
});

it("I9: validation rows are told by their own win and enter no row of the profile", () => {
  const with_ = tabulateScore(
    prompts((arm, row, label) => (arm === "validation" && row === label ? 9 : 0)),
    { temperature: 1 },
  )[0];
  const without = tabulateScore(
    prompts(() => 0).filter(({ arm }) => arm !== "validation"),
    { temperature: 1 },
  )[0];
  expect(with_?.validation).toEqual({ asocial: 1, null: 1 });
  expect(without?.validation).toEqual({ asocial: null, null: null });
  expect(with_?.primary).toEqual(without?.primary);
});

it("E1: a cell without its log-probabilities is empty, not zero", () => {
  const [table] = tabulateScore(
    prompts((arm, _, label) => (arm === "bank" && label === "AR" ? null : 0)),
    { temperature: 1 },
  );
  expect(table?.primary.none).toEqual({ CS: null, AR: null, EM: null, MP: null, asocial: null, null: null });
});
