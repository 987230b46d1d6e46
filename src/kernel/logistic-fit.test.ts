import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/ordinal-reference.json" with { type: "json" };
import { fitLogistic } from "./logistic-fit.ts";
import { fitOrdinal } from "./ordinal-logit.ts";

const x = Float64Array.from(reference.x.flatMap((row) => [1, ...row]));
const y = Float64Array.from(reference.y, (rung) => Number(rung >= 5));

it("S1: a logistic regression is the cumulative logit of two rungs", () => {
  const fit = fitLogistic({ x, predictors: 4, y });
  const two = fitOrdinal({ x: Float64Array.from(reference.x.flat()), predictors: 3, y: [...y] });
  if (fit.status !== "fitted" || two.status !== "fitted") throw new Error("expected two fits");
  const [constant, ...slopes] = fit.coefficients;
  expectAgreement([-(constant as number), ...slopes], [two.thresholds[0] as number, ...two.coefficients], {
    share: 1e-9,
  });
  expectAgreement([fit.logLikelihood], [two.logLikelihood], { share: 1e-12 });
});

it("S1: shares with trials are so many rows", () => {
  const rows = [
    [1, 0, 3, 10],
    [1, 1, 4, 8],
    [1, 2, 9, 12],
  ] as const;
  const shares = fitLogistic({
    x: Float64Array.from(rows.flatMap((row) => row.slice(0, 2))),
    predictors: 2,
    y: Float64Array.from(rows, ([, , hits, of]) => hits / of),
    weights: Float64Array.from(rows, ([, , , of]) => of),
  });
  const single = rows.flatMap(([one, dose, hits, of]) =>
    Array.from({ length: of }, (_, at) => [one, dose, Number(at < hits)]),
  );
  const written = fitLogistic({
    x: Float64Array.from(single.flatMap(([one, dose]) => [one as number, dose as number])),
    predictors: 2,
    y: Float64Array.from(single, ([, , hit]) => hit as number),
  });
  if (shares.status !== "fitted" || written.status !== "fitted") throw new Error("expected two fits");
  expectAgreement([...shares.coefficients], [...written.coefficients], { share: 1e-9 });
});

it("S2: no rows, columns that give each other and shares told apart are results; numbers that are none are refused", () => {
  const line = Float64Array.from({ length: 40 }, (_, row) => row);
  expect(fitLogistic({ x: new Float64Array(0), predictors: 1, y: new Float64Array(0) })).toEqual({ status: "empty" });
  expect(
    fitLogistic({ x: Float64Array.from(line.toReversed()), predictors: 1, y: line.map((row) => Number(row < 0)) })
      .status,
  ).toBe("separated");
  const twice = Float64Array.from({ length: 80 }, (_, at) => Math.floor(at / 2));
  expect(fitLogistic({ x: twice, predictors: 2, y: line.map((row) => row % 2) })).toEqual({ status: "collinear" });
  expect(() => fitLogistic({ x: line, predictors: 1, y: line })).toThrow(RangeError);
});
