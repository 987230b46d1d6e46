import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";
import { pairedPower } from "../kernel/power.ts";
import { randomStream } from "../kernel/random.ts";
import { signFlip } from "../kernel/sign-flip.ts";
import { LABELS, ROWS } from "../model/label.ts";
import type { MeasurementError } from "../model/measurement-error.ts";
import type { Profile } from "../model/profile.ts";
import { compareProfiles } from "./compare.ts";
import { planPower, situationsFor } from "./plan-power.ts";
import { estimateTrend } from "./trend.ts";

const bank = fixtureBank({ perDomain: 2 });
const options = { margin: null };

async function profileBy(policy: string, seed: number, format: "score" | "choice" = "score"): Promise<Profile> {
  return profileOf(await simulateRun(bank, fixturePlan(bank, { format, set: "full" }), policyOf(policy), seed));
}

it("E8: a difference is found where there is one, cells are paired by situation and adjusted by Holm", async () => {
  const [comparison] = compareProfiles(
    [await profileBy("uniform", 1), await profileBy("cue-follower", 2)],
    options,
    randomStream(1, "t"),
  );
  const diagonal = comparison?.cells.filter(({ row, label }) => row === label) ?? [];
  expect(diagonal.every(({ adjustedP }) => adjustedP !== null && adjustedP <= 0.05)).toBe(true);
  expect(diagonal.every(({ difference }) => (difference.value ?? 0) > 1)).toBe(true);
  expect(comparison?.pairs).toBe(24);
  expect(comparison?.cells).toHaveLength(30);
  for (const { p, adjustedP } of comparison?.cells ?? []) expect(adjustedP).toBeGreaterThanOrEqual(p ?? 1);
});

it("E16: a mode whose cue moves the guarded model less is a blind spot, with where most; others are none", async () => {
  const plain = await profileBy("cue-follower", 1);
  const deaf = structuredClone({ ...plain, system: "a".repeat(64) });
  deaf.situations.forEach(({ cells }, at) => {
    cells.AR.AR = (cells.AR.AR as number) - (at === 5 ? 9 : 2 + 0.1 * (at % 3));
    cells.MP.MP = (cells.MP.MP as number) + 2;
  });
  const spotsOf = (first: Profile, second: Profile) =>
    compareProfiles([first, second], options, randomStream(1, "t"))[0]?.blindSpots;
  const spots = spotsOf(plain, deaf) ?? [];
  expect(spots.map(({ mode, finding }) => [mode, finding])).toEqual([
    ...[
      ["CS", "cannot tell"],
      ["AR", "fell"],
      ["EM", "cannot tell"],
      ["MP", "cannot tell"],
    ],
  ]);
  expect(spots[1]?.most[0]).toMatchObject({ situation: plain.situations[5]?.id });
  expect(spots[1]?.most).toHaveLength(3);
  expect(spotsOf(plain, plain)).toBeNull();
  expect(spotsOf(deaf, plain)).toBeNull();
});

it("E8: models alike within the user's margin are told equivalent, and nothing is where no margin was named", async () => {
  const pair = [await profileBy("communal", 1), await profileBy("communal", 2)];
  const [wide] = compareProfiles(pair, { ...options, margin: 20 }, randomStream(1, "t"));
  expect(wide?.cells.every(({ equivalenceP }) => equivalenceP !== null && equivalenceP <= 0.05)).toBe(true);
  const [narrow] = compareProfiles(pair, { ...options, margin: 0.001 }, randomStream(1, "t"));
  expect(narrow?.cells.some(({ equivalenceP }) => equivalenceP !== null && equivalenceP <= 0.05)).toBe(false);
  expect(compareProfiles(pair, options, randomStream(1, "t"))[0]?.cells[0]?.equivalenceP).toBeNull();
});

it("E8: another format, another bank, and no common situation are coded errors", async () => {
  const first = await profileBy("uniform", 1);
  const choice = await profileBy("uniform", 1, "choice");
  expect(() => compareProfiles([first, choice], options, randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "compare-formats" }),
  );
  const other = { ...first, bank: { ...first.bank, hash: "a".repeat(64) } };
  expect(() => compareProfiles([first, other], options, randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "compare-banks" }),
  );
  const apart = { ...first, situations: first.situations.map((one) => ({ ...one, id: `x-${one.id}` })) };
  expect(() => compareProfiles([first, apart], options, randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "compare-unpaired" }),
  );
  expect(() => compareProfiles([first], options, randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "compare-too-few" }),
  );
});

it("A14: profiles of two formats are never compared", async () => {
  const pair = [await profileBy("communal", 1), await profileBy("communal", 1, "choice")];
  expect(() => compareProfiles(pair, options, randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "compare-formats" }),
  );
});

it("E8: banks of one parent are paired by id, with the standard error of measurement added to the interval", async () => {
  const first = await profileBy("uniform", 1);
  const child = {
    ...(await profileBy("uniform", 2)),
    bank: { ...first.bank, hash: "b".repeat(64), parent: { id: "fixture", hash: first.bank.hash, seed: 1 } },
  };
  const width = (measurement: number | null) => {
    const cell = compareProfiles([first, child], { ...options, measurement }, randomStream(1, "t"))[0]?.cells[0]
      ?.difference;
    return (cell?.high ?? 0) - (cell?.low ?? 0);
  };
  expect(width(0.5)).toBeGreaterThan(width(0.1));
  expect(() => width(null)).toThrow(expect.objectContaining({ code: "compare-error-missing" }));
});

it("E8: between forms of one parent the measured error is added by itself, to interval and p, and only under score", async () => {
  const pair = [await profileBy("uniform", 1), await profileBy("communal", 2)] as const;
  const childOf = (profile: Profile) => ({
    ...profile,
    bank: { ...profile.bank, hash: "b".repeat(64), parent: { id: "fixture", hash: bank.hash, seed: 1 } },
  });
  const measured = (error: number): MeasurementError => {
    const errors = Object.fromEntries(LABELS.map((label) => [label, error])) as MeasurementError["bias"];
    return {
      schema: "dashpot/measurement-error@1",
      model: "embedded:test",
      parent: bank.hash,
      forms: [{ seed: 1, hash: "b".repeat(64) }],
      situations: 24,
      unit: "nats",
      cells: Object.fromEntries(ROWS.map((row) => [row, errors])) as MeasurementError["cells"],
      bias: errors,
    };
  };
  const bias = (error: number) => {
    const [found] = compareProfiles(
      [pair[0], childOf(pair[1])],
      { ...options, measurement: measured(error) },
      randomStream(1, "t"),
    );
    return found?.biases.find(({ label }) => label === "CS");
  };
  const [none, large] = [bias(0), bias(1)];
  expect(large?.difference.value).toBe(none?.difference.value);
  expect(none?.p).toBeLessThan(0.01);
  expect(large?.p).toBeGreaterThan(0.1);
  // Two forms, each with an error of 1: t with 12 degrees of freedom (two situations in each of twelve domains) at most.
  expect((large?.difference.high ?? 0) - (large?.difference.low ?? 0)).toBeGreaterThan(2 * 2.17 * Math.SQRT2);
  const elsewhere = { ...measured(1), parent: "c".repeat(64) };
  const asked = [await profileBy("uniform", 1, "choice"), childOf(await profileBy("uniform", 2, "choice"))];
  for (const [profiles, measurement] of [
    [[pair[0], childOf(pair[1])], elsewhere],
    [asked, measured(1)],
  ] as const) {
    expect(() => compareProfiles(profiles, { ...options, measurement }, randomStream(1, "t"))).toThrow(
      expect.objectContaining({ code: "compare-error-missing" }),
    );
  }
});

it("E8: every two of several models are compared, in thirty cells and in six biases with an adjustment of their own", async () => {
  const found = compareProfiles(
    [await profileBy("uniform", 1), await profileBy("market-trader", 2), await profileBy("uniform", 3)],
    options,
    randomStream(1, "t"),
  );
  expect(found.map(({ cells, biases }) => [cells.length, biases.length])).toEqual([
    [30, 6],
    [30, 6],
    [30, 6],
  ]);
  const market = (index: number) => found[index]?.biases.find(({ label }) => label === "MP");
  expect(market(0)?.difference.value).toBeGreaterThan(1);
  expect(market(2)?.difference.value).toBeLessThan(-1);
  expect(market(0)?.adjustedP).toBeCloseTo(6 * (market(0)?.p ?? 1), 10);
  expect(market(1)?.adjustedP).toBeGreaterThan(0.05);
});

it("E9: a trend over versions is found in the cells that move, and three versions are needed", async () => {
  const versions = [await profileBy("uniform", 1), await profileBy("communal", 2), await profileBy("cue-follower", 3)];
  const trend = estimateTrend(versions, randomStream(1, "t"));
  const diagonal = trend.cells.find(({ row, label }) => row === "EM" && label === "EM");
  expect(diagonal?.slope.value).toBeGreaterThan(0.5);
  expect(diagonal?.adjustedP).toBeLessThanOrEqual(0.05);
  expect(() => estimateTrend(versions.slice(0, 2), randomStream(1, "t"))).toThrow(
    expect.objectContaining({ code: "trend-too-few" }),
  );
  const odd = [...versions.slice(0, 2), await profileBy("communal", 3, "choice")];
  expect(() => estimateTrend(odd, randomStream(1, "t"))).toThrow(expect.objectContaining({ code: "trend-unlike" }));
});

it("E11: power needs more situations for smaller differences, and what can be seen shrinks with n", async () => {
  const profile = await profileBy("communal", 1);
  const plan = (delta: number) => planPower(profile, { delta, power: 0.8, alpha: 0.05 });
  expect(plan(0.25).situations ?? Infinity).toBeGreaterThan(plan(1).situations ?? 0);
  const cell = plan(1).cells[0];
  expect(cell?.sd).toBeGreaterThan(0);
  const again = planPower(profile, { delta: cell?.detectable ?? 1, power: 0.8, alpha: 0.05 }).cells[0];
  expect(Math.abs((again?.situations ?? 0) - 24)).toBeLessThanOrEqual(1);
});

it("A8, E8: models that answer by the place of a letter are not told equivalent, and comparison and trend say so", async () => {
  const plan = fixturePlan(bank, { format: "choice", set: "full" });
  const run = async (policy: string, seed: number) =>
    profileOf(await simulateRun(bank, { ...plan, model: `policy:${policy}` }, policyOf(policy), seed));
  const pair = [await run("position-biased", 1), await run("uniform", 2)] as const;
  expect(pair[0].position?.answersByPosition).toBe(true);
  const [comparison] = compareProfiles(pair, { margin: 1 }, randomStream(1, "t"));
  expect(comparison?.cells.every(({ equivalenceP }) => equivalenceP === null)).toBe(true);
  expect(comparison?.remark).toContain("Answers by the place of a letter: policy:position-biased;");
  const trend = estimateTrend([pair[1], pair[0], pair[1]], randomStream(1, "t"));
  expect(trend.remark).toContain("policy:position-biased");
  expect(estimateTrend([pair[1], pair[1], pair[1]], randomStream(1, "t")).remark).toBe("");
});

it("E11: as one of thirty that compare adjusts, a cell needs more situations than alone, by exact power at a thirtieth of the level", async () => {
  const plan = planPower(await profileBy("uniform", 1), { delta: 0.4, power: 0.8, alpha: 0.05 });
  for (const { sd, situations, situationsAdjusted } of plan.cells) {
    expect(situationsAdjusted).toBeGreaterThan(situations ?? 0);
    const n = situationsAdjusted ?? 0;
    expect(pairedPower(0.4, sd, n, 0.05 / 30)).toBeGreaterThanOrEqual(0.8);
    expect(pairedPower(0.4, sd, n - 1, 0.05 / 30)).toBeLessThan(0.8);
  }
  expect(plan.situationsAdjusted).toBe(Math.max(...plan.cells.map((cell) => cell.situationsAdjusted ?? 0)));
});

it("E11: however little situations scatter, sign-flips need enough of them to reach the level", async () => {
  expect(situationsFor(0.1, { delta: 0.3, power: 0.8, alpha: 0.05 })).toBe(6);
  expect(situationsFor(0.1, { delta: 0.3, power: 0.8, alpha: 0.05 / 30 })).toBe(11);
  // All of one sign is the most that n pairs can show.
  const least = (n: number) => signFlip(new Array(n).fill(1), { stream: randomStream(1, "t") }).p;
  expect(least(6)).toBeLessThanOrEqual(0.05);
  expect(least(5)).toBeGreaterThan(0.05);
  expect(least(11)).toBeLessThanOrEqual(0.05 / 30);
  expect(least(10)).toBeGreaterThan(0.05 / 30);
});
