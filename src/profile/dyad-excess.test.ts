import { expect, it } from "vitest";
import { clopperPearson } from "../kernel/intervals.ts";
import { randomStream } from "../kernel/random.ts";
import type { Dyad, ScriptName } from "../model/bank.ts";
import { LABELS } from "../model/label.ts";
import type { DyadScript } from "../model/profile.ts";
import { alwaysGives, movesAtRandom, neverGives, playPolicy, summariseDyads } from "./dyad-excess.ts";
import type { DyadMeasurement } from "./measurement.ts";

const dyad = (script: ScriptName, index: number): Dyad => ({
  id: `dyad-${script}-${index}`,
  domain: "trade",
  rank: "equal",
  self: "one",
  other: "another",
  setting: "Two meet.",
  script,
  objects: ["x", "y"],
  moves: 8,
});
const three = (script: ScriptName) => [1, 2, 3].map((index) => dyad(script, index));
const stream = () => randomStream(5, "excess");
const only = (measured: readonly DyadMeasurement[]) => summariseDyads(measured, stream())[0] as DyadScript;

it("I15: a model that always gives, or never does, has no excess over itself", () => {
  for (const script of ["gives-first", "mirrors", "commands", "does-nothing"] as const) {
    const giving = only(three(script).map((one) => playPolicy(one, alwaysGives)));
    const keeping = only(three(script).map((one) => playPolicy(one, neverGives)));
    expect(LABELS.map((label) => giving.categories[label].excess.alwaysGives.value)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(LABELS.map((label) => keeping.categories[label].excess.neverGives.value)).toEqual([0, 0, 0, 0, 0, 0]);
  }
});

it("I15: giving to one who mirrors is EM in all of three dyads, and all of it excess over never giving", () => {
  const { categories, dyads, moves, unparsable } = only(three("mirrors").map((one) => playPolicy(one, alwaysGives)));
  const [low, high] = clopperPearson(3, 3, 0.95);
  expect(categories.EM.share).toEqual({
    value: 1,
    low,
    high,
    n: 3,
    missing: 0,
    method: "share of dyads, Clopper–Pearson",
  });
  expect(categories.EM.excess.neverGives).toMatchObject({ value: 1, low, high, n: 3 });
  expect(categories.null.excess.neverGives).toMatchObject({ value: -1, low: -1, high: -low, n: 3 });
  expect({ dyads, moves, unparsable }).toEqual({ dyads: 3, moves: 24, unparsable: 0 });
});

it("I15: a model that moves at random has no excess over the random policy, within chance", () => {
  const random = movesAtRandom(randomStream(8));
  const measured = Array.from({ length: 200 }, (_, index) => playPolicy(dyad("sets-price", index), random));
  const { categories } = only(measured);
  // Two means of 200 each: standard deviation 0.05 at most; three of them.
  for (const label of LABELS) expect(Math.abs(categories[label].excess.random.value ?? 1)).toBeLessThan(0.15);
});

it("I15: dyads without a readable move are missing, unparsable moves counted, and scripts kept apart", () => {
  const silent: DyadMeasurement = {
    dyad: dyad("takes", 1),
    moves: Array.from({ length: 8 }, () => ({
      model: null,
      partner: { act: "take" as const, object: "x", for: null },
      silence: "unparsable" as const,
    })),
  };
  const played = playPolicy(dyad("takes", 2), neverGives);
  const found = summariseDyads([silent, played, playPolicy(dyad("asks", 1), neverGives)], stream());
  expect(found.map(({ script }) => script)).toEqual(["takes", "asks"]);
  expect(found[0]).toMatchObject({ dyads: 2, moves: 16, unparsable: 8 });
  expect(found[0]?.categories.asocial.share).toMatchObject({ value: 1, n: 1, missing: 1 });
  const [none] = summariseDyads([silent], stream());
  const nothing = { value: null, low: null, high: null, n: 0, missing: 1, method: "no dyad with a readable move" };
  expect(none?.categories.asocial).toEqual({
    share: nothing,
    excess: { alwaysGives: nothing, neverGives: nothing, random: nothing },
  });
});

it("I15: no dyads give no scripts, and the same stream the same numbers", () => {
  expect(summariseDyads([], stream())).toEqual([]);
  const measured = three("shares").map((one) => playPolicy(one, alwaysGives));
  expect(summariseDyads(measured, stream())).toEqual(summariseDyads(measured, stream()));
});
