import { ourBankPath } from "../../adapters/bank-files.ts";
import { readMeasurementError, readProfile } from "../../adapters/references.ts";
import { randomStream } from "../../kernel/random.ts";
import { type Comparison, compareProfiles } from "../../profile/compare.ts";
import { namesOf } from "../names-of.ts";
import { signed } from "../number-text.ts";
import { realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  margin?: string;
  formError?: string;
  seed?: string;
}

export async function work(terminal: Terminal, directories: string[], options: Options): Promise<number> {
  const profiles = [];
  for (const directory of directories) profiles.push((await readProfile(directory)).profile);
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  // Shares differ by one at the most: a margin beyond it would call everything equivalent.
  const most = profiles[0]?.format === "choice" ? 1 : 1e6;
  const comparisons = compareProfiles(
    profiles,
    {
      margin: options.margin === undefined ? null : realNumber("--margin", 0, most)(options.margin),
      measurement:
        options.formError === undefined
          ? await readMeasurementError(ourBankPath())
          : realNumber("--form-error", 0, 1e6)(options.formError),
    },
    randomStream(seed, "compare"),
  );
  const names = namesOf(profiles, directories);
  const subjects = names.flatMap((first, index) => names.slice(index + 1).map((second) => `${second} minus ${first}`));
  const tables = comparisons.map((one, index) => table(one, subjects[index] as string));
  terminal.answer(tables.join("\n\n"), comparisons);
  return 0;
}

const HEADINGS = `${"row".padEnd(5)}${"column".padEnd(9)}${"difference".padEnd(26)}${"adjusted".padEnd(10)}finding`;

function table(comparison: Comparison, subject: string): string {
  const { unit, pairs, cells, biases, margin } = comparison;
  const head = `${subject}, ${unit}, ${pairs} situations paired; Holm over ${cells.length} cells${biases.length > 0 ? `, and over ${biases.length} biases` : ""}`;
  const lines = [...cells, ...biases].map(({ row, label, difference, adjustedP, equivalenceP }) => {
    const interval = `${signed(difference.value)} [${signed(difference.low)}, ${signed(difference.high)}]`;
    const verdict =
      adjustedP === null
        ? "empty"
        : adjustedP <= 0.05
          ? "differs"
          : equivalenceP !== null && equivalenceP <= 0.05
            ? "equivalent"
            : "cannot tell";
    const p = adjustedP === null ? "" : `p ${adjustedP.toFixed(4)}`;
    return `${row.padEnd(5)}${label.padEnd(9)}${interval.padEnd(26)}${p.padEnd(10)}${verdict}`;
  });
  const remark =
    margin === null ? `${comparison.remark} No margin of equivalence was named (--margin).` : comparison.remark;
  return [head, HEADINGS, ...lines, remark].join("\n");
}
