import { cpus } from "node:os";
import { expect, it } from "vitest";
import { FreeCores, Pacer } from "./pacer.ts";
import { ThreadChoice } from "./thread-choice.ts";

it("L4: free cores are at least one and at most what the machine has beside what is used", () => {
  const free = new FreeCores();
  const cores = free.look(0);
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(cores).toBeLessThanOrEqual(cpus().length);
});

it("L4: a measured evaluation runs with the chosen number and gives what it gave", async () => {
  const pacer = new Pacer(new ThreadChoice([1]));
  const given: number[] = [];
  await expect(
    pacer.run(
      (threads) => given.push(threads),
      1,
      async () => "result",
    ),
  ).resolves.toBe("result");
  expect(given).toEqual([1]);
  expect(pacer.fastest).toBe(1);
});
