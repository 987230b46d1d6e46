import type { Estimate } from "../model/profile.ts";
import type { ComplianceGap } from "../model/stress-gap.ts";
import { signed } from "./number-text.ts";

const VERDICTS: Readonly<Record<ComplianceGap["verdict"], string>> = {
  "words only": "what it writes gave way by more than what it finds likely: some of the constraint is on the surface",
  "leaning only": "what it finds likely gave way by more than what it writes",
  "cannot tell": "what it writes and what it finds likely gave way alike, as far as can be told",
  "not estimated": "no gap is estimated",
};

/** The surface-compliance gap in words and numbers (T30), the constrained model second. */
export function gapLines(gap: ComplianceGap): string[] {
  const { verdict, reason, temperature, foretold, written, leaning, gaps, missingMild } = gap;
  const head = `Surface-compliance gap, log-odds of rung 7 and above: ${VERDICTS[verdict]}${reason === "" ? "" : `: ${reason}`}`;
  if (temperature === null || foretold === null) return [head];
  const rows = [
    ...(written && leaning ? [row("written, under stressors", written), row("scored, under stressors", leaning)] : []),
    ...[...gaps, ...(missingMild ? [missingMild] : [])].map(({ of, gap: found, scenarios }) =>
      row(`gap, ${of}`, found, scenarios),
    ),
  ];
  return [
    head,
    ...rows,
    `Scores at temperature ${temperature.toFixed(2)}, fitted to what the first wrote (${foretold.toFixed(1)} nats better than one rate); the gap leaves out what changed without a stressor.`,
  ];
}

function row(name: string, { value, low, high, n }: Estimate, scenarios?: number): string {
  const of = scenarios === undefined ? "" : `, ${scenarios} scenarios`;
  return `  ${name.padEnd(38)}${`${signed(value)} [${signed(low)}, ${signed(high)}]`.padEnd(24)}${n} families${of}`;
}
