import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ourLikelihood } from "../../src/adapters/coding-files.ts";
import { DIMENSIONS } from "../../src/model/coding.ts";
import { DESCRIBED, valuesOf } from "../../src/profile/code/likelihood-set.ts";
import { numberText } from "../../src/profile/report/number-text.ts";
import { ROOT } from "../house/temporary-folder.ts";
import { sampleReplies } from "./measure-likelihood.ts";

it("K26: the fit is of the descriptions as they are, and the page tells the figures that codes are given with", () => {
  const { fit } = ourLikelihood();
  for (const dimension of DESCRIBED) expect(fit.dimensions[dimension].offsets).toHaveLength(valuesOf(dimension).length);
  const page = readFileSync(join(ROOT, "docs", "coding.md"), "utf8");
  for (const dimension of DIMENSIONS) {
    const { kappa, low, high, n } = fit.judged[dimension] as (typeof fit.judged)[string];
    const [value, ...ends] = [kappa, low, high].map((number) => numberText(number, "coefficient"));
    const line = page.split("\n").find((one) => one.startsWith(`| ${dimension} | `)) ?? "";
    expect(line).toContain(`${value} [${ends.join(", ")}], n ${n} |`);
    expect(line.endsWith(`| ${(low ?? 0) > 0 ? "yes" : "**no**"} |`), line).toBe(true);
  }
});

it("K26: no text that is judged was fitted on, and a longer sample begins with a shorter one", () => {
  const [few, more] = [sampleReplies(5), sampleReplies(20)];
  expect(more.slice(0, few.length)).toEqual(few);
  expect(few).toHaveLength(30);
  const texts = (half: string) => new Set(more.filter((one) => one.half === half).map(({ text }) => text));
  expect([...texts("judge")].filter((text) => texts("tune").has(text))).toEqual([]);
});
