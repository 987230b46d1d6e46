/** What a coefficient of agreement is of some weights of the patterns; what else it tells varies. */
export interface PatternStatistic {
  /** NaN where it is not defined. */
  readonly value: number;
  /** Units that it rests on. */
  readonly n: number;
}

/** Units whose codes are the same, told once: what agreement needs to know of any number of units. */
export interface CodePatterns {
  readonly coders: number;
  /** Codes are 0 … categories − 1, and −1 for missing. */
  readonly categories: number;
  /** Distinct rows of codes, one place a coder. */
  readonly patterns: readonly Int32Array[];
  /** Units with each pattern; a bootstrap draws others of the same sum. */
  readonly weights: Float64Array;
}

/**
 * Distinct rows among units × coders of category numbers, null being missing.
 *
 * Throws RangeError for rows of unequal length and for a code that is not a whole number below `categories`.
 */
export function codePatterns(units: readonly (readonly (number | null)[])[], categories: number): CodePatterns {
  const coders = units[0]?.length ?? 0;
  const found = new Map<string, { pattern: Int32Array; weight: number }>();
  for (const unit of units) {
    if (unit.length !== coders) throw new RangeError(`expected ${coders} codes a unit, received ${unit.length}`);
    const key = unit.join(",");
    const before = found.get(key);
    if (before) before.weight += 1;
    else found.set(key, { pattern: Int32Array.from(unit, (code) => placed(code, categories)), weight: 1 });
  }
  const all = [...found.values()];
  return {
    coders,
    categories,
    patterns: all.map(({ pattern }) => pattern),
    weights: Float64Array.from(all, ({ weight }) => weight),
  };
}

/** The same where it does not matter who gave which code: units of like codes are one. */
export function unorderedPatterns(units: readonly (readonly (number | null)[])[], categories: number): CodePatterns {
  const sorted = units.map((unit) => [...unit].sort((one, other) => (one ?? -1) - (other ?? -1)));
  return codePatterns(sorted, categories);
}

/** Throws RangeError unless every category has a finite number of at least `least`. */
export function requireNumbers({ categories }: CodePatterns, numbers: readonly number[], least = -Infinity): void {
  if (numbers.length === categories && numbers.every((one) => Number.isFinite(one) && one >= least)) return;
  throw new RangeError(`expected a number of at least ${least} for each of ${categories} categories`);
}

function placed(code: number | null, categories: number): number {
  if (code === null) return -1;
  if (!Number.isSafeInteger(code) || code < 0 || code >= categories) {
    throw new RangeError(`expected a category below ${categories}, received ${code}`);
  }
  return code;
}

/** Times each category stands in a pattern, as pairs of category and count, missing left out. */
export function countsIn(pattern: Int32Array): readonly (readonly [category: number, count: number])[] {
  const counts = new Map<number, number>();
  for (const code of pattern) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts];
}
