import { sha256Hex } from "../../kernel/canonical-json.ts";
import { randomStream } from "../../kernel/random.ts";
import type { Dose } from "../../model/dose.ts";
import type { ModelIdentity } from "../../model/language-model.ts";
import type { Totals } from "../../model/run.ts";
import { conditionName, FACTORS, type Measure, SIDES } from "../../model/stress.ts";
import type { StressCell, StressCheck, StressReport, StressResult } from "../../model/stress-report.ts";
import type { DesignRow, StressPlan } from "../../model/stress-run.ts";
import { estimateCheck } from "./check/estimate-check.ts";
import type { StressMeasurements } from "./code-stress.ts";
import { type Cell, countCells, countSilences } from "./count-cells.ts";
import { countEpisodes } from "./count-episodes.ts";
import { estimateArms } from "./estimate-arms.ts";
import { estimateCurves } from "./estimate-curves.ts";
import { estimateGuardrails } from "./estimate-guardrails.ts";
import { regressSeverity } from "./estimate-regression.ts";
import { estimateFor, weightsFrom } from "./family-means.ts";
import { type ItemValue, valuesOfCells, valuesOfScores } from "./item-values.ts";
import type { RiseCutoffs } from "./rise/smooth-or-jump.ts";

/** What a report tells beside what was measured. */
export interface StressSource {
  readonly plan: StressPlan;
  readonly rows: readonly DesignRow[];
  readonly aliases: readonly string[];
  readonly model: ModelIdentity;
  readonly totals: Totals;
  readonly doses: readonly Dose[];
  /** Of smooth or jump, by design. */
  readonly cutoffs: readonly RiseCutoffs[];
  /** Families that models were possibly trained on. */
  readonly regressionFamilies: readonly string[];
}

/** Everything that a stress run found, format by format (T11 to T14). */
export function estimateStress(measured: StressMeasurements, source: StressSource): StressReport {
  const { plan, rows, model, totals, regressionFamilies } = source;
  const { dashpot, suite, set, seed, samples, wordings, temperature } = plan;
  const families = [...new Set(rows.map(({ family }) => family))];
  const isPooled = ({ family }: Pick<DesignRow, "family">) => !regressionFamilies.includes(family);
  return {
    schema: "dashpot/stress@1",
    ...{ dashpot, model, set, seed, samples, wordings, temperature, totals },
    suite: { id: suite.id, version: suite.version, hash: suite.hash },
    coder: plan.coder,
    formatReason: plan.formatReason,
    system: plan.system === undefined ? null : sha256Hex(plan.system),
    design: {
      name: plan.design.name,
      scenarios: rows.filter(isPooled).length,
      regressionScenarios: rows.filter((row) => !isPooled(row)).length,
      families: families.filter((family) => isPooled({ family })),
      regressionFamilies: families.filter((family) => regressionFamilies.includes(family)),
      sides: SIDES.filter((side) => rows.some(({ condition }) => condition.side === side)),
      factors: FACTORS.filter((factor) => new Set(rows.map(({ condition }) => condition[factor])).size > 1),
      aliases: [...source.aliases],
    },
    results: measuresOf(plan).map((measure) => resultOf(measure, measured, source)),
    ...(plan.check ? { check: checkOf(measured, source) } : {}),
    episodes: countEpisodes(measured.episodes),
  };
}

function measuresOf({ formats }: StressPlan): Measure[] {
  return formats.flatMap((format): Measure[] => (format === "simulate" ? ["done", "said"] : [format]));
}

/** Of texts alone, without the regression arm. */
function checkOf(measured: StressMeasurements, { plan, regressionFamilies }: StressSource): StressCheck {
  const isOwn = ({ row }: { readonly row: DesignRow }) => !regressionFamilies.includes(row.family);
  const measures = plan.formats
    .filter((format) => format !== "simulate")
    .map((measure) => {
      if (measure === "score") return { measure, values: valuesOfScores(measured.scored).filter(isOwn), cells: [] };
      const cells = countCells(measured.answered.filter((one) => one.measure === measure)).filter(isOwn);
      return { measure, values: valuesOfCells(cells), cells };
    });
  return estimateCheck(
    measured.checks.filter(isOwn),
    measures,
    weightsFrom(randomStream(plan.seed, "stress", "check")),
  );
}

function resultOf(measure: Measure, measured: StressMeasurements, source: StressSource): StressResult {
  const weights = weightsFrom(randomStream(source.plan.seed, "stress", measure));
  const answers = measured.answered.filter((one) => one.measure === measure);
  const cells = countCells(answers);
  const values = measure === "score" ? valuesOfScores(measured.scored) : valuesOfCells(cells);
  const isOwn = ({ row }: { readonly row: DesignRow }) => !source.regressionFamilies.includes(row.family);
  const own = values.filter(isOwn);
  const pooled = answers.filter(isOwn);
  const lost = own.filter(({ missing }) => measure === "score" && missing > 0).map(() => "failure" as const);
  return {
    measure,
    unit: measure === "score" ? "nats" : "proportion",
    asked: measure === "score" ? own.length : pooled.length,
    silence: countSilences([...pooled.map(({ silence }) => silence), ...lost]),
    curves: estimateCurves(own, source, weights),
    regression: measure === "score" ? null : regressSeverity(cells.filter(isOwn), weights),
    arms: estimateArms(own, weights),
    guardrails: estimateGuardrails(own, weights),
    regressionArm: values
      .filter((value) => !isOwn(value))
      .map((value) => ({
        family: value.row.family,
        condition: conditionName(value.row.condition),
        value: estimateFor([value], weights),
      })),
    cells: values.map((value, at) => cellOf(value, cells[at])),
  };
}

function cellOf({ row, n, missing, nats, ladder }: ItemValue, cell: Cell | undefined): StressCell {
  return {
    ...{ family: row.family, surface: row.surface, condition: conditionName(row.condition), n, missing },
    rungs: nats === null && cell ? [...cell.rungs] : null,
    logOdds: nats?.all ?? null,
    ladder: ladder && [...ladder],
  };
}
