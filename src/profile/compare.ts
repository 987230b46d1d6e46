import { tCdf } from "../kernel/distributions.ts";
import type { RandomStream } from "../kernel/random.ts";
import { signFlip, tost } from "../kernel/sign-flip.ts";
import { DashpotError } from "../model/error.ts";
import { MODES, type Mode } from "../model/label.ts";
import type { MeasurementError } from "../model/measurement-error.ts";
import { type Estimate, type Profile, rootOfBank } from "../model/profile.ts";
import { adjusted } from "./adjust-family.ts";
import { lostByRow } from "./lost-answers.ts";
import {
  BIASES,
  CELLS,
  combined,
  type ErrorOfMean,
  errorBetweenForms,
  type Pair,
  type Place,
  pairedDifference,
  pairsOf,
  valueAt,
} from "./paired-cells.ts";
import { peopleErrorOf } from "./people/people-error.ts";

/** One cell of a comparison of two models, or the bias towards one label. */
export interface ComparedCell extends Place {
  /** Second minus first, mean over paired situations. */
  readonly difference: Estimate;
  /** Sign-flips by situation, between forms and with people never below the t test with their error; null without a pair. */
  readonly p: number | null;
  /** Holm over the thirty cells, or over the six biases. */
  readonly adjustedP: number | null;
  /** Two one-sided tests at the margin the user named; null where none was named. */
  readonly equivalenceP: number | null;
}

export interface Comparison {
  readonly schema: "dashpot/comparison@1";
  readonly first: string;
  readonly second: string;
  readonly format: Profile["format"];
  readonly unit: "nats" | "proportion";
  readonly pairs: number;
  readonly margin: number | null;
  readonly cells: readonly ComparedCell[];
  /**
   * Each model's lean in the row of no cue, before any reference is taken off: that of a pair is the same. None under
   * `choice`, where they are the row of no cue less one sixth and would be tested twice.
   */
  readonly biases: readonly ComparedCell[];
  /** Where the second was asked under a guardrail and the first was not (E16); null else. */
  readonly blindSpots: readonly BlindSpot[] | null;
  readonly remark: string;
}

/** A mode in the harmless situations where it is right and called for: by how much less its cue moves the constrained model. */
export interface BlindSpot {
  readonly mode: Mode;
  readonly difference: Estimate;
  /** Holm over the four modes. */
  readonly adjustedP: number | null;
  readonly finding: "fell" | "cannot tell" | "empty";
  /** The situations in which it fell most, if it fell; a description, not a finding. */
  readonly most: readonly { readonly situation: string; readonly difference: number }[];
}

export interface CompareOptions {
  /** Margin of equivalence, in the unit of the cells. */
  readonly margin: number | null;
  /**
   * By how much a cell scatters over the forms of a parent, for models that answered different forms: as measured under
   * `score`, or a standard error of measurement of one form, in the unit of the cells, taken as known.
   */
  readonly measurement?: MeasurementError | number | null;
}

/** Compares every pair of profiles, in the order given, paired by situation (E8). */
export function compareProfiles(
  profiles: readonly Profile[],
  options: CompareOptions,
  stream: RandomStream,
): Comparison[] {
  if (profiles.length < 2) {
    throw new DashpotError(
      "compare-too-few",
      `expected two profiles or more, received ${profiles.length}`,
      "name the directories of two runs",
    );
  }
  const pairs = profiles.flatMap((first, index) => profiles.slice(index + 1).map((second) => ({ first, second })));
  for (const { first, second } of pairs) refuseUnlike(first, second);
  return pairs.map(({ first, second }) =>
    compareTwo(first, second, withPeople(errorBetween(first, second, options), [first, second]), options, stream),
  );
}

function refuseUnlike(first: Profile, other: Profile): void {
  if (first.format !== other.format) {
    throw new DashpotError(
      "compare-formats",
      `expected one format, received ${first.format} and ${other.format}`,
      "profile both with the same --format; cards compare only within one",
    );
  }
  if (first.bank.hash !== other.bank.hash && rootOfBank(first.bank) !== rootOfBank(other.bank)) {
    throw new DashpotError(
      "compare-banks",
      `expected one bank, or banks of one parent, received ${first.bank.hash.slice(0, 12)} and ${other.bank.hash.slice(0, 12)}`,
      "profile both on the same bank",
    );
  }
  const known = new Set(first.situations.map(({ id }) => id));
  if (!other.situations.some(({ id }) => known.has(id))) {
    throw new DashpotError(
      "compare-unpaired",
      "expected situations that both answered, received none in common",
      "profile both with the same --set",
    );
  }
}

/** Standard error, beside that of the situations, of a difference between two forms or with people; and how it came about. */
interface FormError {
  readonly remark: string;
  of(place: Place, pairs: number): ErrorOfMean;
}

function errorBetween(first: Profile, second: Profile, { measurement = null }: CompareOptions): FormError {
  if (first.bank.hash === second.bank.hash)
    return { remark: "One bank: paired by situation.", of: () => ({ error: 0, degreesOfFreedom: 1 }) };
  const wordings = "Banks of one parent, wordings differ";
  if (typeof measurement === "number") {
    return {
      remark: `${wordings}: a standard error of measurement of ${measurement} a form is added.`,
      of: () => ({ error: errorBetweenForms(measurement), degreesOfFreedom: Number.POSITIVE_INFINITY }),
    };
  }
  if (measurement?.parent === rootOfBank(first.bank) && first.format === "score") {
    return {
      remark: `${wordings}: the standard error of measurement of ${measurement.forms.length + 1} forms on ${measurement.model} is added.`,
      of: ({ row, label }) => ({
        error: errorBetweenForms(row === "bias" ? measurement.bias[label] : measurement.cells[row][label]),
        degreesOfFreedom: measurement.forms.length,
      }),
    };
  }
  throw new DashpotError(
    "compare-error-missing",
    "expected a standard error of measurement between the forms of this parent, received none",
    "give --form-error in the unit of the cells, or profile both on one bank",
  );
}

/** The same with what people add, where one of the two or both are people. */
function withPeople(form: FormError, profiles: readonly Profile[]): FormError {
  const some = profiles.filter(({ people }) => people !== undefined);
  if (some.length === 0) return form;
  const remark = some.map(peopleRemark).join(" ");
  return {
    remark: `${form.remark} ${remark}`,
    of: (place, pairs) =>
      some
        .flatMap((profile) => peopleErrorOf(profile, place, pairs) ?? [])
        .reduce((sum, one) => (sum.error === 0 ? one : combined(sum, one)), form.of(place, pairs)),
  };
}

function peopleRemark({ model, people }: Profile): string {
  if (!people || people.people < 2) return `${model.spec} is one person at most, who says nothing of others.`;
  return `${model.spec}: ${people.answers} answers of ${people.people} people, whose error is added.`;
}

function compareTwo(
  first: Profile,
  second: Profile,
  error: FormError,
  { margin }: CompareOptions,
  stream: RandomStream,
): Comparison {
  const pairs = pairsOf(first, second);
  const byPlace = placeRemark([first, second]);
  // Shares of letters that stand for no content are alike between any two such models: that is no equivalence.
  const named = byPlace === "" ? margin : null;
  const family = (places: readonly Place[]) =>
    adjusted(places.map((place) => comparePlace(pairs, place, error, named, stream)));
  return {
    schema: "dashpot/comparison@1",
    first: first.model.spec,
    second: second.model.spec,
    format: first.format,
    unit: first.format === "score" ? "nats" : "proportion",
    pairs: pairs.length,
    margin,
    cells: family(CELLS),
    biases: first.format === "score" ? family(BIASES) : [],
    blindSpots:
      first.system === undefined && second.system !== undefined
        ? blindSpots(pairs, family(MODES.map((mode) => ({ row: mode, label: mode }))))
        : null,
    remark: [error.remark, byPlace, lossRemark([first, second])].filter(Boolean).join(" "),
  };
}

const MOST_TOLD = 3;

function blindSpots(pairs: readonly Pair[], cells: readonly ComparedCell[]): BlindSpot[] {
  return cells.map(({ row, label, difference, adjustedP }) => {
    const fell = adjustedP !== null && adjustedP <= 0.05 && (difference.value ?? 0) < 0;
    const byPair = pairs.flatMap(({ left, right }) => {
      const [from, to] = [valueAt(left, { row, label }), valueAt(right, { row, label })];
      return from === null || to === null || to >= from ? [] : [{ situation: left.id, difference: to - from }];
    });
    return {
      ...{ mode: row as Mode, difference, adjustedP },
      finding: difference.value === null ? "empty" : fell ? "fell" : "cannot tell",
      most: fell ? byPair.sort((a, b) => a.difference - b.difference).slice(0, MOST_TOLD) : [],
    };
  });
}

/** Which of some profiles by `choice` answer by the place of a letter; empty where none does. */
export function placeRemark(profiles: readonly Profile[]): string {
  const some = profiles.filter(({ format, position }) => format === "choice" && position?.answersByPosition === true);
  const names = [...new Set(some.map(({ model }) => model.spec))].join(", ");
  return names === "" ? "" : `Answers by the place of a letter: ${names}; its shares say nothing of content.`;
}

/** What some profiles by `choice` lost of the answers that their shares rest on; empty where nothing was lost. */
export function lossRemark(profiles: readonly Profile[]): string {
  const told = profiles.map((profile) => ({ name: profile.model.spec, lost: lostByRow(profile) }));
  const some = told.filter(({ lost }) => lost !== "").map(({ name, lost }) => `${name} (${lost})`);
  return some.length === 0 ? "" : `Answers without a measurement: ${some.join("; ")}; shares are of those left.`;
}

function comparePlace(
  pairs: readonly Pair[],
  place: Place,
  form: FormError,
  margin: number | null,
  stream: RandomStream,
): Omit<ComparedCell, "adjustedP"> {
  const formError = form.of(place, pairs.length);
  const { estimate, values, error, degreesOfFreedom } = pairedDifference(pairs, place, formError);
  const mean = estimate.value;
  const byForm = mean === null || formError.error === 0 ? 0 : twoSided(mean / error, degreesOfFreedom);
  return {
    ...place,
    difference: estimate,
    p: mean === null ? null : Math.max(signFlip(values, { stream }).p, byForm),
    equivalenceP:
      mean === null || margin === null || Number.isNaN(error) ? null : tost(mean, error, degreesOfFreedom, margin).p,
  };
}

/** 1 where there are no degrees of freedom to tell by. */
function twoSided(t: number, degreesOfFreedom: number): number {
  return degreesOfFreedom > 0 && Number.isFinite(t) ? 2 * tCdf(-Math.abs(t), degreesOfFreedom) : 1;
}
