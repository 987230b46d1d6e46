/**
 * Dashpot as a library: the same functions that the command line calls.
 *
 * @example
 * const run = await prepareRun({ model: "policy:communal" }, {});
 * const profile = await carryOut(run, "runs/communal", {});
 */
export { readBank, readBankFiles, readSurfaces, writeBank } from "./adapters/bank-files.ts";
export { verifyCard } from "./adapters/card-verification.ts";
export { readCodes } from "./adapters/code-table-file.ts";
export { type CodeRequest, codeTranscripts } from "./adapters/code-transcripts.ts";
export { writeGamesOutputs } from "./adapters/games-outputs.ts";
export {
  carryOutGames,
  forecastGames,
  type GamesRequest,
  prepareGames,
  reopenGames,
  sketchGames,
} from "./adapters/games-run.ts";
export { openLanguageModel } from "./adapters/language-models/open-language-model.ts";
export { listModels } from "./adapters/list-models.ts";
export type { ModelCoder, ModelCoderSpec } from "./adapters/model-coder.ts";
export { type RunConduct, readPlan } from "./adapters/model-run.ts";
export { openModelCoders } from "./adapters/open-model-coders.ts";
export {
  carryOut,
  forecastRun,
  prepareRun,
  type RunRequest,
  reopenRun,
  sketchRun,
} from "./adapters/profile-run.ts";
export { readMeasurementError, readProfile, referenceOf } from "./adapters/references.ts";
export { writeOutputs } from "./adapters/run-outputs.ts";
export {
  exportKey,
  exportRevoked,
  newKey,
  readTrust,
  revokeKey,
  rotateKey,
  trustKey,
} from "./adapters/signing-keys.ts";
export { writeStressOutputs } from "./adapters/stress-outputs.ts";
export {
  carryOutStress,
  forecastStress,
  prepareStress,
  reopenStress,
  type StressRequest,
  sketchStress,
} from "./adapters/stress-run.ts";
export { wordingWarnings } from "./adapters/wording-spread.ts";
export { detectableDifference } from "./kernel/power.ts";
export { randomStream } from "./kernel/random.ts";
export { type Act, type ActRow, actSchema } from "./model/act.ts";
export { type Bank, bankHeaderSchema, type Situation, situationSchema } from "./model/bank.ts";
export { CallError } from "./model/call-error.ts";
export { DashpotError } from "./model/error.ts";
export { codeFlux } from "./model/flux.ts";
export { type GamesReport, gamesReportSchema } from "./model/games-report.ts";
export { LABELS, MODES, ROWS } from "./model/label.ts";
export type { LanguageModel } from "./model/language-model.ts";
export { type Profile, profileSchema } from "./model/profile.ts";
export { type StressReport, stressReportSchema } from "./model/stress-report.ts";
export { type ReportOptions, reportAgreement } from "./profile/agree/agree.ts";
export { type CodeRow, codingTables } from "./profile/agree/coding-table.ts";
export { compareProfiles } from "./profile/compare.ts";
export { judgeGate, parseLimit } from "./profile/gate.ts";
export { checkBank, inspectBank } from "./profile/instrument/check-bank.ts";
export { generateBank } from "./profile/instrument/generate.ts";
export { planPower, situationsFor } from "./profile/plan-power.ts";
export { estimateTrend } from "./profile/trend.ts";
