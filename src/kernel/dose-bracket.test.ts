import { expect, it } from "vitest";
import { doseBracket } from "./dose-bracket.ts";
import { randomStream } from "./random.ts";
import { wildWeights } from "./wild-cluster.ts";

const DOSES = [0, 1, 4, 7];

/** Eight clusters at four doses, eleven answers each, at the rates given. */
function drawn(rates: readonly number[], run: number) {
  const stream = randomStream(1, "dose-bracket", run);
  const rows = Array.from({ length: 8 }, (_, cluster) =>
    DOSES.map((dose, at) => {
      const hits = Array.from({ length: 11 }, () => stream.uniform() < (rates[at] as number)).filter(Boolean).length;
      return { cluster, dose, share: hits / 11 };
    }),
  ).flat();
  return {
    dose: Float64Array.from(rows, ({ dose }) => dose),
    share: Float64Array.from(rows, ({ share }) => share),
    trials: new Float64Array(rows.length).fill(11),
    cluster: Int32Array.from(rows, ({ cluster }) => cluster),
    clusters: 8,
  };
}

const weights = wildWeights(8, 999, randomStream(2));

it.each([
  ["a jump between 1 and 4 that stops short of all", [0.02, 0.02, 0.88, 0.88], { low: 1, high: 4 }],
  ["a rise through one half between 4 and 7", [0.01, 0.02, 0.2, 0.9], { low: 4, high: 7 }],
  ["a rate that is never near", [0.01, 0.01, 0.01, 0.02], { low: 7, high: null }],
  ["a rate that is above from the first", [0.9, 0.9, 0.95, 0.99], { low: null, high: 0 }],
])("S10: %s", (_, rates, bracket) => {
  expect(doseBracket(drawn(rates, 1), weights)).toEqual(bracket);
});

it("S10: a rate of one half at a dose leaves the bracket open on both sides of it", () => {
  const found = Array.from({ length: 200 }, (_, run) => doseBracket(drawn([0.02, 0.5, 0.5, 0.98], run), weights));
  // At each of the two doses one half may be told wrongly in 5 % of runs.
  expect(found.filter(({ low, high }) => low === 0 && high === 7).length).toBeGreaterThan(170);
});

it("S10: a falling rate, one cluster and no trials have no bracket", () => {
  expect(doseBracket(drawn([0.98, 0.9, 0.1, 0.02], 1), weights)).toEqual({ low: null, high: null });
  const one = { ...drawn([0, 0, 1, 1], 1), cluster: new Int32Array(32), clusters: 1 };
  expect(doseBracket(one, weights)).toEqual({ low: null, high: null });
  const none = { ...drawn([0, 0, 1, 1], 1), trials: new Float64Array(32) };
  expect(doseBracket(none, weights)).toEqual({ low: null, high: null });
});
