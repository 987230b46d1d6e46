import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { betaQuantile, normalCdf, normalQuantile, tCdf, tCritical, tQuantile } from "./distributions.ts";
import { noncentralTCdf } from "./noncentral-t.ts";

const { distributions } = reference;

it("E14: normal quantiles and probabilities equal SciPy's, into the far tail", () => {
  for (const { p, x } of distributions.normal) expectAgreement(normalQuantile(p), x, { share: 1e-12 });
  for (const { x, p } of distributions.normalCdf) expectAgreement(normalCdf(x), p, { share: 1e-11, floor: 1e-300 });
});

it("E14: Student's quantiles and probabilities equal SciPy's, with real degrees of freedom", () => {
  for (const { p, df, t } of distributions.t) expectAgreement(tQuantile(p, df), t, { share: 1e-11 });
  for (const { t, df, p } of distributions.tCdf) expectAgreement(tCdf(t, df), p, { share: 1e-11, floor: 1e-300 });
});

it("E14: noncentral t equals forty-digit integration", () => {
  for (const { t, df, noncentrality, p } of distributions.noncentralT) {
    expect(Math.abs(noncentralTCdf(t, df, noncentrality) - p)).toBeLessThan(1e-13);
  }
});

it("E14: noncentral t with noncentrality 0 is Student's t, and with many degrees of freedom the normal", () => {
  for (const t of [-40, -2.5, -0.1, 0, 1, 7]) {
    for (const df of [0.4, 1, 5, 60]) expect(Math.abs(noncentralTCdf(t, df, 0) - tCdf(t, df))).toBeLessThan(1e-13);
    expect(Math.abs(noncentralTCdf(t, 1e12, 1.5) - normalCdf(t - 1.5))).toBeLessThan(1e-11);
  }
});

it("E15: distributions state what they do at the ends, with NaN, and with infinite degrees of freedom", () => {
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect([normalQuantile(-0.1), normalQuantile(Number.NaN), normalCdf(Number.NaN)]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(tCdf(1.3, Number.POSITIVE_INFINITY)).toBe(normalCdf(1.3));
  expect(tCritical(0.95, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 13);
  for (const df of [0, -1, Number.NaN]) {
    expect([tCdf(1, df), tQuantile(0.3, df), noncentralTCdf(1, df, 1)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  }
  expect(noncentralTCdf(Number.NaN, 3, 1)).toBeNaN();
  expect(noncentralTCdf(Number.POSITIVE_INFINITY, 3, 1)).toBe(1);
  expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
});
