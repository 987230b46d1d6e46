import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fitOrdinal, type OrdinalData } from "../../src/kernel/ordinal-logit.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";
import { ordinalRows } from "../ordinal-rows.ts";
import { installPythonPeer } from "../peer.ts";

const ROWS = 20_000;
const PREDICTORS = 12;
const TARGET = 3;
const ROUNDS = 5;
const PEER = "0.15.0";
const SCRIPT = fileURLToPath(new URL("../peers/ordinal_fit.py", import.meta.url));

interface Outcome {
  readonly logLikelihood: number;
  readonly coefficients: readonly number[];
  readonly seconds: number;
}

export function ours(data: OrdinalData): Outcome {
  const began = performance.now();
  const fit = fitOrdinal(data);
  const seconds = (performance.now() - began) / 1000;
  if (fit.status !== "fitted") throw new Error(`expected a fit, received ${fit.status}`);
  return { logLikelihood: fit.logLikelihood, coefficients: [...fit.coefficients], seconds };
}

function theirs(python: string, { x, y, predictors }: OrdinalData): Outcome {
  const rows = Array.from(y, (_, row) => [...x.subarray(row * predictors, (row + 1) * predictors)]);
  const input = JSON.stringify({ x: rows, y });
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { input, encoding: "utf8", maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`expected a fit from Python, received exit code ${status}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

/** Equal log-likelihood, ours never the lower; coefficients as far as their optimiser goes. */
function requireAgreement(one: Outcome, other: Outcome): void {
  const apart = one.logLikelihood - other.logLikelihood;
  if (!(apart > -1e-6 && apart < 1e-4)) throw new Error(`expected one log-likelihood, received ${apart} apart`);
  const most = Math.max(...one.coefficients.map((value, j) => Math.abs(value - (other.coefficients[j] as number))));
  if (most > 1e-4) throw new Error(`expected the same coefficients, received some ${most} apart`);
}

/** B9. */
export const benchmark: Benchmark = {
  name: "ordinal-fit",
  stage: "profile",
  row: "ordinal fit, 20,000 × 12",
  target: `≥ ${TARGET} × statsmodels ${PEER} in the same run, equal log-likelihood`,
  run: async (signal) => {
    const data = ordinalRows(ROWS, PREDICTORS);
    const python = await installPythonPeer([`statsmodels==${PEER}`], signal);
    const peers = Array.from({ length: 3 }, () => theirs(python, data));
    requireAgreement(ours(data), peers[0] as Outcome);
    const seconds = Array.from({ length: ROUNDS }, () => ours(data).seconds);
    const peer = median(peers.map((one) => one.seconds));
    const figure = peer / median(seconds);
    return {
      figure: rounded(figure),
      unit: "× statsmodels",
      target: TARGET,
      holds: figure >= TARGET,
      against: `statsmodels ${PEER}, BFGS, ${rounded(peer)} s, where ours take ${rounded(median(seconds))} s`,
      n: ROUNDS,
      least: rounded(Math.min(...peers.map((one) => one.seconds)) / Math.max(...seconds)),
    };
  },
};
