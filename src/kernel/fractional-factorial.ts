/** A two-level fractional factorial design: which runs there are, and which effects they cannot tell apart. */
export interface FractionalFactorial {
  /** By run, then factor: −1 or 1. Every column is balanced, every two orthogonal. */
  readonly runs: readonly (readonly (-1 | 1)[])[];
  /** Length of the shortest word of the defining relation; ∞ for a full factorial. */
  readonly resolution: number;
  /** Sets of factors whose product is the same in every run: the defining relation, without the empty set. */
  readonly words: readonly (readonly number[])[];
}

/** Factors beyond this make more runs than anything asks for. */
const MOST_FACTORS = 16;

/**
 * The design in which the first `basic` factors are crossed fully and each further one is the product of some of them.
 *
 * `generators`: for each further factor the basic ones, by number, that it is the product of. Runs are in standard order,
 * the first factor changing quickest. Throws RangeError for a generator that is empty, repeats one before it or names no
 * basic factor, and for more than sixteen factors.
 * Reference: Box, Hunter & Hunter 2005, Statistics for Experimenters, 2nd edition, ch. 6.
 */
export function fractionalFactorial(basic: number, generators: readonly (readonly number[])[]): FractionalFactorial {
  const factors = basic + generators.length;
  if (!(Number.isSafeInteger(basic) && basic >= 1 && factors <= MOST_FACTORS))
    throw new RangeError(
      `expected 1 to ${MOST_FACTORS} factors, received ${basic} and ${generators.length} generators`,
    );
  const masks = generators.map((generator, at) => {
    const mask = maskOf(generator);
    const basicOnly = generator.every((one) => Number.isSafeInteger(one) && one >= 0 && one < basic);
    if (!basicOnly || generator.length < 2 || bits(mask) !== generator.length)
      throw new RangeError(
        `expected at least two different basic factors as generator ${at}, received ${generator.join(", ")}`,
      );
    return mask;
  });
  if (new Set(masks).size < masks.length) throw new RangeError("expected different generators, received one twice");
  const words = definingWords(masks.map((mask, at) => mask | (1 << (basic + at))));
  const runs = Array.from({ length: 2 ** basic }, (_, run) => {
    const levels = Array.from({ length: basic }, (_, factor) => ((run >> factor) & 1 ? 1 : -1) as -1 | 1);
    const product = (generator: readonly number[]) =>
      generator.reduce((sign, factor) => sign * (levels[factor] as number), 1) as -1 | 1;
    return [...levels, ...generators.map(product)];
  });
  return {
    runs,
    resolution: words.reduce((least, word) => Math.min(least, word.length), Number.POSITIVE_INFINITY),
    words,
  };
}

/**
 * Effects of up to `order` factors that an effect cannot be told from, shortest first: its products with the words of the
 * defining relation.
 */
export function aliasesOf(effect: readonly number[], { words }: FractionalFactorial, order: number): number[][] {
  const own = maskOf(effect);
  return words
    .map((word) => factorsOf(maskOf(word) ^ own))
    .filter((alias) => alias.length > 0 && alias.length <= order)
    .sort((one, other) => one.length - other.length || compare(one, other));
}

/** All products of the generating words. */
function definingWords(generating: readonly number[]): number[][] {
  const products = Array.from({ length: 2 ** generating.length - 1 }, (_, at) =>
    generating.reduce((mask, word, place) => (((at + 1) >> place) & 1 ? mask ^ word : mask), 0),
  );
  return products.map(factorsOf).sort((one, other) => one.length - other.length || compare(one, other));
}

function maskOf(factors: readonly number[]): number {
  return factors.reduce((mask, factor) => mask ^ (1 << factor), 0);
}

function factorsOf(mask: number): number[] {
  return Array.from({ length: MOST_FACTORS }, (_, factor) => factor).filter((factor) => (mask >> factor) & 1);
}

function bits(mask: number): number {
  return factorsOf(mask).length;
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((factor, place) => factor !== other[place]);
  return at < 0 ? 0 : (one[at] as number) - (other[at] as number);
}
