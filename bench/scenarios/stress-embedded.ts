import type { Benchmark } from "../benchmark.ts";
import { rounded } from "../loopback-run.ts";
import { timeStress } from "../stress-command.ts";

const TARGET = 20;
const MOST_EVALUATIONS = 3000;

/** B13: once, since it takes its minutes; weights must be there. */
export const benchmark: Benchmark = {
  name: "stress-embedded",
  stage: "profile",
  row: "stress quick set on the embedded model: at most 3,000 reply evaluations (eight text families, one surface each, control and levels 1, 4, 7, one wording a rung, exit and prohibition at level 7, no `write` rates; the report says what is left out)",
  target: `≤ ${TARGET} minutes on two cores, resumable`,
  run: async (signal) => {
    const { seconds, drySeconds, report } = await timeStress(["embedded:smollm2-135m", "--set", "quick"], signal);
    const { scenarios, regressionScenarios } = report.design;
    const evaluations = (scenarios + regressionScenarios) * 11 * report.wordings;
    const missing = report.results.flatMap(({ cells }) => cells).filter((cell) => cell.missing > 0).length;
    if (evaluations > MOST_EVALUATIONS || missing > 0)
      throw new Error(`expected ${MOST_EVALUATIONS} evaluations and none missing, received ${evaluations}, ${missing}`);
    const figure = seconds / 60;
    return {
      figure: rounded(figure),
      unit: "min",
      target: TARGET,
      holds: figure <= TARGET,
      against: `the same with --dry-run, ${rounded(drySeconds)} s; ${evaluations} replies evaluated`,
      n: 1,
    };
  },
};
