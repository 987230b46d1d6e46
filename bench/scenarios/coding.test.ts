import { expect, it } from "vitest";
import { randomStream } from "../../src/kernel/random.ts";
import { codeFlux } from "../../src/model/flux.ts";
import { someActs } from "./coding.ts";

it("B11: the acts that are timed show turns, one thing for another, whatever comes, and one side only", () => {
  const dyads = codeFlux(someActs(4), { stream: randomStream(2, "coding"), naming: "names" });
  expect(dyads.map(({ dominant }) => dominant).filter((_, at) => at !== 2)).toEqual(["EM", "AR", "asocial"]);
  expect(dyads[2]?.parts.length).toBeGreaterThan(1);
});
