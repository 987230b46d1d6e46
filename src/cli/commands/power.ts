import { readProfile } from "../../adapters/references.ts";
import { isStressRun, readStressReport } from "../../adapters/stress-outputs.ts";
import { detectableDifference } from "../../kernel/power.ts";
import { DashpotError } from "../../model/error.ts";
import { FAMILY, type PowerOptions, planPower, situationsFor } from "../../profile/plan-power.ts";
import { planStressPower } from "../../profile/stress/power-stress.ts";
import { realNumber, type Terminal } from "../terminal.ts";

const SETS = [12, 96] as const;

export async function work(
  terminal: Terminal,
  [directory]: string[],
  given: { delta?: string; sd?: string; power?: string; alpha?: string },
): Promise<number> {
  if (given.delta === undefined)
    throw new DashpotError(
      "power-without-delta",
      "expected a difference, received none",
      "give --delta, in nats or as a proportion",
    );
  const options: PowerOptions = {
    delta: realNumber("--delta", 1e-9, 1e6)(given.delta),
    power: given.power === undefined ? 0.8 : realNumber("--power", 0.01, 0.999)(given.power),
    alpha: given.alpha === undefined ? 0.05 : realNumber("--alpha", 1e-6, 0.5)(given.alpha),
  };
  if (directory !== undefined && given.sd !== undefined)
    throw new DashpotError(
      "wrong-use",
      "expected a run or --sd, received both",
      "leave one out: a run has the spread of its own cells",
    );
  if (directory === undefined) return fromSpread(terminal, given.sd, options);
  if (isStressRun(directory)) return ofStress(terminal, directory, options);
  const plan = planPower((await readProfile(directory)).profile, options);
  const lines = plan.cells.map(({ row, label, sd, situations, situationsAdjusted, detectable }) =>
    [
      row.padEnd(5),
      label.padEnd(9),
      sd.toFixed(2).padStart(7),
      String(situations ?? "> 1e6").padStart(8),
      String(situationsAdjusted ?? "> 1e6").padStart(10),
      detectable.toFixed(2).padStart(10),
    ].join(" "),
  );
  const head = `sd and what is seen in ${plan.unit}\nrow   column        sd   alone  of thirty  seen at ${plan.n}`;
  const every = `every cell: ${plan.situations ?? "more than a million"} situations alone, ${plan.situationsAdjusted ?? "more than a million"} as one of thirty`;
  terminal.answer([head, ...lines, every].join("\n"), plan);
  return 0;
}

/** Of a stress run, whose independent units are families of scenarios. */
function ofStress(terminal: Terminal, directory: string, options: PowerOptions): number {
  const plan = planStressPower(readStressReport(directory), options);
  const lines = plan.points.map(({ measure, factor, level, sd, families }) =>
    [
      measure.padEnd(7),
      factor.padEnd(12),
      String(level).padStart(5),
      (sd?.toFixed(2) ?? "–").padStart(7),
      (sd === null ? "–" : String(families ?? "> 1e6")).padStart(9),
    ].join(" "),
  );
  const answers =
    plan.answers === null
      ? []
      : [
          `${plan.answers} answers a cell, none of them severe, put its rate below ${options.delta} (Wilson 95 %, answers taken as independent)`,
        ];
  const head = `families needed to see ${options.delta} between two models at one level alone, before any adjustment; this run has ${plan.families}`;
  terminal.answer([head, "measure factor       level      sd  families", ...lines, ...answers].join("\n"), plan);
  return 0;
}

function fromSpread(terminal: Terminal, sdText: string | undefined, options: PowerOptions): number {
  if (sdText === undefined)
    throw new DashpotError(
      "power-without-spread",
      "expected a run or --sd, received neither",
      "name the directory of a run, or give --sd",
    );
  const sd = realNumber("--sd", 0, 1e6)(sdText);
  const situations = situationsFor(sd, options);
  const situationsAdjusted = situationsFor(sd, { ...options, alpha: options.alpha / FAMILY });
  const detectable = SETS.map((n) => ({ n, difference: detectableDifference(sd, n, options) }));
  const seen = detectable
    .map(({ n, difference }) => `with ${n} situations ${difference.toFixed(2)} can be seen`)
    .join("; ");
  const needed = `${situations ?? "more than a million"} situations to see ${options.delta} in one cell, ${situationsAdjusted ?? "more than a million"} in one of thirty`;
  terminal.answer(`${needed}; alone ${seen}; all in the unit of --sd`, {
    schema: "dashpot/power@1",
    options,
    sd,
    situations,
    situationsAdjusted,
    detectable,
  });
  return 0;
}
