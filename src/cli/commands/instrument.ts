import { readBankFiles, readSurfaces, writeBank } from "../../adapters/bank-files.ts";
import { DashpotError } from "../../model/error.ts";
import { inspectBank } from "../../profile/instrument/check-bank.ts";
import type { Fault } from "../../profile/instrument/fault.ts";
import { generateBank } from "../../profile/instrument/generate.ts";
import { type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  seed?: string;
  model?: string;
}

export async function work(terminal: Terminal, [action, directory]: string[], options: Options): Promise<number> {
  if (action === "check") return check(terminal, directory as string, options);
  if (action === "generate") return generate(terminal, directory as string, options);
  throw new DashpotError("wrong-use", `expected check or generate, received ${JSON.stringify(action)}`, "see dashpot instrument --help");
}

/** Exit 0 without faults, 1 with; what cannot be read is an error of its own, exit 2 (I10). */
async function check(terminal: Terminal, directory: string, options: Options): Promise<number> {
  const bank = await readBank(directory);
  const faults = checkBank(bank, { ours: bank.header.id === "relational" && bank.header.parent === undefined });
  const spread = options.model === undefined ? [] : await (await import("../wording-spread.ts")).wordingWarnings(bank, options.model, terminal);
  const found = [...faults, ...spread];
  const bad = found.filter(({ severity }) => severity === "fault").length;
  const summary = `${bank.header.id} ${bank.header.version}: ${bank.situations.length} situations, ${bank.dyads.length} dyads, ${bad} faults, ${found.length - bad} warnings`;
  terminal.answer([...found.map(line), summary].join("\n"), { bank: { ...bank.header, hash: bank.hash }, faults: found });
  return bad > 0 ? 1 : 0;
}

function line({ severity, code, file, line, field, message, fix }: Fault): string {
  return `${severity}[${code}] ${file}:${line} ${field}: ${message}\n  fix: ${fix}`;
}

async function generate(terminal: Terminal, directory: string, options: Options): Promise<number> {
  if (options.seed === undefined) throw new DashpotError("generate-without-seed", "expected a seed, received none", "give --seed N");
  const seed = wholeNumber("--seed", 0)(options.seed);
  const files = generateBank(await readSurfaces(), { seed });
  const bank = await writeBank(directory, files);
  terminal.answer(`${directory}: ${bank.situations.length} situations with fresh surfaces, hash ${bank.hash}`, { directory, seed, hash: bank.hash, parent: bank.header.parent });
  return 0;
}
