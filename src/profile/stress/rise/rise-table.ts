/** Answers counted at doses, in families; rows of the same family and dose are added up. */
export interface DoseCounts {
  readonly dose: Float64Array;
  /** 0 to the row's trials, may be fractional. */
  readonly successes: Float64Array;
  readonly trials: Float64Array;
  /** Family of each row, numbered from 0. */
  readonly family: Int32Array;
  readonly families: number;
}

/** The same as a table of families × doses, row after row; families and doses without a trial are left out. */
export interface RiseTable {
  readonly families: number;
  /** Distinct, rising. */
  readonly doses: Float64Array;
  /** What a level is in units of the dose: a seventh of its range. */
  readonly level: number;
  readonly successes: Float64Array;
  readonly failures: Float64Array;
  /** Of all cells. */
  readonly trials: number;
}

/** Errors: RangeError for lists of unequal length, doses that are not finite, and successes that are not 0 to trials. */
export function riseTable(counts: DoseCounts): RiseTable {
  requireCounts(counts);
  const { dose, successes, trials, family } = counts;
  const rows = Array.from(trials.keys()).filter((row) => (trials[row] as number) > 0);
  const doses = Float64Array.from(new Set(rows.map((row) => dose[row] as number))).sort();
  const present = Int32Array.from(new Set(rows.map((row) => family[row] as number))).sort();
  const counted = new Float64Array(present.length * doses.length);
  const hits = new Float64Array(counted.length);
  for (const row of rows) {
    const cell = present.indexOf(family[row] as number) * doses.length + doses.indexOf(dose[row] as number);
    counted[cell] = (counted[cell] as number) + (trials[row] as number);
    hits[cell] = (hits[cell] as number) + (successes[row] as number);
  }
  return {
    families: present.length,
    doses,
    level: doses.length > 1 ? ((doses.at(-1) as number) - (doses[0] as number)) / 7 : 1,
    successes: hits,
    failures: counted.map((of, cell) => of - (hits[cell] as number)),
    trials: counted.reduce((sum, of) => sum + of, 0),
  };
}

function requireCounts({ dose, successes, trials, family, families }: DoseCounts): void {
  const n = dose.length;
  if ([successes, trials, family].some((list) => list.length !== n))
    throw new RangeError(`expected ${n} rows in every list`);
  if (!dose.every(Number.isFinite)) throw new RangeError("expected finite doses, received another");
  const counted = (of: number, row: number) => (successes[row] as number) >= 0 && (successes[row] as number) <= of;
  if (!trials.every((of, row) => Number.isFinite(of) && counted(of, row)))
    throw new RangeError("expected 0 ≤ successes ≤ trials < ∞ in every row, received another");
  if (!family.every((one) => one >= 0 && one < families))
    throw new RangeError(`expected families below ${families}, received another`);
}

/** A table of one column: how many of all answers of a family, whatever the dose. */
export function totals({ families, doses, successes, failures, trials }: RiseTable): RiseTable {
  const sums = (counts: Float64Array) =>
    Float64Array.from({ length: families }, (_, family) =>
      counts.subarray(family * doses.length, (family + 1) * doses.length).reduce((sum, one) => sum + one, 0),
    );
  return {
    families,
    doses: new Float64Array(1),
    level: 1,
    successes: sums(successes),
    failures: sums(failures),
    trials,
  };
}
