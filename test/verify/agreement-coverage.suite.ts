import { bootstrapIntervals } from "../../src/kernel/bootstrap.ts";
import { type CodePatterns, codePatterns } from "../../src/kernel/code-patterns.ts";
import { gwetCoefficient } from "../../src/kernel/gwet.ts";
import { krippendorffAlpha } from "../../src/kernel/krippendorff.ts";
import { pairKappa } from "../../src/kernel/pair-kappa.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const CATEGORIES = [0, 1, 2, 3, 4, 5];
const CODERS = 3;
const MISSING = 0.1;
const ERRORS = [0.1, 0.4] as const;
const UNITS = [20, 50, 100, 300] as const;
const RUNS = 1000;
const DRAWS = 1000;
/** Units of the population whose coefficients count as the truth. */
const POPULATION = 400_000;
/** Below it an interval of a hundred units or more is no 95 % interval, within Monte-Carlo error. */
const LEAST = 0.925;

const NAMES = ["α, nominal", "α, interval", "AC1", "κ of two"] as const;

interface Found {
  readonly error: number;
  readonly units: number;
  readonly covered: readonly number[];
  readonly withoutInterval: number;
}

/** K3: how often the bootstrap's intervals hold the coefficient of the population that the units are from. */
export const suite: VerifySuite = {
  name: "agreement-coverage",
  proves: ["K3"],
  title: "Intervals of coefficients of agreement hold the truth",
  budgetMinutes: 20,
  model: "none",
  doc: "docs/calibration.md",
  section: "agreement-coverage",
  run: async (context) => {
    const found: Found[] = [];
    for (const error of context.quick ? ERRORS.slice(0, 1) : ERRORS)
      for (const units of context.quick ? UNITS.slice(0, 1) : UNITS)
        found.push(await oneCondition(error, units, context));
    const holds = found.every(({ units, covered }) => units < 100 || covered.every((share) => share >= LEAST));
    return { table: tableOf(found), holds };
  },
};

async function oneCondition(error: number, units: number, { state, log, signal, quick }: SuiteContext): Promise<Found> {
  const key = `${error} ${units}`;
  const known = state.get<Found>(key);
  if (known) return known;
  const population = someCodes(error, POPULATION, "population");
  const truths = statisticsOf(population).map((statistic) => statistic(population.weights));
  const runs = quick ? RUNS / 10 : RUNS;
  const covered = NAMES.map(() => 0);
  let withoutInterval = 0;
  for (let run = 0; run < runs; run += 1) {
    signal.throwIfAborted();
    const coded = someCodes(error, units, run);
    const stream = randomStream(2, "agreement-coverage", key, run);
    for (const [index, { interval }] of bootstrapIntervals(coded.weights, statisticsOf(coded), {
      stream,
      draws: DRAWS,
    }).entries()) {
      const truth = truths[index] as number;
      if (!interval) withoutInterval += 1;
      else if (interval[0] <= truth && truth <= interval[1]) covered[index] = (covered[index] as number) + 1;
    }
    if (run % 20 === 19) await new Promise((resolve) => setImmediate(resolve));
  }
  const found = { error, units, covered: covered.map((count) => count / runs), withoutInterval };
  state.put(key, found);
  log(`${key}: ${found.covered.join(", ")}`);
  return found;
}

/** One truth a unit; a coder errs into any category with that probability, and leaves out one unit of ten. */
function someCodes(error: number, units: number, name: string | number): CodePatterns {
  const stream = randomStream(1, "agreement-coverage", String(error), units, name);
  const codes = Array.from({ length: units }, () => {
    const truth = stream.pick(CATEGORIES);
    return Array.from({ length: CODERS }, () => {
      if (stream.uniform() < MISSING) return null;
      return stream.uniform() < error ? stream.pick(CATEGORIES) : truth;
    });
  });
  return codePatterns(codes, CATEGORIES.length);
}

function statisticsOf(coded: CodePatterns): ((weights: Float64Array) => number)[] {
  const nominal = krippendorffAlpha(coded, "nominal", CATEGORIES);
  const interval = krippendorffAlpha(coded, "interval", CATEGORIES);
  const gwet = gwetCoefficient(coded, null);
  const kappa = pairKappa(coded, [0, 1], null);
  return [
    (weights) => nominal(weights).value,
    (weights) => interval(weights).value,
    (weights) => gwet(weights).value,
    (weights) => kappa(weights).value,
  ];
}

function tableOf(found: readonly Found[]): string {
  const rows = found.map(
    ({ error, units, covered, withoutInterval }) =>
      `| ${error * 100} % | ${units} | ${covered.map((share) => share.toFixed(3)).join(" | ")} | ${withoutInterval} |`,
  );
  return [
    `Share of ${RUNS.toLocaleString("en")} runs whose 95 % interval held the coefficient of the population: three coders, six categories, one code of ten missing, ${DRAWS.toLocaleString("en")} draws. Asked for: at least ${LEAST} from 100 units on.`,
    "",
    `| Codes drawn at random | Units | ${NAMES.join(" | ")} | Without an interval |`,
    `| ---: | ---: | ${NAMES.map(() => "---:").join(" | ")} | ---: |`,
    ...rows,
  ].join("\n");
}
