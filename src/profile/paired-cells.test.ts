import { expect, it } from "vitest";
import { type RandomStream, randomStream } from "../kernel/random.ts";
import { LABELS, ROWS } from "../model/label.ts";
import { errorBetweenForms, type Pair, pairedDifference } from "./paired-cells.ts";

const PLACE = { row: "none", label: "CS" } as const;

function situation(index: number, value: number): Pair["left"] {
  const labels = Object.fromEntries(LABELS.map((label) => [label, value]));
  const cells = Object.fromEntries(ROWS.map((row) => [row, labels])) as Pair["left"]["cells"];
  return { id: `s${index}`, domain: `d${index}`, rank: "equal", cells, bias: cells.none };
}

/** Two models that do not differ, each on a form of its own; forms add to every situation and, `shared`, to all alike. */
function covers(shared: number, situations: number, stream: RandomStream): boolean {
  const normal = (deviation: number) => deviation * stream.normal();
  // The error between forms as it is measured: six forms of 96 situations, by one model.
  const forms = Array.from({ length: 6 }, () => normal(shared) + normal(0.5 / Math.sqrt(96)));
  const mean = forms.reduce((sum, one) => sum + one, 0) / forms.length;
  const deviation = Math.sqrt(forms.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (forms.length - 1));
  const [first, second] = [normal(shared), normal(shared)];
  const pairs = Array.from({ length: situations }, (_, index) => ({
    left: situation(index, first + normal(0.5)),
    right: situation(index, second + normal(0.5)),
  }));
  const form = { error: errorBetweenForms(deviation), degreesOfFreedom: forms.length - 1 };
  const { low, high } = pairedDifference(pairs, PLACE, form).estimate;
  return (low ?? 1) <= 0 && 0 <= (high ?? -1);
}

it.each([
  [0, 12, 0.985],
  [0.1, 12, 0.985],
  // Whole sets that share nothing: what situations scatter by is all of the deviation, and is counted twice.
  [0, 96, 1],
  [0.1, 96, 0.985],
])(
  "E8: between forms that share %s nats, intervals of %s pairs cover at least 93 %%, and at most %s",
  (shared, situations, most) => {
    const stream = randomStream(5, "forms", String(shared), String(situations));
    const runs = 1500;
    const covered = Array.from({ length: runs }, () => covers(shared, situations, stream)).filter(Boolean).length;
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(most);
  },
);
