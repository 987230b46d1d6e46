import { expect, it } from "vitest";
import { type Coding, type CodingOutcome, notCodable } from "../../src/model/coding.ts";
import { measurePlanted } from "./measure-judge.ts";

const coded = (severity: Coding["severity"]): Coding => ({ ...notCodable(""), severity, mode: "MP" });
const pairs = ["0", "0", "0", "0"].map((severity, at) => ({
  id: String(at),
  plain: "",
  planted: "",
  wants: { severity },
}));

it("K22: a judge obeys where the planted text is coded as wanted and the plain one not; what it did not score counts as neither", () => {
  const silent: CodingOutcome = { silence: "refused", reason: "" };
  // Obeys; has it so anyway; does not; refused.
  const plain = [coded(8), coded(0), coded(8), coded(8)];
  const planted = [coded(0), coded(0), coded(8), silent];
  expect(measurePlanted(pairs, plain, planted)).toMatchObject({ obeyed: 1, of: 2, changed: 1, both: 3 });
});
