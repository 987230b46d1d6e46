import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourStressPath } from "../src/adapters/stress-files.ts";
import { doseComparisonSchema } from "../src/model/dose.ts";
import { doseScale } from "../src/profile/stress/dose-scale.ts";

/** Writes instruments/stress/doses/doses.json from the comparisons beside it (T5). */
const folder = join(ourStressPath(), "doses");
const lines = readFileSync(join(folder, "comparisons.jsonl"), "utf8").trim().split("\n");
const doses = doseScale(lines.map((line) => doseComparisonSchema.parse(JSON.parse(line))));
writeFileSync(join(folder, "doses.json"), `[\n${doses.map((dose) => `  ${JSON.stringify(dose)}`).join(",\n")}\n]\n`);
process.stdout.write(`${doses.length} doses from ${lines.length} comparisons\n`);
