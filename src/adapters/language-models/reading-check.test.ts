import type { Token } from "node-llama-cpp";
import { expect, it } from "vitest";
import { disagreement } from "./reading-check.ts";
import type { Evaluator } from "./score-texts.ts";

const CHECK = { prompt: [1, 2] as Token[], reply: [3, 4, 5] as Token[] };

function reading(values: () => (number | null)[]): Evaluator {
  return {
    eraseFrom: async () => true,
    advance: async () => {},
    logProbabilities: async () => values(),
    close: async () => {},
  };
}

const right = reading(() => [-1, -20]);

it("L3: a fast reading within rounding of the public one is trusted", async () => {
  await expect(
    disagreement(
      reading(() => [-1.00001, -20]),
      right,
      CHECK,
    ),
  ).resolves.toBeUndefined();
});

it("L3: a fast reading that differs at one token, lacks one or fails is not trusted, and the reason is told", async () => {
  const differing = [[-1, -20.001], [-1, null], [-1], [Number.NaN, -20]];
  for (const values of differing) {
    await expect(
      disagreement(
        reading(() => values),
        right,
        CHECK,
      ),
    ).resolves.toContain("differs by");
  }
  const failing = reading(() => {
    throw new Error("no such sampler");
  });
  await expect(disagreement(failing, right, CHECK)).resolves.toBe("its fast reading failed: no such sampler");
});
