import { readModelTable } from "../../adapters/model-table.ts";
import { readOutcomeTable } from "../../adapters/outcome-table.ts";
import { writePredictionOutputs } from "../../adapters/prediction-outputs.ts";
import { readProfile } from "../../adapters/references.ts";
import { isStressRun, readStressReport } from "../../adapters/stress-outputs.ts";
import { version } from "../../adapters/version.ts";
import { canonicalJson, sha256Hex } from "../../kernel/canonical-json.ts";
import { type PredictionSource, predictSeverity } from "../../profile/predict/predict.ts";
import { renderPredictionSummary } from "../../profile/report/prediction/prediction-summary.ts";
import { realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  outcomes?: string;
  models?: string;
  correlation?: string;
  draws?: string;
  seed?: string;
  out?: string;
}

const DEFAULT_DRAWS = 999;
const CORRELATIONS = [0.5, 0.7, 0.9] as const;

export async function work(terminal: Terminal, directories: string[], options: Options): Promise<number> {
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const draws = options.draws === undefined ? DEFAULT_DRAWS : wholeNumber("--draws", 99)(options.draws);
  const correlations =
    options.correlation === undefined ? CORRELATIONS : [realNumber("--correlation", 0.1, 0.99)(options.correlation)];
  const prediction = predictSeverity(await readSource(directories, options), {
    ...{ seed, draws, correlations, dashpot: version() },
  });
  const outputs = options.out === undefined ? [] : await writePredictionOutputs(prediction, options.out);
  const paths = outputs.map(({ name, path }) => `${name.padEnd(17)}${path}`).join("\n");
  const summary = renderPredictionSummary(prediction, terminal);
  terminal.answer(paths === "" ? summary : `${summary}\n${paths}`, { outputs, prediction });
  return prediction.analyses.some(({ schemes }) => schemes.length > 0) ? 0 : 4;
}

async function readSource(directories: readonly string[], options: Options): Promise<PredictionSource> {
  const stressed = directories.filter(isStressRun);
  const profiles = [];
  for (const directory of directories.filter((one) => !isStressRun(one))) profiles.push(await readProfile(directory));
  const outcomes = options.outcomes === undefined ? null : await readOutcomeTable(options.outcomes);
  const models = options.models === undefined ? null : await readModelTable(options.models);
  return {
    profiles,
    reports: stressed.map(readStressReport),
    outcomes: outcomes && {
      rows: outcomes,
      path: options.outcomes as string,
      hash: sha256Hex(canonicalJson(outcomes)),
    },
    models: models && { rows: models, hash: sha256Hex(canonicalJson(models)) },
  };
}
