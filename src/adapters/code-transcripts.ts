import { basename } from "node:path";
import { randomStream } from "../kernel/random.ts";
import type { ActRow } from "../model/act.ts";
import type { CodingOutcome, Dimension, TextUnit } from "../model/coding.ts";
import type { CodingSummary } from "../model/coding-summary.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import { codeFlux } from "../model/flux.ts";
import { type CodedRow, codingRows, fluxRow } from "../profile/code/coding-rows.ts";
import type { TextCoder } from "../profile/code/rule-coder.ts";
import type { ModelCoder } from "./model-coder.ts";
import { ourRuleCoder, ourRules } from "./rule-files.ts";
import { countMalformed, type MalformedRecords, transcriptMalformed } from "./transcripts/malformed-records.ts";
import { readTranscripts } from "./transcripts/read-transcripts.ts";
import type { Transcribed, TranscriptFormat } from "./transcripts/transcript.ts";
import { version } from "./version.ts";

export const CODERS = ["rules", "flux"] as const;
export type CoderName = (typeof CODERS)[number];

export interface CodeRequest {
  readonly files: readonly string[];
  readonly format?: TranscriptFormat;
  readonly coders: readonly CoderName[];
  /** Skip and count records that are none, instead of stopping at the first. */
  readonly lenient: boolean;
  /** Of the flux coder's shuffles. */
  readonly seed: number;
  /** All of them where absent. */
  readonly dimensions?: readonly Dimension[];
  /** Coders behind which a model stands, open; whoever opened them closes them. */
  readonly models?: readonly ModelCoder[];
}

/** Texts that are handed to models at once, so that many can be asked side by side at bounded memory. */
const BATCH = 256;

/** Acts are gathered by dyad before they are coded: more than these are refused. */
const MOST_ACTS = 5_000_000;

/**
 * Codes what the files hold and hands on every code as it comes (K7 to K9); texts at bounded memory.
 *
 * `report` is called after every record with how many there were. Errors: `transcript-malformed` unless lenient,
 * `too-many-acts`, those of reading and of the flux coder.
 */
export async function codeTranscripts(
  request: CodeRequest,
  put: (rows: readonly CodedRow[]) => Promise<void> | void,
  report: (records: number) => void = () => {},
): Promise<CodingSummary> {
  const counts = begun();
  const { models = [] } = request;
  const coders = openCoders(request.coders);
  const tally = new Map([...coders, ...models].map(({ name }) => [name, new Map<string, Map<string, number>>()]));
  const hand = async (rows: readonly CodedRow[]) => {
    for (const row of rows) count(tally.get(row.coder), row);
    await put(rows);
  };
  const texts = textQueue(coders, request, hand);
  let records = 0;
  const prefixes = prefixesOf(request.files);
  for (const [place, file] of request.files.entries()) {
    const acts: ActRow[] = [];
    const name = prefixes[place] as string;
    for await (const one of readTranscripts(file, request.format)) {
      report(++records);
      if (one.kind === "text") {
        counts.texts += 1;
        await texts.put({ ...one.unit, unit: `${name}${one.unit.unit}` });
      } else if (one.kind === "act") gather(acts, one.row, file);
      else countOther(counts, one, request.lenient);
    }
    counts.acts += acts.length;
    if (acts.length > 0) await codeActs(acts, name, request, counts, hand);
  }
  await texts.end();
  const { texts: coded, acts, dyads, malformed, apart } = counts;
  return {
    schema: "dashpot/coding@1",
    dashpot: version(),
    seed: request.seed,
    files: request.files.map((file) => basename(file)),
    ...{ texts: coded, acts, dyads, malformed, apart },
    coders: [
      ...coders.map(({ name, by }) => ({ coder: name, by, codes: plain(tally.get(name)) })),
      ...models.map((model) => ({ ...toldOf(model), codes: plain(tally.get(model.name)) })),
    ],
  };
}

function toldOf(model: ModelCoder): Omit<CodingSummary["coders"][number], "codes"> {
  const { name, by, calibrated } = model;
  return { coder: name, by, answered: model.answered(), ...(calibrated ? { calibrated: calibrated() } : {}) };
}

/** Waits for all, so that what others are answering is kept, and throws the first error of them. */
async function allDone<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(works);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/** Codes texts as they come, or many at once where models are asked. */
function textQueue(
  coders: readonly OpenCoder[],
  { dimensions, models = [] }: CodeRequest,
  hand: (rows: readonly CodedRow[]) => Promise<void>,
) {
  let waiting: TextUnit[] = [];
  const flush = async () => {
    const units = waiting;
    waiting = [];
    const outcomes = await allDone(models.map(({ code }) => code(units)));
    for (const [place, { unit, text }] of units.entries()) {
      for (const coder of coders)
        if (coder.text) await hand(codingRows(unit, coder.name, coder.text(text), dimensions));
      for (const [at, { name }] of models.entries())
        await hand(codingRows(unit, name, outcomes[at]?.[place] as CodingOutcome, dimensions));
    }
  };
  return {
    put: async (unit: TextUnit) => {
      waiting.push(unit);
      if (waiting.length >= (models.length === 0 ? 1 : BATCH)) await flush();
    },
    end: flush,
  };
}

/** What keeps units of several files apart: their names, or where these are alike their paths. */
export function prefixesOf(files: readonly string[]): string[] {
  if (files.length < 2) return files.map(() => "");
  const names = files.map((file) => basename(file));
  const alike = new Set(names).size < names.length;
  return (alike ? files : names).map((name) => `${name}:`);
}

interface Counts {
  texts: number;
  acts: number;
  dyads: number;
  readonly malformed: MalformedRecords;
  readonly apart: Record<string, number>;
}

function begun(): Counts {
  return { texts: 0, acts: 0, dyads: 0, malformed: { n: 0, first: [] }, apart: {} };
}

interface OpenCoder {
  readonly name: CoderName;
  readonly by: string;
  /** Absent where it codes acts. */
  readonly text?: TextCoder;
}

function openCoders(names: readonly CoderName[]): OpenCoder[] {
  return names.map((name) => {
    if (name === "flux") return { name, by: "exchange sets (Favre & Sornette 2015)" };
    const { id, version: edition } = ourRules();
    return { name, by: `${id} ${edition}`, text: ourRuleCoder() };
  });
}

function gather(acts: ActRow[], row: ActRow, file: string): void {
  acts.push(row);
  if (acts.length <= MOST_ACTS) return;
  throw new DashpotError(
    "too-many-acts",
    `expected at most ${MOST_ACTS} acts in a file, received more, in ${file}`,
    "split it by dyad into several files",
  );
}

async function codeActs(
  acts: readonly ActRow[],
  prefix: string,
  { coders, seed, lenient }: CodeRequest,
  counts: Counts,
  hand: (rows: readonly CodedRow[]) => Promise<void>,
): Promise<void> {
  const dyads = Map.groupBy(acts, ({ dyad }) => dyad);
  counts.dyads += dyads.size;
  if (!coders.includes("flux")) return;
  const stream = randomStream(seed, "flux");
  for (const [name, rows] of dyads) {
    try {
      const [coded] = codeFlux(rows, { stream, naming: "names" });
      if (coded) await hand([{ ...fluxRow(coded, "flux"), unit: `${prefix}${name}` }]);
    } catch (error) {
      // Such as a third party: the dyad is none.
      if (!isDashpotError(error) || !error.code.startsWith("flux-")) throw error;
      countOther(counts, { kind: "malformed", where: `${prefix}${name}`, what: error.message }, lenient);
    }
  }
}

function countOther({ malformed, apart }: Counts, one: Transcribed, lenient: boolean): void {
  if (one.kind === "apart") apart[one.what] = (apart[one.what] ?? 0) + 1;
  if (one.kind !== "malformed") return;
  if (!lenient) throw transcriptMalformed(one.what, one.where);
  countMalformed(malformed, one.what, one.where);
}

function count(dimensions: Map<string, Map<string, number>> | undefined, { dimension, value }: CodedRow): void {
  if (!dimensions || dimension.includes(".")) return;
  const values = dimensions.get(dimension) ?? new Map<string, number>();
  dimensions.set(dimension, values);
  const told = value === "" ? "missing" : value;
  values.set(told, (values.get(told) ?? 0) + 1);
}

function plain(dimensions: Map<string, Map<string, number>> | undefined): Record<string, Record<string, number>> {
  return Object.fromEntries(
    [...(dimensions ?? [])].map(([name, values]) => [name, Object.fromEntries([...values].sort())]),
  );
}
