import { readBank, readBankFiles, readSurfaces, writeBank } from "../../adapters/bank-files.ts";
import { hasGames, readGames } from "../../adapters/games-files.ts";
import { isStressSuite, readStressSuite } from "../../adapters/stress-files.ts";
import { DashpotError } from "../../model/error.ts";
import { bankHash } from "../../profile/instrument/bank-hash.ts";
import { inspectBank } from "../../profile/instrument/check-bank.ts";
import type { Fault } from "../../profile/instrument/fault.ts";
import { generateBank } from "../../profile/instrument/generate.ts";
import { parseBankParts } from "../../profile/instrument/parse-bank.ts";
import { type LabelSummary, summariseLabels } from "../../profile/instrument/summarise-labels.ts";
import { checkFamilies } from "../../profile/stress/check-suite.ts";
import { checkGames } from "../../profile/stress/games/check-games.ts";
import { checkSimulators } from "../../profile/stress/simulator/check-simulators.ts";
import type { AnswersOptions, AskOptions } from "../instrument-people.ts";
import { counted, signed } from "../number-text.ts";
import { type Terminal, wholeNumber } from "../terminal.ts";

interface Options extends AskOptions, AnswersOptions {
  model?: string;
}

/** Which options each action takes. */
const OWN: Readonly<Record<string, readonly (keyof Options)[]>> = {
  check: ["model"],
  generate: ["seed", "out"],
  ask: ["seed", "out", "set", "people", "questions", "bank", "suite", "factors"],
  answers: ["out", "key", "lenient"],
};

export async function work(terminal: Terminal, [action, ...rest]: string[], options: Options): Promise<number> {
  const [directory] = rest;
  refuseUnused(action, rest, options);
  if (action === "ask" || action === "answers") {
    const people = await import("../instrument-people.ts");
    return people[action](terminal, rest, options);
  }
  if (action === "check") return check(terminal, wanted(directory), options);
  if (action === "generate") return generate(terminal, directory ?? options.out, options);
  throw new DashpotError(
    "wrong-use",
    `expected check, generate, ask or answers, received ${JSON.stringify(action)}`,
    "see dashpot instrument --help",
  );
}

function refuseUnused(action: string | undefined, rest: readonly string[], options: Options): void {
  const own = OWN[action ?? ""];
  if (own === undefined) return;
  const given = Object.values(OWN)
    .flat()
    .find((name) => options[name] !== undefined && !own.includes(name));
  if (given !== undefined) throw unusedOption(`${action}`, given, `${action}`);
  if (action === "generate" && rest.length > 0 && options.out !== undefined)
    throw unusedOption("generate", "out", "a folder");
  if (action !== "answers" && rest.length > 1)
    throw new DashpotError(
      "wrong-use",
      `expected instrument ${action} with one name, received ${rest.length}`,
      "see dashpot instrument --help",
    );
}

function unusedOption(action: string, name: string, beside: string): DashpotError {
  return new DashpotError(
    "wrong-use",
    `expected instrument ${action} without --${name}, received it beside ${beside}`,
    `leave --${name} out`,
  );
}

/** Exit 0 without faults, 1 with; what cannot be read is an error of its own, exit 2 (I10). */
async function check(terminal: Terminal, directory: string, options: Options): Promise<number> {
  if (isStressSuite(directory)) return checkStress(terminal, directory);
  const files = readBankFiles(directory);
  const { header, situations, dyads } = parseBankParts(files);
  const faults = inspectBank(files, { ours: header?.id === "relational" && header.parent === undefined });
  const sound = !faults.some(({ severity }) => severity === "fault");
  const spread = options.model !== undefined && sound ? await warnBy(options.model, directory, terminal) : [];
  const found = [...faults, ...spread];
  const bad = found.filter(({ severity }) => severity === "fault").length;
  const summary = `${header?.id ?? "no header"} ${header?.version ?? ""}: ${counted(situations.length, "situation")}, ${counted(dyads.length, "dyad")}, ${counted(bad, "fault")}, ${counted(found.length - bad, "warning")}`;
  const labels = summariseLabels({ language: header?.language ?? "und", situations, dyads });
  terminal.answer([...found.map(line), ...labelTable(labels), summary].join("\n"), {
    bank: header ?? null,
    hash: bankHash(files),
    labels,
    faults: found,
  });
  return bad > 0 ? 1 : 0;
}

/** Exit 0 without faults, 1 with (T4, T25). */
function checkStress(terminal: Terminal, directory: string): number {
  const { header, families, simulators, hash } = readStressSuite(directory);
  const games = hasGames(directory) ? readGames(directory) : null;
  const faults = [
    ...checkFamilies(families, header.language),
    ...checkSimulators(simulators, header.language),
    ...(games ? checkGames(games, header.language) : []),
  ];
  const played = games
    ? `, ${counted(games.exchanges.length, "exchange")}, ${counted(games.games.length, "game")}`
    : "";
  const summary = `${header.id} ${header.version}: ${families.length} families of texts, ${counted(simulators.length, "simulator")}${played}, ${counted(faults.length, "fault")}`;
  terminal.answer([...faults.map(line), summary].join("\n"), {
    ...{ suite: header, hash, faults },
    games: games?.hash ?? null,
  });
  return faults.length > 0 ? 1 : 0;
}

function labelTable(labels: readonly LabelSummary[]): string[] {
  if (labels.length === 0) return [];
  const row = (name: string, of: (summary: LabelSummary) => string) =>
    name.padEnd(12) + labels.map((summary) => of(summary).padStart(9)).join("");
  return [
    row("replies", ({ label }) => label),
    row("words", ({ words }) => words.toFixed(1)),
    row("politeness", ({ politeness }) => (politeness === null ? "unknown" : signed(politeness))),
  ];
}

async function warnBy(model: string, directory: string, terminal: Terminal): Promise<Fault[]> {
  const { wordingWarnings } = await import("../../adapters/wording-spread.ts");
  const onScored = (done: number, total: number) => {
    if (done % 12 === 0) terminal.note(`${done}/${total} situations scored`);
  };
  return wordingWarnings(await readBank(directory), model, { environment: process.env, onScored });
}

function line({ severity, code, file, line, field, message, fix }: Fault): string {
  return `${severity}[${code}] ${file}:${line} ${field}: ${message}\n  fix: ${fix}`;
}

function wanted(directory: string | undefined): string {
  if (directory !== undefined) return directory;
  throw new DashpotError(
    "wrong-use",
    "expected the folder of a bank, received none",
    "write dashpot instrument check DIR",
  );
}

async function generate(terminal: Terminal, given: string | undefined, options: Options): Promise<number> {
  if (options.seed === undefined)
    throw new DashpotError("generate-without-seed", "expected a seed, received none", "give --seed N");
  const seed = wholeNumber("--seed", 0)(options.seed);
  const directory = given ?? `relational-seed-${seed}`;
  const files = generateBank(readSurfaces(), { seed });
  const bank = await writeBank(directory, files);
  terminal.answer(`${directory}: ${bank.situations.length} situations with fresh surfaces, hash ${bank.hash}`, {
    directory,
    seed,
    hash: bank.hash,
    parent: bank.header.parent,
  });
  return 0;
}
