import { readProfile } from "../../adapters/references.ts";
import { randomStream } from "../../kernel/random.ts";
import { estimateTrend } from "../../profile/trend.ts";
import { namesOf } from "../names-of.ts";
import { signed } from "../number-text.ts";
import { type Terminal, wholeNumber } from "../terminal.ts";

export async function work(terminal: Terminal, directories: string[], options: { seed?: string }): Promise<number> {
  const profiles = [];
  for (const directory of directories) profiles.push((await readProfile(directory)).profile);
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const trend = estimateTrend(profiles, randomStream(seed, "trend"));
  const lines = [...trend.cells, ...trend.biases].map(({ row, label, slope, adjustedP }) => {
    const interval = `${signed(slope.value)} [${signed(slope.low)}, ${signed(slope.high)}]`;
    const p = adjustedP === null ? "empty" : `p ${adjustedP.toFixed(4)}`;
    return `${row.padEnd(5)}${label.padEnd(9)}${interval.padEnd(26)}${p}`;
  });
  const unit = trend.format === "score" ? "nats" : "proportion";
  terminal.answer(
    [
      `change a version, ${unit}, over ${namesOf(profiles, directories).join(" → ")}; Holm over ${trend.cells.length} cells${trend.biases.length > 0 ? `, and over ${trend.biases.length} biases` : ""}`,
      `${"row".padEnd(5)}${"column".padEnd(9)}${"change".padEnd(26)}adjusted`,
      ...lines,
      ...(trend.remark === "" ? [] : [trend.remark]),
    ].join("\n"),
    trend,
  );
  return 0;
}
