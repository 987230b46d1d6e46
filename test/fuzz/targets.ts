import { chatCompletions, httpFailures, letters, moves, nativeAnswers, promptLogProbabilities } from "./answers.ts";
import { bankFiles, oddBankLine, surfaces } from "./banks.ts";
import { cards, envelopes, strictStatements, trustStores } from "./cards.ts";
import { codeTables } from "./code-tables.ts";
import { commandLines, configFiles, gateLimits, options, policyFiles, priceFiles } from "./command-line.ts";
import { humanSheets } from "./human-sheets.ts";
import { journalBytes, journalRows } from "./journals.ts";
import { peopleAnswers } from "./people-answers.ts";
import { predictionTables } from "./prediction-tables.ts";
import { normalisations, profileFiles, usedProfiles } from "./profiles.ts";
import { strictJson } from "./strict-json.ts";
import type { FuzzTarget } from "./target.ts";
import { transcripts } from "./transcripts.ts";

/** Parsers of everything that comes from outside (F7). */
export const TARGETS: readonly FuzzTarget[] = [
  bankFiles,
  oddBankLine,
  surfaces,
  strictJson,
  journalBytes,
  journalRows,
  envelopes,
  cards,
  strictStatements,
  trustStores,
  profileFiles,
  usedProfiles,
  normalisations,
  chatCompletions,
  promptLogProbabilities,
  letters,
  nativeAnswers,
  httpFailures,
  moves,
  gateLimits,
  options,
  commandLines,
  configFiles,
  priceFiles,
  policyFiles,
  codeTables,
  predictionTables,
  transcripts,
  humanSheets,
  peopleAnswers,
];
