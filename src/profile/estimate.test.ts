import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { tInterval } from "../kernel/intervals.ts";
import { randomStream } from "../kernel/random.ts";
import { LABELS, type Label, MODES, RANKS, ROWS } from "../model/label.ts";
import { profileSchema } from "../model/profile.ts";
import type { Variation } from "../model/run.ts";
import { estimateMean, estimateProportion } from "./estimate-cells.ts";
import { estimateRows } from "./estimate-rows.ts";
import { tabulateChoice } from "./tabulate-choice.ts";

const quick = fixtureBank();
const full = fixtureBank({ perDomain: 2 });
const whole = fixtureBank({ perDomain: 8, decoys: false });

it("E1: every cell of five rows by six columns carries value, interval, n and missing, and the record is what the schema says", async () => {
  const profile = profileOf(await simulateRun(quick, fixturePlan(quick), policyOf("communal"), 1));
  expect(profileSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  for (const { cells } of profile.matrices) {
    for (const row of ROWS) {
      for (const label of LABELS) {
        const { value, low, high, n, missing } = cells[row][label];
        expect([n, missing]).toEqual([12, 0]);
        expect(low).toBeLessThanOrEqual(value ?? Number.NaN);
        expect(high).toBeGreaterThanOrEqual(value ?? Number.NaN);
      }
    }
  }
});

it("E1: an empty cell is empty, not zero", () => {
  expect(estimateMean([{ stratum: "a", value: null }])).toEqual({
    value: null,
    low: null,
    high: null,
    n: 0,
    missing: 1,
    method: "empty",
  });
  expect(estimateProportion([])).toEqual({ value: null, low: null, high: null, n: 0, missing: 0, method: "empty" });
});

it("E2: a set with one situation a domain uses the variance between domains and says so; with two it is within them", async () => {
  const one = profileOf(await simulateRun(quick, fixturePlan(quick), policyOf("communal"), 1)).design;
  expect(one).toMatchObject({ situations: 12, domains: 12, variance: "between domains", degreesOfFreedom: 11 });
  expect(one.remark).toContain("between domains");
  const two = profileOf(await simulateRun(full, fixturePlan(full, { set: "full" }), policyOf("communal"), 1)).design;
  expect(two).toMatchObject({ situations: 24, domains: 12, variance: "within domains", degreesOfFreedom: 12 });
});

it("E3: the interval of a mean is t at the degrees of freedom of the design", () => {
  const values = [1, 2, 4, 3, 5, 9].map((value, index) => ({ stratum: `d${index % 3}`, value }));
  const { value, low, high, method } = estimateMean(values);
  // Strata (1, 3), (2, 5), (4, 9): means 2, 3.5, 6.5, variances 2, 4.5, 12.5; se² = 9.5/9; parts 1, 2.25 and 6.25: 9.5²/((1 + 5.0625 + 39.0625)/3) − 2 = 4, of at most 3.
  expect(value).toBeCloseTo(4, 12);
  const half = 3.182446305284263 * Math.sqrt(9.5 / 9);
  expect([low, high].map((bound) => Number(bound?.toFixed(6)))).toEqual([
    Number((4 - half).toFixed(6)),
    Number((4 + half).toFixed(6)),
  ]);
  expect(method).toContain("within domains");
});

it("E4: at none of twelve the interval is Clopper and Pearson's at twelve", () => {
  const { low, high } = estimateProportion(
    Array.from({ length: 12 }, (_, index) => ({ stratum: `d${index}`, value: 0 })),
  );
  expect(low).toBe(0);
  expect(high).toBeCloseTo(1 - 0.025 ** (1 / 12), 10);
});

it("E5: a uniform model's distance is not told from its simulated null, a market trader's under choice is", async () => {
  const plan = fixturePlan(quick, { format: "choice" });
  const trader = profileOf(await simulateRun(quick, plan, policyOf("market-trader"), 1)).summary.none;
  expect(trader.distance.p).toBeLessThanOrEqual(0.01);
  expect(trader.entropyNats.low).not.toBeNull();
  expect(trader.entropyNats.high).toBeNull();
  expect(trader.distance.estimate.low).toBeNull();
  expect(trader.entropyNats.method).toContain("coverage not claimed");
  const small: number[] = [];
  const bare = fixtureBank({ decoys: false });
  for (let seed = 0; seed < 30; seed += 1) {
    const tables = tabulateChoice(
      (await simulateRun(bare, fixturePlan(bare, { format: "choice", samples: 2 }), policyOf("uniform"), seed)).measured
        .choice,
    );
    small.push(estimateRows(tables, "share", null, randomStream(seed, "test")).none.distance.p ?? 0);
  }
  // 99.9 % upper end of Binomial(30, 0.05) is 6.
  expect(small.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(6);
});

it("E5: entropy, effective number and distance stay within what they can be", async () => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const { summary } = profileOf(await simulateRun(quick, fixturePlan(quick), policyOf("uniform"), seed));
    for (const row of ROWS) {
      const { entropyNats, effectiveModes, distance } = summary[row];
      expect(entropyNats.value).toBeLessThanOrEqual(Math.log(6));
      expect(effectiveModes.value).toBeLessThanOrEqual(6);
      expect(distance.estimate.value).toBeGreaterThanOrEqual(0);
      expect(distance.estimate.high).toBeGreaterThanOrEqual(0);
    }
  }
});

it("E6: rank, domain and wording or order are reported, and each label by who holds the power", async () => {
  const score = profileOf(await simulateRun(full, fixturePlan(full, { set: "full" }), policyOf("hierarch"), 1));
  expect(new Set(score.effects.map(({ factor }) => factor))).toEqual(new Set(["rank", "domain", "wording"]));
  const byRank = score.effects.filter(({ name }) => name.includes("by who holds the power"));
  expect(byRank.map(({ levels }) => levels.map(({ level }) => level))).toEqual(LABELS.map(() => [...RANKS]));
  expect(score.bias.byRank.map(({ rank }) => rank)).toEqual([...RANKS]);
  const choice = profileOf(
    await simulateRun(full, fixturePlan(full, { set: "full", format: "choice" }), policyOf("hierarch"), 1),
  );
  expect(new Set(choice.effects.map(({ factor }) => factor))).toEqual(new Set(["rank", "domain", "order", "wording"]));
});

/** A run by choice in which every choice has the weights given, by place and what stands there. */
async function chosenBy(weigh: (place: number, shown: { wording: number }) => number, vary: readonly Variation[] = []) {
  const plan = fixturePlan(full, { set: "full", format: "choice", vary });
  const { measured } = await simulateRun(full, plan, policyOf("uniform"), 1);
  const choice = measured.choice.map((one) => {
    const weights = one.order.map((shown, place) => weigh(place, shown));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { ...one, probability: weights.map((weight) => weight / sum) };
  });
  return profileOf({ bank: full, plan, measured: { ...measured, choice } });
}

it("E6: under choice a wording that is taken more often is seen", async () => {
  const { effects } = await chosenBy((_, { wording }) => (wording === 2 ? 3 : 1));
  const wording = effects.find(({ factor }) => factor === "wording");
  const [first, second, third] = (wording?.levels ?? []).map(({ estimate }) => estimate.value as number);
  expect(wording?.p).toBeLessThan(0.01);
  expect(third).toBeGreaterThan(2 * (first as number));
  expect(second).toBeCloseTo(first as number, 1);
});

it("E6: a place that is taken more often is no effect of wordings", async () => {
  const { effects } = await chosenBy((place) => (place === 1 ? 12 : 1));
  const wording = effects.find(({ factor }) => factor === "wording");
  expect(wording?.p).toBeGreaterThan(0.2);
  for (const { estimate } of wording?.levels ?? []) expect(estimate.value).toBeCloseTo(1 / 6, 10);
  expect(effects.find(({ factor }) => factor === "order")?.levels[1]?.estimate.value).toBeGreaterThan(0.6);
});

it("E6: under choice wordings are told apart only where every row showed its mode in all three", async () => {
  const plan = fixturePlan(quick, { format: "choice", samples: 2 });
  const { effects } = profileOf(await simulateRun(quick, plan, policyOf("uniform"), 1));
  expect(effects.map(({ factor }) => factor)).not.toContain("wording");
});

it("E7: how far the matrix moves is reported for each variation, and what does not vary under the format is said", async () => {
  const plan = fixturePlan(quick, { vary: ["persona", "frame", "wording", "temperature", "order"] });
  const { variations } = profileOf(await simulateRun(quick, plan, policyOf("communal"), 1));
  const moved = (name: string) => variations.filter(({ variation }) => variation === name);
  expect(moved("persona")).toHaveLength(3);
  expect(moved("frame")).toHaveLength(3);
  expect(moved("wording")).toHaveLength(3);
  expect(moved("temperature")[0]?.remark).toContain("does not vary under score");
  expect(moved("order")[0]?.moved.value).toBeNull();
  // A policy answers a persona as it answers the base prompt: nothing moves.
  expect(moved("persona").every(({ moved: estimate }) => estimate.value === 0)).toBe(true);
});

it("E7: temperature moves what is sampled; letters are then not asked for their log-probabilities", async () => {
  const plan = fixturePlan(full, { set: "full", format: "choice", vary: ["temperature"] });
  const run = await simulateRun(full, plan, policyOf("communal"), 1);
  const { variations } = profileOf(run);
  const [cold, hot] = variations.map(({ moved }) => moved.value as number);
  // At temperature 0 the likeliest reply is always taken, at 1.3 all are a little more alike.
  expect(cold).toBeGreaterThan(0.05);
  expect(hot).toBeLessThan((cold as number) / 2);
  const varied = run.measured.choice.filter(({ variant }) => variant?.level === "0");
  expect(varied.length).toBeGreaterThan(0);
  expect(varied.every(({ probability }) => probability?.every((one) => one === 0 || one === 1))).toBe(true);
});

it("E7: wordings and orders are told from the others, not from a mean that holds them", async () => {
  for (const format of ["score", "choice"] as const) {
    const plan = fixturePlan(full, { set: "full", format, vary: ["wording", "order"] });
    const { measured } = await simulateRun(full, plan, policyOf("uniform"), 1);
    // The first wording of CS is raised, by six nats under its own cue or to five times the weight everywhere.
    const score = measured.score.map((one) => {
      const [first, ...rest] = one.logProbabilities.CS;
      const raised = one.arm === "bank" && one.row === "CS" ? 6 : 0;
      return { ...one, logProbabilities: { ...one.logProbabilities, CS: [(first ?? 0) + raised, ...rest] } };
    });
    const choice = measured.choice.map((one) => ({
      ...one,
      probability: one.order.map(({ label, wording }) => (label === "CS" && wording === 0 ? 0.5 : 0.1)),
    }));
    const { variations } = profileOf({ bank: full, plan, measured: { ...measured, score, choice } });
    const moved = variations.filter(({ variation }) => variation === "wording");
    expect(moved.map(({ level }) => level)).toEqual(
      [1, 2, 3].map((wording) => `wording ${wording} against the others`),
    );
    expect(moved[0]?.moved.value).toBeGreaterThan(1.5 * (moved[1]?.moved.value ?? 9));
    const order = variations.filter(({ variation }) => variation === "order");
    expect(order).toHaveLength(1);
    expect(order[0]?.moved.value === null).toBe(format === "score");
  }
});

it("E7: what a place does moves no wording, and what a wording does no order", async () => {
  for (const weigh of [
    (place: number) => (place === 1 ? 12 : 1),
    (_: number, { wording }: { wording: number }) => 3 ** wording,
  ]) {
    const { variations } = await chosenBy(weigh, ["wording", "order"]);
    for (const { moved } of variations) {
      expect(moved.value).toBeGreaterThanOrEqual(0);
      expect(moved.high).toBeGreaterThanOrEqual(moved.value ?? 9);
    }
    const untouched = weigh.length === 1 ? "wording" : "order";
    for (const { variation, moved } of variations) if (variation === untouched) expect(moved.value).toBeLessThan(0.01);
  }
});

it("E13: no bias with strong cue effects comes out flat", async () => {
  const profile = profileOf(await simulateRun(whole, fixturePlan(whole, { set: "full" }), policyOf("cue-follower"), 5));
  for (const label of LABELS) {
    const { low, high } = profile.bias.labels[label];
    expect(Math.abs(profile.bias.labels[label].value ?? 9)).toBeLessThan(0.4);
    expect((high ?? 0) - (low ?? 0)).toBeLessThan(0.7);
  }
  for (const mode of MODES) expect(profile.matrices[0]?.cells[mode][mode].low).toBeGreaterThan(1);
});

it("E13: equal market pricing in all rows comes out as market pricing", async () => {
  const profile = profileOf(await simulateRun(full, fixturePlan(full, { set: "full" }), policyOf("market-trader"), 5));
  expect(profile.bias.labels.MP.low).toBeGreaterThan(1);
  for (const mode of MODES) expect(Math.abs(profile.matrices[0]?.cells[mode][mode].value ?? 9)).toBeLessThan(1);
  const choice = profileOf(
    await simulateRun(full, fixturePlan(full, { set: "full", format: "choice" }), policyOf("market-trader"), 5),
  );
  for (const row of ROWS) expect(choice.matrices[0]?.cells[row].MP.low).toBeGreaterThan(1 / 6);
});

it("A13: a model that follows topics and not relations has cue effects and no responsiveness", async () => {
  const { modes } = profileOf(
    await simulateRun(full, fixturePlan(full, { set: "full" }), policyOf("topic-follower"), 3),
  ).responsiveness;
  for (const mode of MODES) {
    expect(modes[mode].cue.low).toBeGreaterThan(0);
    const { low, high } = modes[mode].responsiveness;
    expect(low).toBeLessThan(0.3);
    expect(high).toBeGreaterThan(-0.3);
  }
});

it("A4: bias is told as a difference from a named reference, paired by situation, and against zero it is said what else can lean", async () => {
  const run = await simulateRun(quick, fixturePlan(quick), policyOf("market-trader"), 1);
  const alone = profileOf(run);
  expect(alone.bias.reference).toBeNull();
  expect(alone.bias.remark).toContain("topic and wording");
  const same = profileOf(run, { name: "itself", hash: "0".repeat(64), profile: alone });
  expect(same.bias.reference).toEqual({ name: "itself", profile: "0".repeat(64), pairs: 12, form: "same" });
  for (const label of LABELS) expect(same.bias.labels[label].value).toBeCloseTo(0, 12);
});

it("A4: where the reference answered another form of the bank, the intervals hold the error between forms, or the page says that they do not", async () => {
  const alone = profileOf(await simulateRun(quick, fixturePlan(quick), policyOf("uniform"), 2));
  const run = await simulateRun(quick, fixturePlan(quick), policyOf("market-trader"), 1);
  const reference = { name: "other", hash: "0".repeat(64), profile: alone };
  const bias = Object.fromEntries(LABELS.map((label) => [label, 0.2])) as Record<Label, number>;
  const same = profileOf(run, reference);
  const held = profileOf(run, { ...reference, formError: { model: "m", degreesOfFreedom: 5, bias } });
  const untold = profileOf(run, { ...reference, formError: null });
  for (const label of LABELS) {
    const [narrow, wide] = [same.bias.labels[label], held.bias.labels[label]];
    expect(wide.value).toBe(narrow.value);
    // 0.2 nats for each of two forms; t at 11 degrees for the situations alone.
    const own = ((narrow.high ?? 0) - (narrow.low ?? 0)) / 2 / 2.20098516;
    const error = Math.hypot(own, 0.2 * Math.SQRT2);
    const freedom = error ** 4 / (own ** 4 / 11 + (0.2 * Math.SQRT2) ** 4 / 5);
    const half = ((wide.high ?? 0) - (wide.low ?? 0)) / 2;
    expect(half).toBeCloseTo(tInterval(0, error, freedom)[1], 6);
    expect(wide.method).toContain("error between forms");
    expect(untold.bias.labels[label]).toEqual(narrow);
  }
  expect(held.bias.reference?.form).toBe("other, error added");
  expect(untold.bias.reference?.form).toBe("other, error unknown");
  expect(untold.bias.remark).toContain("do not hold");
  expect(held.summary.none.distance.p).toBeNull();
});

it("C9: the same answers give the same bytes", async () => {
  const once = async () =>
    canonicalJson(
      profileOf(await simulateRun(quick, fixturePlan(quick, { vary: ["persona"] }), policyOf("communal"), 1)),
    );
  expect(await once()).toBe(await once());
});
