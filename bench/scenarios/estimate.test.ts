import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModules } from "../../scripts/load-modules.ts";
import { writeSmallBank } from "../../test/fixtures/bank-folder.ts";
import { ROOT, temporaryFolder } from "../../test/house/temporary-folder.ts";
import type { Benchmark } from "../benchmark.ts";
import { estimateFromJournal } from "../estimate-run.ts";
import { readAnswers } from "../read-answers.ts";
import { journalAnswers, requireOutcome } from "./estimate.ts";

it("B6: profile and card from the journal are those of answers that were never journalled, else there is no figure", async () => {
  const folder = temporaryFolder();
  const places = { run: join(folder, "run"), out: join(folder, "out"), keys: join(folder, "keys") };
  const bank = writeSmallBank(join(folder, "bank"));
  const request = {
    model: "policy:communal",
    format: "choice",
    set: "full",
    samples: 7,
    reference: "none",
    bank,
  } as const;
  const answers = await journalAnswers(request, places.run);
  expect(readAnswers(places.run)).toBe(answers);
  const profile = await estimateFromJournal(places);
  expect(profile.totals.calls).toBe(answers);
  await requireOutcome(request, places);

  await expect(requireOutcome({ ...request, model: "policy:hierarch" }, places)).rejects.toThrow(
    /expected the profile/,
  );
  const card = join(places.out, "card.md");
  const text = readFileSync(card, "utf8");
  writeFileSync(card, text.replace("a", "b"));
  await expect(requireOutcome(request, places)).rejects.toThrow(/expected the card.md/);
  writeFileSync(card, text);
  const envelope = join(places.out, "card.dsse.json");
  writeFileSync(envelope, readFileSync(envelope, "utf8").replace('"sig":"', '"sig":"A'));
  await expect(requireOutcome(request, places)).rejects.toThrow(/expected a card that verifies/);
});

it("B6: the benchmark is listed with its target", async () => {
  const folder = join(ROOT, "bench", "scenarios");
  const [benchmark] = await loadModules<Benchmark>(folder, ["estimate"], ".ts", "benchmark");
  expect(benchmark).toMatchObject({ stage: "profile", target: "≤ 2 s" });
});
