import { readProfile } from "../../adapters/references.ts";
import { DashpotError } from "../../model/error.ts";
import { judgeGate, parseLimit, type Verdict } from "../../profile/gate.ts";
import { signed } from "../number-text.ts";
import type { Terminal } from "../terminal.ts";

const EXIT = { yes: 0, no: 1, undecidable: 4 } as const;

export async function work(
  terminal: Terminal,
  [directory]: string[],
  options: { max?: string[] | string },
): Promise<number> {
  const limits = [options.max ?? []].flat().map(parseLimit);
  if (limits.length === 0)
    throw new DashpotError(
      "gate-without-limit",
      "expected a limit, received none",
      'give --max "P(asocial | none) < 0.05"',
    );
  const result = judgeGate((await readProfile(directory as string)).profile, limits);
  terminal.answer(result.verdicts.map(line).join("\n"), result);
  return EXIT[result.answer];
}

function line({ limit, answer, estimate, decidingN, remark }: Verdict): string {
  const { value, low, high, n } = estimate;
  const more = decidingN === null ? "" : `; ${decidingN} situations would decide if the value stayed`;
  return `${answer}: ${limit}: ${signed(value)} [${signed(low)}, ${signed(high)}], n ${n}${more}${remark === "" ? "" : `; ${remark}`}`;
}
