import { resolve } from "node:path";
import { DashpotError } from "../model/error.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { SetName } from "../model/run.ts";
import { controlOf, FACTORS, type Factor, type Side, type StressFormat } from "../model/stress.ts";
import type { StressReport } from "../model/stress-report.ts";
import type { DesignRow, StressPlan } from "../model/stress-run.ts";
import { chooseFormat } from "../profile/plan-format.ts";
import { codeStress } from "../profile/stress/code-stress.ts";
import { changed, rowName } from "../profile/stress/count-cells.ts";
import { designTable, parseTable, readRows } from "../profile/stress/design-table.ts";
import { estimateStress } from "../profile/stress/estimate-stress.ts";
import { DESIGN_NAMES, namedDesign } from "../profile/stress/named-designs.ts";
import { TURNS } from "../profile/stress/simulator/simulator-family.ts";
import { designWork, elicitStress, type StressWork } from "../profile/stress/stress-work.ts";
import { costOf, type Price } from "./budget.ts";
import { csvRows } from "./csv-rows.ts";
import { unaskedModel } from "./language-models/unasked-model.ts";
import {
  type Forecast,
  forecastCalls,
  type ModelRequest,
  modelPlanOf,
  openingOf,
  openModel,
  type RunConduct,
  refuseChanged,
  reopenModel,
  withEngine,
} from "./model-run.ts";
import { ourRuleCoder, ourRules, ourRulesHash } from "./rule-files.ts";
import { ourStressPath, readStressSuite, type StressSuite } from "./stress-files.ts";

/** What fixes a stress run's calls; everything has a default but the model. */
export interface StressRequest extends ModelRequest {
  /** Absent: one that suits the model. */
  readonly formats?: readonly StressFormat[];
  readonly set?: SetName;
  readonly suite?: string;
  readonly families?: readonly string[];
  readonly factors?: readonly Factor[];
  /** A name of `DESIGN_NAMES`, or a CSV file. */
  readonly design?: string;
  readonly seed?: number;
  readonly samples?: number;
  readonly temperature?: number;
  /** Whether the model is asked what it notices of each scenario (T31). */
  readonly check?: boolean;
  /** Text that stands before every scenario as the system's message. */
  readonly system?: string;
}

/** Samples of a scenario: eleven, so that each option of a letter or tool format stands once at each place. */
const DEFAULTS = { samples: 11, temperature: 1 } as const;

/** A stress run that is settled but not begun. */
export interface PreparedStress {
  readonly plan: StressPlan;
  readonly suite: StressSuite;
  readonly rows: readonly DesignRow[];
  readonly aliases: readonly string[];
  readonly model: LanguageModel;
}

/** Opens the model, probes it, reads the suite and settles every choice. The caller closes the model. */
export async function prepareStress(request: StressRequest, conduct: RunConduct): Promise<PreparedStress> {
  const settled = await settleDesign(request);
  const model = await openModel(request, conduct);
  return closingOnError(model, () => settle(request, settled, model, conduct.price ?? null));
}

/** The same for a forecast: no weights are loaded or fetched and no endpoint is asked (R6). */
export async function sketchStress(request: StressRequest, conduct: RunConduct): Promise<PreparedStress> {
  const settled = await settleDesign(request);
  const model = await unaskedModel(request.model, openingOf(request, conduct));
  return closingOnError(model, () => settle(request, settled, model, conduct.price ?? null));
}

/** Opens what a stored plan names, to go on with it (R2). Errors: `suite-changed`, those of `reopenModel`. */
export async function reopenStress(plan: StressPlan, conduct: RunConduct): Promise<PreparedStress> {
  const suite = readStressSuite(plan.suite.path);
  refuseChanged("suite", plan.suite.hash, suite.hash, plan.suite.path);
  refuseChanged("rules", plan.coder.hash, ourRulesHash(), "the coder of what was written");
  const known = [...suite.families, ...suite.simulators].map(({ id }) => id);
  const rows = parseTable(plan.design.table, known);
  return { plan, suite, rows, aliases: plan.design.aliases, model: await reopenModel(plan, conduct) };
}

async function closingOnError<T>(model: LanguageModel, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await model.close();
    throw error;
  }
}

interface SettledDesign {
  readonly suite: StressSuite;
  readonly path: string;
  readonly name: string;
  readonly rows: readonly DesignRow[];
  readonly aliases: readonly string[];
}

async function settleDesign(request: StressRequest): Promise<SettledDesign> {
  const { suite: named, design = "series", factors = FACTORS, set = "quick" } = request;
  const path = resolve(named ?? ourStressPath());
  const suite = readStressSuite(path);
  const chosen = chosenFamilies(suite, request);
  const known = DESIGN_NAMES.find((name) => name === design);
  if (known !== undefined) return { suite, path, name: known, ...namedDesign(known, chosen, { set, factors }) };
  const ids = chosen.map(({ id }) => id);
  return { suite, path, name: "a table", rows: await readDesign(design, ids), aliases: [] };
}

/** Families that the formats can ask, or those of them that were named. */
function chosenFamilies({ families, simulators }: StressSuite, { families: wanted, formats }: StressRequest) {
  const placed = <T extends { readonly id: string; readonly base: Side }>(all: readonly T[]) =>
    all.map(({ id, base }, place) => ({ id, base, place }));
  const texts = formats?.every((format) => format === "simulate") ? [] : placed(families);
  const known = [...texts, ...(formats?.includes("simulate") ? placed(simulators) : [])];
  const unknown = wanted?.find((id) => !known.some((family) => family.id === id));
  if (unknown !== undefined)
    throw new DashpotError(
      "option-invalid",
      `expected families that the format can ask, received ${JSON.stringify(unknown.slice(0, 60))}, for --families`,
      `take some of ${known.map(({ id }) => id).join(", ")}; simulated ones need --format simulate`,
    );
  return wanted ? known.filter(({ id }) => wanted.includes(id)) : known;
}

/** A design that a user wrote. Errors: `design-malformed`, `table-unreadable` and the like of reading. */
async function readDesign(path: string, families: readonly string[]): Promise<DesignRow[]> {
  const lines: { fields: readonly string[]; where: string }[] = [];
  let header: readonly string[] | null = null;
  for await (const row of csvRows(path)) {
    if ("fault" in row)
      throw new DashpotError(
        "design-malformed",
        `expected a CSV table, received ${row.fault}, at ${path}:${row.line}`,
        "put quotes around values that hold the separator",
      );
    if (header === null) header = row.fields;
    else lines.push({ fields: row.fields, where: `${path}:${row.line}` });
  }
  return readRows(lines, header ?? [], families);
}

function settle(
  request: StressRequest,
  { suite, path, name, rows, aliases }: SettledDesign,
  model: LanguageModel,
  price: Price | null,
): PreparedStress {
  const { formats, reason } = settleFormats(request.formats, model);
  if (request.check) requireChat(model);
  if (formats.includes("score")) requireControls(name, rows);
  const set = request.set ?? "quick";
  const plan: StressPlan = {
    schema: "dashpot/stress-run@1",
    ...modelPlanOf(request, model.identity),
    price,
    formats,
    formatReason: reason,
    set,
    suite: { path, id: suite.header.id, version: suite.header.version, hash: suite.hash },
    coder: { id: ourRules().id, version: ourRules().version, hash: ourRulesHash() },
    design: { name, table: designTable(rows), aliases: [...aliases] },
    wordings: set === "quick" ? 1 : 3,
    seed: request.seed ?? 0,
    samples: request.samples ?? DEFAULTS.samples,
    temperature: request.temperature ?? DEFAULTS.temperature,
    ...(request.check ? { check: true as const } : {}),
    ...(request.system === undefined ? {} : { system: request.system }),
  };
  return { plan, suite, rows, aliases, model };
}

/** What a model notices is asked by letters. */
function requireChat({ capabilities: { chat, lacks } }: LanguageModel): void {
  if (chat) return;
  throw new DashpotError(
    "format-unsupported",
    `expected, for --check, a model that can chat, received one that cannot: ${lacks.chat ?? "it only scores texts"}`,
    "leave --check out",
  );
}

/** A score is told against the same scenario's control, and a fraction by a regression, which scores have not. */
function requireControls(name: string, rows: readonly DesignRow[]): void {
  const there = new Set(rows.map(rowName));
  const without = rows.find((row) => !there.has(changed(row, controlOf(row.condition.side))));
  if (without === undefined && (name === "series" || name === "a table")) return;
  const received = without ? `none for ${rowName(without)}` : `the design ${name}`;
  throw new DashpotError(
    "design-without-control",
    `expected, for score, a series with a control for every family, surface and side, received ${received}`,
    "take --format choice, act or write; or --design series; or add rows whose levels are 0 and switches off",
  );
}

/** A policy is asked by letters, since its threshold is known; any other by what can be had and trusted. */
function settleFormats(
  wanted: readonly StressFormat[] | undefined,
  { capabilities, identity }: Pick<LanguageModel, "capabilities" | "identity">,
): { readonly formats: readonly StressFormat[]; readonly reason: string } {
  if (!wanted && identity.provider === "policy") return { formats: ["choice"], reason: "a policy is asked by letters" };
  if (!wanted) {
    const { format, reason } = chooseFormat("auto", capabilities);
    return { formats: [format], reason };
  }
  const { score, chat, lacks } = capabilities;
  const impossible = wanted.find((format) => !(format === "score" ? score : chat));
  if (impossible === undefined) return { formats: wanted, reason: `${wanted.join(", ")} was asked for` };
  const lack = lacks[impossible === "score" ? "score" : "chat"] ?? "this model cannot do it";
  throw new DashpotError(
    "format-unsupported",
    `expected a model that can be asked by ${impossible}, received one that cannot: ${lack}`,
    "leave --format out, or take another",
  );
}

/** Carries a stress run out in a directory, from the beginning or from where it stopped, and estimates. */
export async function carryOutStress(
  prepared: PreparedStress,
  directory: string,
  conduct: RunConduct,
): Promise<StressReport> {
  const { plan, suite, rows, aliases, model } = prepared;
  return withEngine(prepared, directory, conduct, async ({ ask, recall, pool, totals }) => {
    const work = workOf(prepared);
    await elicitStress(work, ask, pool);
    const measured = await codeStress(work, recall, ourRuleCoder());
    return estimateStress(measured, {
      ...{ plan, rows, aliases, model: model.identity },
      totals: { ...totals(), cost: costOf(totals(), plan.price ?? null) },
      ...{ doses: suite.doses, cutoffs: suite.cutoffs },
      regressionFamilies: [...suite.families, ...suite.simulators]
        .filter(({ regression }) => regression)
        .map(({ id }) => id),
    });
  });
}

function workOf({ plan, rows, suite }: PreparedStress): StressWork {
  return designWork(plan, rows, suite.families, suite.simulators);
}

/** Of an episode that goes all the way: its opening read again at each of twelve turns, with what was said since. */
const EPISODE = { calls: TURNS, promptTokens: TURNS * 1700, completionTokens: TURNS * 50 } as const;

/** What a stress run would take at most, without making a call (R6). */
export function forecastStress(prepared: PreparedStress, price: Price | null, parallel: number): Forecast {
  const { calls, checks, episodes } = workOf(prepared);
  const answerTokens = { choice: 2, act: 12, write: 50, score: 0 } as const;
  const formats = new Map(calls.map((call) => [call.key, call.format]));
  const later = {
    calls: EPISODE.calls * episodes.length,
    promptTokens: EPISODE.promptTokens * episodes.length,
    completionTokens: EPISODE.completionTokens * episodes.length,
  };
  return forecastCalls(
    { calls: [...calls, ...checks], answerTokens: ({ key }) => answerTokens[formats.get(key) ?? "choice"], later },
    prepared.model,
    price,
    parallel,
  );
}
