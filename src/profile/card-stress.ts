import type { StressSection } from "../model/card.ts";
import { DashpotError } from "../model/error.ts";
import type { Profile } from "../model/profile.ts";
import type { StressCurve, StressReport } from "../model/stress-report.ts";
import { intervalText, numberText } from "./report/number-text.ts";
import { riseText, stressAnswer, stressLimits, thresholdText } from "./report/stress/stress-findings.ts";

/**
 * The section of a card that tells of a stress run of the same model (C11); `record` is the SHA-256 of its record's bytes.
 * Errors: `card-other-model`, `card-other-system`.
 */
export function stressSection(profile: Profile, report: StressReport, record: string): StressSection {
  refuseOther(profile, report);
  const { suite, set, design, seed, results } = report;
  return {
    ...{ record, suite, set, design: design.name, seed, answer: stressAnswer(report) },
    curves: results.flatMap(({ measure, curves }) =>
      curves.map((curve) => ({ measure, factor: curve.factor, text: curveText(curve), top: topOf(curve) })),
    ),
    limits: [...stressLimits(report)],
  };
}

function curveText({ threshold, slope, rise }: StressCurve): string {
  if (threshold) return [`one half: ${thresholdText(threshold.index)}`, ...(rise ? [riseText(rise)] : [])].join("; ");
  return slope ? `slope ${numberText(slope.value, "nats")} nats a level (${intervalText(slope, "nats")})` : "no slope";
}

function topOf({ points }: StressCurve): StressSection["curves"][number]["top"] {
  const last = points.at(-1);
  return last ? { level: last.level, estimate: last.value } : null;
}

/** A card is of one model as it was asked: of the same weights, version and guardrail. */
function refuseOther({ model, system }: Profile, report: StressReport): void {
  const known = ["spec", "sha256", "reported", "endpoint"] as const;
  const other = known.find((name) => model[name] !== report.model[name]);
  if (other)
    throw new DashpotError(
      "card-other-model",
      `expected a stress run of ${model.spec}, received one of ${report.model.spec} that differs in ${other}`,
      "name a stress run of the model that the card is of",
    );
  if ((system ?? null) !== report.system)
    throw new DashpotError(
      "card-other-system",
      `expected a stress run under ${systemText(system)}, received one under ${systemText(report.system)}`,
      "stress the model with the --system that it was profiled with",
    );
}

function systemText(system: string | null | undefined): string {
  return system ? `the system's message ${system.slice(0, 12)}` : "no system's message";
}
