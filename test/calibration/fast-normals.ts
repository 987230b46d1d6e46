/**
 * Normal deviates for truths from a million draws: xoshiro128** and the polar method, sharing nothing with the product's
 * streams, so that a fault of those cannot hide in both. Reference: Blackman and Vigna 2021, ACM TOMS 47, 36.
 */
export interface FastDraws {
  uniform(): number;
  normal(): number;
}

export function fastDraws(seed: number): FastDraws {
  const state = Uint32Array.from([seed ^ 0x9e3779b9, seed ^ 0x243f6a88, seed ^ 0xb7e15162, (seed + 1) ^ 0x6a09e667]);
  let spare = Number.NaN;
  const next = (): number => {
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const low = c ^ a;
    const high = d ^ b;
    state[1] = b ^ low;
    state[0] = a ^ high;
    state[2] = low ^ (b << 9);
    state[3] = rotate(high, 11);
    return scrambled;
  };
  const uniform = () => (next() + 0.5) / 2 ** 32;
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  for (let warm = 0; warm < 64; warm += 1) next();
  return { uniform, normal };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
