import { tCritical } from "../../kernel/distributions.ts";
import type { Dose, DoseComparison } from "../../model/dose.ts";
import { GRADED, type Graded } from "../../model/stress.ts";
import { doseScale } from "../stress/dose-scale.ts";
import { parsePair } from "./dose-questions.ts";
import { NO_ANSWER, type PersonAnswer } from "./question-sheet.ts";
import { jackknifeError } from "./widen.ts";

export interface DosesOfPeople {
  readonly comparisons: readonly DoseComparison[];
  readonly doses: readonly Dose[];
  /** Factors that people compared, but not far enough for a scale: index 7 was not told to be more than index 0. */
  readonly undecided: readonly Graded[];
  readonly people: {
    readonly sheets: number;
    readonly people: number;
    readonly asked: number;
    readonly answers: number;
    readonly preferredNot: number;
  };
}

/** More people than this are left out in groups. */
const MOST_GROUPS = 10;

/**
 * Levels on one scale a factor, from people's comparisons (K19). An interval is that of the comparisons, taken as
 * independent, or that of the jackknife over people where it is wider.
 */
export function dosesOfPeople(answers: readonly PersonAnswer[]): DosesOfPeople {
  const comparisons = answers.flatMap(comparisonOf);
  const people = [...new Set(comparisons.map(({ judge }) => judge))].sort();
  const scales = GRADED.map((factor) => {
    const own = comparisons.filter((one) => one.factor === factor);
    return { factor, own, doses: scaleOrNull(own) };
  });
  return {
    comparisons,
    doses: scales.flatMap(({ own, doses }) => (doses ? withPeople(doses, own, people) : [])),
    undecided: scales.filter(({ own, doses }) => own.length > 0 && doses === null).map(({ factor }) => factor),
    people: {
      sheets: new Set(answers.map(({ person }) => person)).size,
      people: people.length,
      asked: answers.length,
      answers: comparisons.length,
      preferredNot: answers.filter(({ answer }) => answer === NO_ANSWER).length,
    },
  };
}

function comparisonOf({ person, about, answer }: PersonAnswer): DoseComparison[] {
  const pair = parsePair(about);
  if (pair === null) throw new RangeError(`expected a pair of levels, received ${about}`);
  return typeof answer === "number" ? [{ judge: person, ...pair, more: answer === 0 ? "a" : "b" }] : [];
}

/** Null where there is no scale: nothing was compared at its ends, or index 7 is not more than index 0. */
function scaleOrNull(comparisons: readonly DoseComparison[]): Dose[] | null {
  if (comparisons.length === 0) return null;
  try {
    return doseScale(comparisons);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function withPeople(doses: readonly Dose[], own: readonly DoseComparison[], people: readonly string[]): Dose[] {
  const groups = Math.min(people.length, MOST_GROUPS);
  const scales = Array.from({ length: groups }, (_, group) => {
    const left = new Set(people.filter((_, at) => at % groups === group));
    return new Map(
      (scaleOrNull(own.filter(({ judge }) => !left.has(judge))) ?? []).map((dose) => [nameOf(dose), dose]),
    );
  });
  return doses.map((dose) => {
    // Without whoever alone compared a level it has no place of its own; then the comparisons must do.
    const error = jackknifeError(scales.map((scale) => scale.get(nameOf(dose))?.dose ?? null));
    return Number.isNaN(error) ? dose : reaching(dose, error, groups - 1);
  });
}

function reaching(dose: Dose, error: number, degreesOfFreedom: number): Dose {
  const reach = tCritical(0.95, degreesOfFreedom) * error;
  const at = (value: number) => Math.round(value * 1e4) / 1e4;
  return { ...dose, low: Math.min(dose.low, at(dose.dose - reach)), high: Math.max(dose.high, at(dose.dose + reach)) };
}

function nameOf({ family, side, level }: Dose): string {
  return `${family}/${side ?? ""}/${level}`;
}
