import { expect } from "vitest";

/**
 * Fails unless a number, or each of a list, lies within a share (1e-10) of the reference; nearer to 0 than `floor`
 * (1e-3) the share is taken of the floor instead.
 */
export function expectAgreement(
  actual: number | readonly number[],
  reference: number | readonly number[],
  { share = 1e-10, floor = 1e-3 } = {},
): void {
  const received = [actual].flat();
  const expected = [reference].flat();
  expect(received).toHaveLength(expected.length);
  for (const [index, value] of received.entries()) {
    const wanted = expected[index] as number;
    const off = Math.abs(value - wanted) / Math.max(Math.abs(wanted), floor);
    expect(off, `place ${index}: received ${value}, reference ${wanted}`).toBeLessThanOrEqual(share);
  }
}
