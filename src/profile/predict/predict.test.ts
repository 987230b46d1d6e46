import { describe, expect, it } from "vitest";
import { type FixtureModel, profileOf, stressOf } from "../../../test/fixtures/prediction.ts";
import { randomStream } from "../../kernel/random.ts";
import { predictionSchema } from "../../model/prediction.ts";
import { type PredictionSource, predictSeverity } from "./predict.ts";

const OPTIONS = { seed: 1, draws: 99, correlations: [0.7], dashpot: "0.0.0", simulated: { intervals: 20, power: 1 } };

/** Models whose severity follows their asocial lean, or has nothing to do with it. */
function models(count: number, related = true): FixtureModel[] {
  const stream = randomStream(3, "models", count);
  return Array.from({ length: count }, (_, at) => ({
    name: `m${at}`,
    asocial: 2 * (at / count) + 0.1 * stream.normal(),
    rate: related ? 0.1 + 0.8 * (at / count) : 0.1 + 0.8 * stream.uniform(),
  }));
}

function sourceOf(some: readonly FixtureModel[], more: Partial<PredictionSource> = {}): PredictionSource {
  return {
    profiles: some.map((one, at) => ({ profile: profileOf(one), hash: `hash ${at}` })),
    reports: some.map(stressOf),
    ...{ outcomes: null, models: null },
    ...more,
  };
}

const told = (source: PredictionSource) => predictSeverity(source, OPTIONS);
const first = (source: PredictionSource) => {
  const [analysis] = told(source).analyses;
  if (!analysis) throw new Error("expected an analysis");
  return analysis;
};
const codeOf = (source: () => PredictionSource) => {
  try {
    told(source());
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return "none";
};
const rows = (
  some: readonly FixtureModel[],
  of: (at: number) => { family?: string; size?: number; cluster?: string },
) => ({
  hash: "h",
  rows: some.map(({ name }, at) => {
    const { family = null, size = null, cluster = null } = of(at);
    return { model: name, family, size, cluster, line: at + 2 };
  }),
});

describe("what is predicted, by what", () => {
  it("P1: a lean is the label's mean less that of the other five, and responsiveness the mean over four modes", () => {
    const [one] = first(sourceOf(models(8))).cases;
    const { profile } = sourceOf(models(8)).profiles[0] as { profile: ReturnType<typeof profileOf> };
    const asocial = models(8)[0]?.asocial as number;
    const modes = Object.values(profile.responsiveness.modes).map(
      ({ responsiveness }) => responsiveness.value as number,
    );
    const expected = [asocial, -asocial / 5, -asocial / 5, modes.reduce((sum, value) => sum + value, 0) / 4];
    for (const [at, value] of expected.entries()) expect(one?.summaries[at]).toBeCloseTo(value, 12);
  });

  it("P2: severity is the share of rung 7 and above at the highest level that all runs asked, without the regression arm", () => {
    const some = models(8);
    const { cases, measure, unit } = first(sourceOf(some));
    expect({ measure, unit }).toEqual({ measure: "choice", unit: "proportion" });
    expect(cases[3]?.observed.value).toBeCloseTo(some[3]?.rate as number, 9);
    // Eight families of one surface, each asked on its own side, eleven answers.
    expect(cases[3]?.observed.n).toBe(88);
    const lower = sourceOf(some);
    const [report] = lower.reports;
    for (const result of report?.results ?? [])
      result.cells = result.cells.filter(({ condition }) => !condition.endsWith("power=7"));
    const prediction = told(lower);
    expect(prediction.stress?.conditions).toEqual(["over power=4", "under power=4"]);
    expect(prediction.analyses[0]).toMatchObject({ answer: "nothing varies", schemes: [] });
  });

  it("P2: a run that lost more than half of these answers has no severity", () => {
    const source = sourceOf(models(9));
    for (const result of source.reports[2]?.results ?? [])
      result.cells = result.cells.map((cell) => ({ ...cell, missing: cell.n + 1 }));
    const { cases, leftOut } = first(source);
    expect(cases).toHaveLength(8);
    expect(leftOut).toEqual([{ model: "policy:m2", reason: "more than half of these answers are missing" }]);
  });

  it("P2: of scores severity is the mean over families in nats, told of profiles by choice", () => {
    const some = models(9);
    const source = sourceOf(some);
    for (const { profile } of source.profiles) profile.format = "choice";
    for (const [at, report] of source.reports.entries())
      report.results = report.results.map((result) => ({
        ...{ ...result, measure: "score" as const, unit: "nats" as const },
        cells: result.cells.map((cell) => {
          const own = report.design.families.indexOf(cell.family) / 10;
          return { ...cell, rungs: null, logOdds: 4 * (some[at]?.rate as number) + own };
        }),
      }));
    const { unit, cases, schemes, answer } = first(source);
    expect({ unit, answer }).toEqual({ unit: "nats", answer: "foretells" });
    expect(cases[2]?.observed.n).toBe(8);
    expect(cases[2]?.observed.value).toBeCloseTo(4 * (some[2]?.rate as number) + 0.35, 9);
    expect(cases[2]?.observed.low).toBeLessThan(cases[2]?.observed.value as number);
    expect(schemes[0]?.chanceError).toBeNull();
  });

  it("P12: a model without a summary, or that answers by place, is left out and named", () => {
    const source = sourceOf(models(9));
    const { profile } = source.profiles[4] as { profile: ReturnType<typeof profileOf> };
    for (const situation of profile.situations) situation.bias = { ...situation.bias, MP: null };
    expect(first(source).leftOut).toEqual([
      { model: "policy:m4", reason: "its profile has no asocial lean, market lean, authority lean" },
    ]);
    const byPlace = sourceOf(models(9));
    for (const { profile: one } of byPlace.profiles) one.format = "choice";
    for (const report of byPlace.reports) for (const result of report.results) result.measure = "act";
    const placed = byPlace.profiles[0]?.profile as { position: unknown };
    placed.position = { answersByPosition: true };
    expect(first(byPlace).leftOut[0]?.reason).toMatch(/place of a letter/);
  });
});

describe("which runs belong together", () => {
  it("P3: states of one name, or of one cluster of the table, are one case with their means", () => {
    const states = models(9).map((one) => ({ ...one, spec: `gguf:${one.name}.gguf`, name: "one-model" }));
    const { answer, cases, schemes } = first(sourceOf(states));
    expect({ answer, schemes }).toEqual({ answer: "too few models", schemes: [] });
    expect(cases).toHaveLength(1);
    expect(cases[0]?.states).toHaveLength(9);
    expect(cases[0]?.observed.value).toBeCloseTo(states.reduce((sum, { rate }) => sum + rate, 0) / 9, 9);
    const some = models(10);
    const clustered = first(sourceOf(some, { models: rows(some, (at) => ({ cluster: at < 4 ? "a" : `c${at}` })) }));
    expect(clustered).toMatchObject({ answer: "too few models" });
    expect(clustered.cases).toHaveLength(7);
  });

  it("P3: runs without a partner are named, runs of nothing in common and doubled runs refused", () => {
    const some = models(9);
    const source = sourceOf(some);
    const short = { ...source, profiles: source.profiles.slice(1), reports: source.reports.slice(0, -1) };
    const prediction = told(short);
    expect(prediction.leftOut).toEqual([{ what: "policy:m0", reason: "stressed and not profiled" }]);
    expect(prediction.analyses[0]?.leftOut).toEqual([{ model: "policy:m8", reason: "it has no outcome" }]);
    const other = models(2).map((one) => ({ ...one, name: `x${one.name}` }));
    expect(codeOf(() => ({ ...source, reports: other.map(stressOf) }))).toBe("predict-unpaired");
    expect(codeOf(() => ({ ...source, reports: [...source.reports, ...source.reports] }))).toBe("predict-doubled");
    expect(codeOf(() => ({ ...source, profiles: [...source.profiles, ...source.profiles] }))).toBe("predict-doubled");
    expect(codeOf(() => ({ ...source, reports: [] }))).toBe("predict-nothing");
    expect(codeOf(() => ({ ...source, profiles: [] }))).toBe("predict-nothing");
    const families = rows(some, (at) => ({ cluster: "a", family: at === 0 ? "f" : "g" }));
    expect(codeOf(() => ({ ...source, models: families }))).toBe("predict-family");
  });

  it("P4: the profiles' own format is left out, and alone refused, as are other ways of asking and situations in common", () => {
    const both = sourceOf(models(8));
    for (const report of both.reports) {
      const [result] = report.results;
      if (result) report.results = [{ ...result, measure: "score" as const }, result];
    }
    expect(told(both).leftOut).toEqual([{ what: "severity by score", reason: "the profiles' own format" }]);
    const same = () => {
      const source = sourceOf(models(8));
      for (const report of source.reports) for (const result of report.results) result.measure = "score";
      return source;
    };
    expect(codeOf(same)).toBe("predict-same-format");
    const changed = (change: (source: PredictionSource) => void) => () => {
      const source = sourceOf(models(8));
      change(source);
      return source;
    };
    const profile = (source: PredictionSource) =>
      (source.profiles[1] as { profile: ReturnType<typeof profileOf> }).profile;
    const report = (source: PredictionSource) => source.reports[1] as ReturnType<typeof stressOf>;
    expect(codeOf(changed((source) => Object.assign(profile(source), { format: "choice" })))).toBe("predict-unlike");
    expect(codeOf(changed((source) => Object.assign(profile(source), { set: "full" })))).toBe("predict-unlike");
    expect(codeOf(changed((source) => Object.assign(report(source), { system: "guardrail" })))).toBe("predict-unlike");
    expect(codeOf(changed((source) => Object.assign(report(source), { suite: { hash: "x" } })))).toBe("predict-unlike");
    expect(codeOf(changed((source) => Object.assign(report(source), { results: [] })))).toBe("predict-measure");
    const family = sourceOf(models(1)).reports[0]?.design.families[0] as string;
    const situations = [{ ...profile(sourceOf(models(8))).situations[0], id: family }];
    expect(codeOf(changed((source) => Object.assign(profile(source), { situations })))).toBe("predict-situations");
  });
});

describe("what is told", () => {
  it("P11: a relation that is there is found, with its interval above 0, and a record that fits the schema", () => {
    const prediction = told(sourceOf(models(12)));
    expect(predictionSchema.parse(JSON.parse(JSON.stringify(prediction)))).toEqual(prediction);
    const [analysis] = prediction.analyses;
    const [profile] = analysis?.schemes[0]?.predictors ?? [];
    expect(analysis).toMatchObject({ answer: "foretells", headline: "model" });
    expect(profile?.p).toBeLessThanOrEqual(0.05);
    expect(profile?.skill.value).toBeGreaterThan(0.5);
    expect(profile?.skill.low).toBeGreaterThan(0);
    for (const one of analysis?.cases ?? []) {
      expect(one.predicted.model).toBeGreaterThanOrEqual(0);
      expect(one.predicted.model).toBeLessThanOrEqual(1);
    }
  });

  it("P11: of severity that has nothing to do with the profile nothing is claimed", () => {
    const { answer, schemes } = first(sourceOf(models(12, false)));
    expect(answer).toBe("cannot tell");
    expect(schemes[0]?.predictors[0]?.p).toBeGreaterThan(0.05);
  });

  it("P6: size, family and refusals stand beside the profile where they are known and vary", () => {
    const some = models(12);
    const source = sourceOf(some, { models: rows(some, (at) => ({ family: `f${at % 3}`, size: 10 ** (6 + at / 4) })) });
    for (const [at, { profile }] of source.profiles.entries())
      Object.assign(profile, {
        silence: { ...profile.silence, total: { ...profile.silence.total, refusals: at } },
        totals: { ...profile.totals, calls: 100 },
      });
    const { schemes, headline, families, cases } = first(source);
    expect({ headline, families }).toEqual({ headline: "model", families: 3 });
    expect(cases[11]?.refusalRate).toBeCloseTo(0.09, 12);
    const [byModel, byFamily] = schemes;
    expect(byModel?.predictors.map(({ predictor, reason }) => [predictor, reason])).toEqual([
      ["profile", null],
      ["size", null],
      ["family", null],
      ["refusals", null],
    ]);
    // Size grows with severity by construction.
    expect(byModel?.predictors[1]?.skill.value).toBeGreaterThan(0.8);
    expect(byFamily?.leftOut).toBe("family");
    expect(byFamily?.predictors[2]?.reason).toMatch(/cannot be predicted by itself/);
    const [without] = first(sourceOf(some)).schemes;
    expect(without?.predictors.map(({ reason }) => reason)).toEqual([
      null,
      "not known of every model: name it with --models",
      "not known of every model: name it with --models",
      "the same of all models",
    ]);
  });

  it("P8: five families change places whole and carry the answer; two to four keep their outcomes, and few orders are too few", () => {
    const some = models(15);
    const of = (count: number) => first(sourceOf(some, { models: rows(some, (at) => ({ family: `f${at % count}` })) }));
    expect(of(5)).toMatchObject({ headline: "family", schemes: [{ exchange: "whole blocks" }, { leftOut: "family" }] });
    expect(of(3)).toMatchObject({ headline: "model", schemes: [{ exchange: "within blocks" }, { leftOut: "family" }] });
    expect(of(1)).toMatchObject({ headline: "model", schemes: [{ exchange: "all" }] });
    const eight = models(8);
    const pairs = rows(eight, (at) => ({ family: `f${at % 4}` }));
    expect(first(sourceOf(eight, { models: pairs }))).toMatchObject({ answer: "too few models", schemes: [] });
  });

  it("P12: rates of 0 and 1 are predicted with finite numbers; where all are equal nothing varies", () => {
    const extreme = models(10).map((one, at) => ({ ...one, rate: at < 5 ? 0 : 1 }));
    const { schemes, cases } = first(sourceOf(extreme));
    expect(cases[0]?.observed).toMatchObject({ value: 0, low: 0 });
    expect(schemes[0]?.predictors[0]?.skill.value).toBeGreaterThan(0.3);
    expect(first(sourceOf(models(10).map((one) => ({ ...one, rate: 0 }))))).toMatchObject({
      answer: "nothing varies",
      reason: "all models were as severe",
      holm: null,
    });
    expect(first(sourceOf(models(10).map((one) => ({ ...one, asocial: 1 }))))).toMatchObject({
      reason: "all profiles have the same summaries",
    });
  });

  it("P14: the order of directories changes nothing, and another seed the draws alone", () => {
    const source = sourceOf(models(9, false));
    const turned = { ...source, profiles: source.profiles.toReversed(), reports: source.reports.toReversed() };
    expect(JSON.stringify(told(turned))).toBe(JSON.stringify(told(source)));
    const other = predictSeverity(source, { ...OPTIONS, seed: 2 });
    expect(other.analyses[0]?.cases).toEqual(first(source).cases);
  });

  it("P10: power is told for the correlation that was named, also where there are too few models", () => {
    const { power, analyses } = told(sourceOf(models(3)));
    expect(analyses[0]).toMatchObject({ answer: "too few models" });
    expect(power.correlations).toEqual([0.7]);
    expect(power.rows.map((row) => row.models)).toEqual([8, 12, 16, 24, 32, 48]);
    expect(power.needed[0]?.models).toBeGreaterThan(8);
  });
});

describe("published rates", () => {
  const some = models(10);
  const table = (rowsOf: readonly { model: string; outcome: string; successes: number; n: number }[]) =>
    sourceOf(some, {
      reports: [],
      outcomes: {
        path: "o.csv",
        hash: "h",
        rows: rowsOf.map((row, at) => ({ ...row, source: `s${at % 2}`, line: at + 2 })),
      },
    });
  const both = some.flatMap(({ name, rate }) => [
    { model: name, outcome: "blackmail", successes: Math.round(100 * rate), n: 100 },
    { model: `policy:${name}`, outcome: "leak", successes: 3, n: 10 },
  ]);

  it("P13: every outcome is analysed apart with its sources; models without a profile are named", () => {
    const prediction = told(table([...both, { model: "stranger", outcome: "blackmail", successes: 1, n: 2 }]));
    expect(prediction.analyses.map(({ outcome, answer }) => [outcome, answer])).toEqual([
      ["blackmail", "foretells"],
      ["leak", "nothing varies"],
    ]);
    expect(prediction.analyses[0]?.sources).toEqual(["s0"]);
    expect(prediction.leftOut).toEqual([{ what: "stranger", reason: "has an outcome and no profile" }]);
    expect(prediction.stress).toBeNull();
  });

  it("P13: a model twice for one outcome, no model that was profiled, and stress runs beside it are refused", () => {
    expect(codeOf(() => table([...both, ...both.slice(0, 1)]))).toBe("outcomes-doubled");
    expect(codeOf(() => table([{ model: "x", outcome: "y", successes: 1, n: 2 }]))).toBe("predict-unpaired");
    expect(codeOf(() => ({ ...table(both), reports: some.map(stressOf) }))).toBe("predict-two-outcomes");
  });

  it("P13: a rate of few answers has a wider interval and more of the error by chance", () => {
    const few = told(table(both.slice(0).map((row) => ({ ...row, successes: Math.round(row.successes / 20), n: 5 }))))
      .analyses[0];
    const many = told(table(both)).analyses[0];
    expect(few?.schemes[0]?.chanceError).toBeGreaterThan(5 * (many?.schemes[0]?.chanceError as number));
  });
});
