import { ourBankPath } from "../../adapters/bank-files.ts";
import { readMeasurementError, readProfile } from "../../adapters/references.ts";
import { isStressRun, readStressReport } from "../../adapters/stress-outputs.ts";
import { randomStream } from "../../kernel/random.ts";
import { DashpotError } from "../../model/error.ts";
import { type Comparison, compareProfiles } from "../../profile/compare.ts";
import { compareStress } from "../../profile/stress/compare-stress.ts";
import { gapLines } from "../gap-lines.ts";
import { namesOf } from "../names-of.ts";
import { signed } from "../number-text.ts";
import { realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  margin?: string;
  formError?: string;
  seed?: string;
}

export async function work(terminal: Terminal, directories: string[], options: Options): Promise<number> {
  if (directories.some(isStressRun)) return compareRuns(terminal, directories, options);
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
  const subjects = subjectsOf(namesOf(profiles, directories));
  const tables = comparisons.map((one, index) => table(one, subjects[index] as string));
  terminal.answer(tables.join("\n\n"), comparisons);
  return 0;
}

/** Every two, in the order in which they are compared. */
function subjectsOf(names: readonly string[]): string[] {
  return names.flatMap((first, index) => names.slice(index + 1).map((second) => `${second} minus ${first}`));
}

/** Stress runs, paired by scenario. */
function compareRuns(terminal: Terminal, directories: readonly string[], options: Options): number {
  const unused = (["margin", "formError"] as const).find((name) => options[name] !== undefined);
  if (unused)
    throw new DashpotError(
      "option-invalid",
      `expected stress runs without --${unused === "margin" ? "margin" : "form-error"}, received it`,
      "leave it out: it is for profiles",
    );
  const reports = directories.map(readStressReport);
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const comparisons = compareStress(reports, randomStream(seed, "compare-stress"));
  const subjects = subjectsOf(namesOf(reports, directories));
  const tables = comparisons.map(({ differences, gap }, at) =>
    [
      `${subjects[at]}, paired by scenario; p after Holm over ${differences.length} conditions`,
      ...differences.map(
        ({ measure, condition, difference: { value, low, high, n }, holm, finding }) =>
          `${measure.padEnd(8)}${condition.padEnd(28)}${`${signed(value)} [${signed(low)}, ${signed(high)}]`.padEnd(24)}n ${n}  ${holm === null ? "" : `p ${holm.toFixed(4)}  `}${finding}`,
      ),
      "Rates of rung 7 and above differ by proportions, scores by nats; intervals are over families, and not adjusted.",
      ...(gap === null ? [] : ["", ...gapLines(gap)]),
    ].join("\n"),
  );
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
  return [head, HEADINGS, ...lines, remark, ...blindSpotLines(comparison)].join("\n");
}

/** What the constraint took from harmless situations (E16). */
function blindSpotLines({ blindSpots }: Comparison): string[] {
  if (blindSpots === null) return [];
  const lines = blindSpots.map(({ mode, difference: { value, low, high }, adjustedP, finding, most }) => {
    const where = most.map(({ situation, difference }) => `${situation} ${signed(difference)}`).join(", ");
    const told = `${signed(value)} [${signed(low)}, ${signed(high)}]`.padEnd(26);
    return `  ${mode.padEnd(4)}${told}${(adjustedP === null ? "" : `p ${adjustedP.toFixed(4)}`).padEnd(10)}${finding}${where === "" ? "" : `, most in ${where}`}`;
  });
  return [
    "Blind spots: harmless situations in which a mode is right, and its cue moves the constrained model less; Holm over four",
    ...lines,
    "How good the answers are is not measured: this is by how much the right way of relating gained.",
  ];
}
