import type { Token } from "node-llama-cpp";
import { expect, it } from "vitest";
import { type Evaluator, scoreTexts } from "./score-texts.ts";

const unaborted = new AbortController().signal;
const tokens = (...numbers: number[]) => numbers as Token[];

/** Writes down what it is asked; a token's log-probability is minus itself, and token 0 has none. */
class Recorder implements Evaluator {
  readonly calls: string[] = [];
  readonly #canErase: boolean;

  constructor(canErase = true) {
    this.#canErase = canErase;
  }

  async eraseFrom(position: number): Promise<boolean> {
    this.calls.push(`erase ${position}`);
    return position === 0 || this.#canErase;
  }

  async advance(tokens: readonly Token[]): Promise<void> {
    this.calls.push(`advance ${tokens}`);
  }

  async logProbabilities(tokens: readonly Token[], targets: readonly Token[]): Promise<(number | null)[]> {
    this.calls.push(`read ${tokens} for ${targets}`);
    return targets.map((target) => (target === 0 ? null : -target));
  }

  async close(): Promise<void> {}
}

it("L3: the partition is the prompt up to its last token, then each reply from that token on", async () => {
  const evaluator = new Recorder();
  const sums = await scoreTexts(evaluator, tokens(1, 2, 3), [tokens(7, 8), tokens(9)], unaborted);
  expect(sums).toEqual([-15, -9]);
  expect(evaluator.calls).toEqual(["erase 0", "advance 1,2", "read 3,7 for 7,8", "erase 2", "read 3 for 9"]);
});

it("L3: from scratch the same batches are evaluated, with the prompt anew for every reply", async () => {
  const evaluator = new Recorder();
  const sums = await scoreTexts(evaluator, tokens(1, 2, 3), [tokens(7, 8), tokens(9)], unaborted, {
    keepPrefix: false,
  });
  expect(sums).toEqual([-15, -9]);
  const prompt = ["erase 0", "advance 1,2"];
  expect(evaluator.calls).toEqual([...prompt, "read 3,7 for 7,8", ...prompt, "read 3 for 9"]);
});

it("L3: a model that cannot forget a part evaluates the prompt anew", async () => {
  const evaluator = new Recorder(false);
  await scoreTexts(evaluator, tokens(1, 2), [tokens(7), tokens(8)], unaborted);
  expect(evaluator.calls.slice(3)).toEqual(["erase 1", "erase 0", "advance 1", "read 2 for 8"]);
});

it("L1: a reply without tokens, or with one that gave no log-probability, has none", async () => {
  await expect(
    scoreTexts(new Recorder(), tokens(1, 2), [tokens(), tokens(5, 0, 5), tokens(5)], unaborted),
  ).resolves.toEqual([null, null, -5]);
});

it("L1: an abort is honoured between replies, with the signal's reason", async () => {
  const controller = new AbortController();
  const evaluator = new Recorder();
  const reason = new Error("enough");
  evaluator.logProbabilities = async () => {
    controller.abort(reason);
    return [-1];
  };
  await expect(scoreTexts(evaluator, tokens(1, 2), [tokens(7), tokens(8)], controller.signal)).rejects.toBe(reason);
  expect(evaluator.calls).toEqual(["erase 0", "advance 1"]);
});
