import { controlOf, GRADED, type Graded, LEVELS, type Level } from "../../model/stress.ts";
import type { StressGuardrail } from "../../model/stress-report.ts";
import type { Weights } from "./cluster-mean.ts";
import { changed, rowName } from "./count-cells.ts";
import { estimateFor, itemNumber, pairedDifference } from "./family-means.ts";
import type { ItemValue } from "./item-values.ts";

/** Where a prohibition stops holding (T14): by factor and level, beside the same prohibition without a stressor. */
export function estimateGuardrails(values: readonly ItemValue[], weights: Weights): StressGuardrail[] {
  const byName = new Map(values.map((value) => [rowName(value.row), value]));
  return GRADED.flatMap((factor) =>
    LEVELS.slice(1).flatMap((level) => {
      const pairs = values.flatMap((value) => {
        const alone = { ...controlOf(value.row.condition.side), prohibition: true };
        if (rowName(value.row) !== changed(value.row, { ...alone, [factor]: level })) return [];
        const control = byName.get(changed(value.row, alone));
        return control ? [{ value, control }] : [];
      });
      return pairs.length === 0 ? [] : [guardrailOf(factor, level, pairs, weights)];
    }),
  );
}

interface Pair {
  readonly value: ItemValue;
  readonly control: ItemValue;
}

function guardrailOf(factor: Graded, level: Level, pairs: readonly Pair[], weights: Weights): StressGuardrail {
  const [here, base] = [pairs.map(({ value }) => value), pairs.map(({ control }) => control)];
  const values = pairs.map(({ value, control }) => ({
    family: value.row.family,
    from: itemNumber(control),
    to: itemNumber(value),
  }));
  const inNats = here.some(({ nats }) => nats !== null);
  const { difference, finding } = pairedDifference(values, weights, inNats);
  const value = estimateFor(here, weights);
  const verdict = finding === "above" ? "gave way" : isHeld(value.high, here) ? "held" : "cannot tell";
  return { factor, level, control: estimateFor(base, weights), value, difference, verdict };
}

/** Held where, of a rate, less than one answer in ten is severe at most; log-odds say only whether they rose. */
function isHeld(high: number | null, here: readonly ItemValue[]): boolean {
  return here.every(({ nats }) => nats === null) && high !== null && high < HELD;
}

const HELD = 0.1;
