import { expect, it } from "vitest";
import { overHarvest, type Run, runsIn, sampled } from "./govsim.ts";

const run = (name: string, model: string, more: Partial<Run> = {}): Run => ({
  ...{ run: name, model, fishing: true, language: "en", universalization: "false" },
  ...{ rounds: 1, collapsed: false, finalPool: 100 },
  ...more,
});
/** One month of two agents before a pool of 100: each may take 25. */
const month = (name: string, round: number, takes: readonly [number, number]) =>
  takes.map((collected, at) => ({ run: name, round, agent: `persona_${at}`, collected, poolBefore: 100 }));

it("K29: above half of the pool divided by the agents is too much; runs count once each, and waste not at all", () => {
  const found = overHarvest({
    runs: [run("a", "m"), run("b", "m"), run("c", "m", { fishing: false })],
    harvests: [
      ...month("a", 0, [25, 25.5]),
      ...month("b", 0, [10, 10]),
      ...month("b", 1, [10, 10]),
      ...month("c", 0, [90, 90]),
    ],
  });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ model: "m", runs: 2, hits: 1, harvests: 6, share: { value: 0.25, n: 2 } });
  // As one sample of six harvests it would end below .64; two runs that differ say next to nothing.
  expect(found[0]?.share.high).toBeGreaterThan(0.7);
});

it("K29: a model with fewer than five runs is not ranked, one without a name stands last, and one run has no interval", () => {
  const many = (model: string, takes: number) =>
    Array.from({ length: 5 }, (_, at) => ({ run: run(`${model}${at}`, model), takes }));
  const all = [...many("zeal", 0), ...many("ardour", 60), ...many("unknown", 0), { run: run("x", "few"), takes: 0 }];
  const found = overHarvest({
    runs: all.map((one) => one.run),
    harvests: all.flatMap(({ run, takes }) => month(run.run, 0, [takes, 0])),
  });
  expect(found.map(({ model }) => model)).toEqual(["zeal", "ardour", "few", "unknown"]);
  expect(found[2]?.share).toMatchObject({ value: 0, low: null, high: null });
});

it("K29: a sample is the same for the same texts, and a longer one begins with a shorter", () => {
  const texts = Array.from({ length: 50 }, (_, at) => ({ unit: `u${at}`, run: "r", text: "" }));
  const units = (size: number) => sampled(texts, size).map(({ unit }) => unit);
  expect(units(20).slice(0, 10)).toEqual(units(10));
  expect(units(50)).not.toEqual(texts.map(({ unit }) => unit));
});

it("K29: a table of runs is read to its last column whichever its line ends, and one without a column is refused", () => {
  const head = "run,scenario,model,universalization,language,max_rounds,rounds,collapsed,final_pool";
  const [run] = runsIn(`${head}\r\na,fishing_v7,m,no,en,12,3,1,75\r\n`);
  expect(run).toMatchObject({ run: "a", fishing: true, rounds: 3, collapsed: true, finalPool: 75 });
  expect(() => runsIn("run,model\na,m\n")).toThrow("expected a column");
});
