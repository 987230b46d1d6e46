import { readCodes } from "../../adapters/code-table-file.ts";
import { version } from "../../adapters/version.ts";
import { DashpotError } from "../../model/error.ts";
import { familyOfModel } from "../../model/model-family.ts";
import { reportAgreement } from "../../profile/agree/agree.ts";
import { agreementText } from "../../profile/agree/agreement-text.ts";
import { type CodeRow, codingTables } from "../../profile/agree/coding-table.ts";
import { readFamilies } from "../read-families.ts";
import { type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  gold?: string;
  family?: string[] | string;
  order?: string;
  seed?: string;
  draws?: string;
}

const DEFAULT_DRAWS = 2000;

export async function work(terminal: Terminal, [file]: string[], options: Options): Promise<number> {
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const draws = options.draws === undefined ? DEFAULT_DRAWS : wholeNumber("--draws", 100)(options.draws);
  const order = options.order === undefined ? null : readOrder(options.order);
  const rows: CodeRow[] = [];
  for await (const row of readCodes(file as string)) rows.push(row);
  const tables = codingTables(rows, file as string);
  const coders = tables.flatMap((table) => table.coders);
  const families = readFamilies([options.family ?? []].flat(), coders);
  const report = reportAgreement(tables, {
    gold: options.gold ?? null,
    families: new Map([...familiesOfNames(coders), ...families]),
    ...{ order, seed, draws },
    dashpot: version(),
  });
  terminal.answer(agreementText(report), report);
  return report.dimensions.some(({ coders }) => coders.length > 1) ? 0 : 4;
}

/** A judge of `dashpot code` is named for its model, whose family its name may tell. */
function familiesOfNames(coders: readonly string[]): [string, string][] {
  return coders.filter((name) => /^judge:|^likelihood(:|$)/.test(name)).map((name) => [name, familyOfModel(name)]);
}

function readOrder(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.length > 1 && new Set(names).size === names.length && !names.includes("")) return names;
  throw new DashpotError(
    "option-invalid",
    `expected two values or more, each once, received ${JSON.stringify(text.slice(0, 80))}, for --order`,
    "name every value from least to most, such as --order low,middle,high",
  );
}
