import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import { readNormalisation, readProfile } from "../../src/adapters/references.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { LABELS, MODES } from "../../src/model/label.ts";
import { halves, reliabilityOf } from "../calibration/reliability.ts";

const REFERENCE = join(ourBankPath(), "references", "embedded-smollm2-135m.json");
const page = readFileSync(new URL("../../docs/instrument.md", import.meta.url), "utf8");

it("A15: our reference is the embedded model's profile on the frozen bank, and lies outside the bank's hash", async () => {
  const { profile } = await readProfile(REFERENCE);
  const bank = await readBank(ourBankPath());
  expect(profile.model).toMatchObject({ spec: "embedded:smollm2-135m", provider: "embedded" });
  expect(profile.bank.hash).toBe(bank.hash);
  expect(profile.bias.reference).toBeNull();
  expect(profile.situations.map(({ id }) => id)).toEqual(bank.situations.map(({ id }) => id));
});

it("A5: the one temperature was fitted on the frozen bank's cued rows, and says so", async () => {
  const bank = await readBank(ourBankPath());
  const { temperature, fittedOn } = await readNormalisation(ourBankPath(), ourBankPath());
  expect(temperature).toBeGreaterThan(0);
  expect(fittedOn).toContain(bank.hash.slice(0, 12));
  expect(fittedOn).toContain(`${4 * bank.situations.length} cued rows`);
});

it("I5: replies of a situation share one form: acts speak to nobody, and utterances tell nothing of whom they are spoken to", async () => {
  const { situations } = await readBank(ourBankPath());
  const words = (reply: string) => reply.toLowerCase().match(/[\p{L}']+/gu) ?? [];
  const spokenTo = new Set(["you", "your", "yours", "yourself"]);
  const forms = situations.map(({ question }) => (question === "What do you do?" ? "act" : "utterance"));
  expect(forms.filter((form) => form === "act")).toHaveLength(situations.length / 2);
  const strays = situations.flatMap(({ id, question, replies }, at) => {
    const name = /^What do you say to (\w+)\?$/.exec(question)?.[1]?.toLowerCase();
    expect(forms[at] === "act" || name !== undefined).toBe(true);
    const odd = (reply: string) =>
      words(reply).some((word) => (name === undefined ? spokenTo.has(word) : word === name));
    return LABELS.flatMap((label) => replies[label].filter(odd).map((reply) => `${id} ${label}: ${reply}`));
  });
  expect(strays).toEqual([]);
});

it("I19: reliability of known make is recovered: true variance 1, error variance 1 a form gives one half", () => {
  const stream = randomStream(1, "reliability");
  const models = Array.from({ length: 400 }, () => stream.normal());
  const forms = models.map((truth) => Array.from({ length: 6 }, () => truth + stream.normal()));
  // Each half has twice the error variance of the whole.
  const split = models.map(
    (truth) => [truth + Math.SQRT2 * stream.normal(), truth + Math.SQRT2 * stream.normal()] as const,
  );
  const { splitHalf, parallelForm, standardError } = reliabilityOf(forms, split);
  expect(parallelForm).toBeCloseTo(0.5, 1);
  expect(splitHalf).toBeCloseTo(0.5, 1);
  expect(standardError).toBeCloseTo(1, 1);
});

it("I19: halves hold every domain and share no situation", () => {
  const table = (id: string, domain: string) => ({ id, domain }) as unknown as Parameters<typeof halves>[0][number];
  const [first, second] = halves(
    ["a1 a", "a2 a", "b1 b", "b2 b"].map((one) => table(...(one.split(" ") as [string, string]))),
  );
  expect(first.map(({ id }) => id)).toEqual(["a1", "b1"]);
  expect(second.map(({ id }) => id)).toEqual(["a2", "b2"]);
});

it("I20: the page's line for our full set is what the committed reference profile says", async () => {
  const { profile } = await readProfile(REFERENCE);
  const wins = MODES.map(
    (mode) =>
      profile.situations.filter(({ cells }) =>
        LABELS.every((label) => (cells[mode][label] ?? 0) <= (cells[mode][mode] ?? Number.NEGATIVE_INFINITY)),
      ).length,
  );
  const line = page.split("\n").find((one) => one.startsWith("| our bank, full set |")) ?? "";
  const told = [...line.matchAll(/(\d+) of 96 \[/g)].map((match) => Number(match[1]));
  expect(told).toEqual(wins);
  expect(line).toMatch(/\| (pass|fail) \|$/);
});
