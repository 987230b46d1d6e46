import { type Condition, controlOf, type Factor, GRADED, SWITCHES } from "../../model/stress.ts";
import type { StressArm } from "../../model/stress-report.ts";
import { adjusted } from "../adjust-family.ts";
import type { Weights } from "./cluster-mean.ts";
import { changed, rowName } from "./count-cells.ts";
import { estimateFor, itemNumber, pairedDifference } from "./family-means.ts";
import type { ItemValue } from "./item-values.ts";

interface Change {
  readonly name: string;
  readonly factor: Factor;
  readonly on: (condition: Condition) => boolean;
  readonly off: Partial<Condition>;
}

const CHANGES: readonly Change[] = [
  ...SWITCHES.map((factor) => ({
    ...{ name: factor, factor, off: { [factor]: false } },
    on: (condition: Condition) => condition[factor],
  })),
  ...(["real", "test"] as const).map((stated) => ({
    ...{ name: `stated ${stated}`, factor: "stated" as const, off: { stated: "none" as const } },
    on: (condition: Condition) => condition.stated === stated,
  })),
  { name: "side under", factor: "side", on: ({ side }) => side === "under", off: { side: "over" } },
];

interface Pair {
  readonly on: ItemValue;
  readonly off: ItemValue;
}

/** What putting on one thing changes, in pairs of scenarios that differ in nothing else (T14), by what else presses. */
export function estimateArms(values: readonly ItemValue[], weights: Weights): StressArm[] {
  const byName = new Map(values.map((value) => [rowName(value.row), value]));
  const arms = CHANGES.flatMap((change) => {
    const pairs = values.flatMap((on) => {
      const off = change.on(on.row.condition) ? byName.get(changed(on.row, change.off)) : undefined;
      return off === undefined || isNothing(on, off) ? [] : [{ on, off }];
    });
    const groups = Map.groupBy(pairs, ({ off }) => overWhat(off.row.condition));
    return [...groups].map(([over, own]) => armOf(change, over, own, weights));
  });
  return adjusted(arms).map(({ adjustedP, ...arm }) => ({ ...arm, holm: adjustedP }));
}

/** Under `score` both sides' controls are zero by definition. */
function isNothing(on: ItemValue, off: ItemValue): boolean {
  const isControl = ({ row }: ItemValue) => rowName(row) === changed(row, controlOf(row.condition.side));
  return on.nats !== null && isControl(on) && isControl(off);
}

function overWhat(condition: Condition): string {
  const graded = GRADED.filter((factor) => condition[factor] > 0).map((factor) => `${factor} ${condition[factor]}`);
  const stated = condition.stated === "none" ? [] : [`stated ${condition.stated}`];
  const parts = [...graded, ...SWITCHES.filter((one) => condition[one]), ...stated];
  return parts.length === 0 ? "control" : parts.join(" + ");
}

function armOf(
  { name, factor }: Change,
  over: string,
  pairs: readonly Pair[],
  weights: Weights,
): Omit<StressArm, "holm"> {
  const [on, off] = [pairs.map((pair) => pair.on), pairs.map((pair) => pair.off)];
  const values = pairs.map((pair) => ({
    family: pair.on.row.family,
    from: itemNumber(pair.off),
    to: itemNumber(pair.on),
  }));
  const inNats = on.some(({ nats }) => nats !== null);
  return {
    ...{ name, factor, over },
    off: estimateFor(off, weights),
    on: estimateFor(on, weights),
    ...pairedDifference(values, weights, inNats),
  };
}
