import { reopenGames } from "../../adapters/games-run.ts";
import { readPlan } from "../../adapters/model-run.ts";
import { reopenRun } from "../../adapters/profile-run.ts";
import { reopenStress } from "../../adapters/stress-run.ts";
import { CallError } from "../../model/call-error.ts";
import type { CodingPlan } from "../../model/coding-run.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { AnyPlan } from "../../model/journal.ts";
import { type ConductOptions, readyToRun } from "../conduct.ts";
import { conductGames, readyForGames } from "../play-games.ts";
import type { Terminal } from "../terminal.ts";
import { conductProfile } from "./profile.ts";
import { conductStress, readyForStress } from "./stress.ts";

export async function work(terminal: Terminal, [directory]: string[], options: ConductOptions): Promise<number> {
  const { plan, answers } = await readPlan(directory as string);
  if (plan.schema === "dashpot/coding-run@1") throw ofCoding(directory as string);
  const told = (error: unknown) => Promise.reject(answers > 0 ? resumable(error, plan) : error);
  const run = [terminal, plan.model, options, directory as string] as const;
  if (plan.schema === "dashpot/run@1")
    return conductProfile(
      ...run,
      (conduct) => reopenRun(plan, conduct).catch(told),
      (wanted, prepared) => readyToRun(terminal, options, wanted, prepared).catch(told),
    );
  if (plan.schema === "dashpot/games-run@1")
    return conductGames(
      ...run,
      (conduct) => reopenGames(plan, conduct).catch(told),
      (wanted, prepared) => readyForGames(terminal, wanted, prepared).catch(told),
    );
  return conductStress(
    ...run,
    (conduct) => reopenStress(plan, conduct).catch(told),
    (wanted, prepared) => readyForStress(terminal, wanted, prepared).catch(told),
  );
}

/** What is coded stands in files that the journal does not know. */
function ofCoding(directory: string): DashpotError {
  return new DashpotError(
    "run-other",
    `expected the run of a profile or of stress, received the answers of a coder of texts, at ${directory}`,
    "give the same dashpot code command again: what is answered there is not asked again",
  );
}

/** What cannot be gone on with here, as it would be another run. */
const OTHERS: ReadonlySet<string> = new Set([
  "bank-changed",
  "reference-changed",
  "suite-changed",
  "rules-changed",
  "weights-changed",
  "processor-changed",
]);

/** What stops a run that has answers leaves it resumable (F3). */
function resumable(error: unknown, plan: Exclude<AnyPlan, CodingPlan>): unknown {
  if (!isDashpotError(error) && !(error instanceof CallError)) return error;
  if (OTHERS.has(error.code)) return error;
  const back: Record<string, string> =
    plan.schema === "dashpot/run@1"
      ? {
          "bank-missing": `put the bank of this run back at ${plan.bank.path}`,
          "profile-missing": `put the reference of this run back at ${plan.reference?.path}`,
        }
      : { "stress-missing": `put the suite of this run back at ${plan.suite.path}` };
  const fix = back[error.code] ?? error.fix;
  return new DashpotError(error.code, error.message, fix, { exit: 3, cause: error });
}
