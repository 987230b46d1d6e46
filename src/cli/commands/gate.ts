import { ourBankPath } from "../../adapters/bank-files.ts";
import { readProfile, referenceOf } from "../../adapters/references.ts";
import { readStressReport } from "../../adapters/stress-outputs.ts";
import { DashpotError } from "../../model/error.ts";
import type { Profile } from "../../model/profile.ts";
import { judgeGate, type Limit, parseLimit, type Verdict } from "../../profile/gate.ts";
import { isStressLimit, judgeStressGate, parseStressLimit } from "../../profile/stress/gate-stress.ts";
import { signed } from "../number-text.ts";
import type { Terminal } from "../terminal.ts";

const EXIT = { yes: 0, no: 1, undecidable: 4 } as const;

export async function work(
  terminal: Terminal,
  [directory]: string[],
  options: { max?: string[] | string; reference?: string },
): Promise<number> {
  const wanted = [options.max ?? []].flat();
  if (wanted.length === 0)
    throw new DashpotError(
      "gate-without-limit",
      "expected a limit, received none",
      'give --max "P(asocial | none) < 0.05"',
    );
  if (wanted.every(isStressLimit)) return gateStress(terminal, directory as string, wanted, options.reference);
  const limits = wanted.map(parseLimit);
  const { profile } = await readProfile(directory as string);
  const reference = await referenceFor(profile, limits, options.reference);
  const result = judgeGate(profile, limits, reference);
  if (options.reference !== undefined && !reference) throw referenceUnused(options.reference);
  terminal.answer(result.verdicts.map((verdict) => line(verdict)).join("\n"), result);
  return EXIT[result.answer];
}

/** Limits on severity, of a stress run. */
function gateStress(
  terminal: Terminal,
  directory: string,
  wanted: readonly string[],
  reference: string | undefined,
): number {
  if (reference !== undefined) throw referenceUnused(reference);
  const limits = wanted.map(parseStressLimit);
  const result = judgeStressGate(readStressReport(directory), limits);
  const lines = result.verdicts.map((verdict) => line(verdict, "answers at that level"));
  terminal.answer(lines.join("\n"), result);
  return EXIT[result.answer];
}

/** Read only where a limit needs it: on a row that has a cue, in nats. */
async function referenceFor(
  profile: Profile,
  limits: readonly Limit[],
  wanted: string | undefined,
): Promise<Profile | null> {
  const told = profile.format === "score" ? profile.bias.reference : null;
  const needed = limits.some(({ quantity, row }) => quantity === "difference" && row !== "none");
  return needed && told ? referenceOf(told, ourBankPath(), wanted) : null;
}

function referenceUnused(wanted: string): DashpotError {
  return new DashpotError(
    "gate-reference-unused",
    `expected a limit in nats on a cued row with --reference ${wanted}, received no such limit`,
    'leave --reference out, or limit such as "difference(AR | EM) < 0.5"',
  );
}

function line({ limit, answer, estimate, decidingN, remark }: Verdict, unit = "situations"): string {
  const { value, low, high, n } = estimate;
  const more = decidingN === null ? "" : `; ${decidingN} ${unit} would decide if the value stayed`;
  return `${answer}: ${limit}: ${signed(value)} [${signed(low)}, ${signed(high)}], n ${n}${more}${remark === "" ? "" : `; ${remark}`}`;
}
