import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, MODES } from "../model/label.ts";
import type { Answer, ChatAnswer, ChatMessage } from "../model/language-model.ts";
import type { Profile } from "../model/profile.ts";
import type { CallFailure } from "../model/run.ts";
import { answersByPosition } from "../profile/report/findings.ts";
import { makeDirectory } from "./make-directory.ts";

/** One answered call as a sample of an Inspect log. */
export interface InspectCall {
  /** Key of the call, unique in the run. */
  readonly id: string;
  readonly input: readonly ChatMessage[];
  /** Offered replies, or null where none were. */
  readonly choices: readonly string[] | null;
  /** What the cue calls for; empty where there is none. */
  readonly target: string;
  readonly answer: Answer | CallFailure;
  /** By label or letter; null or without a finite number: not scored. */
  readonly scores: Readonly<Record<string, number | null>> | null;
  readonly metadata: Readonly<Record<string, string | number>>;
}

const SCORER = "relational";
const LOG_NAME = /^\d{4}-\d\d-\d\dT[\d-]+\+00-00_relational_[0-9a-f]+\.json$/;

export interface LogPlace {
  readonly directory: string;
  /** When this part of the run began: a resumed one is dated by its resumption. */
  readonly at: Date;
  readonly ended: Date;
}

/** As writeInspectLog; a log of an earlier look at the same run is removed, so that one stays. */
export async function replaceInspectLog(
  profile: Profile,
  calls: AsyncIterable<InspectCall>,
  options: LogPlace,
): Promise<string> {
  const path = await writeInspectLog(profile, calls, options);
  const others = (await readdir(options.directory)).filter((name) => LOG_NAME.test(name) && !path.endsWith(name));
  for (const name of others) await rm(join(options.directory, name), { force: true });
  return path;
}

/**
 * Writes an Inspect eval log, version 2, in JSON, beside a card, and gives its path; bounded memory (C7).
 *
 * The reader of inspect_ai scans the header up to `samples`, so everything else stands before it; the name begins with
 * the time, or the log is not listed; a sample without a score omits the scorer, for a null score is refused.
 *
 * Its dates stand in the name and in the log, so the log is no subject of the signature.
 */
export async function writeInspectLog(
  profile: Profile,
  calls: AsyncIterable<InspectCall> | Iterable<InspectCall>,
  { directory, at, ended }: LogPlace,
): Promise<string> {
  const id = sha256Hex(`${profile.plan} ${at.toISOString()}`).slice(0, 22);
  const path = join(directory, `${at.toISOString().slice(0, 19).replaceAll(":", "-")}+00-00_relational_${id}.json`);
  const [samples, whole] = [`${path}.samples.tmp`, `${path}.tmp`];
  try {
    makeDirectory(directory);
    const counts: Counts = { total: 0, scored: 0, answered: 0 };
    await pipeline(Readable.from(sampleLines(calls, profile.model.spec, counts)), createWriteStream(samples));
    await pipeline(
      joined(headOf(profile, counts, { id, at, ended }), samples),
      createWriteStream(whole, { flush: true }),
    );
    await rename(whole, path);
    return path;
  } catch (cause) {
    if (cause instanceof DashpotError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    throw new DashpotError(
      "inspect-log-unwritable",
      `expected a folder that can be written, received ${code} at ${directory}`,
      "make room or give another folder; the journal has everything",
      { exit: 3, cause },
    );
  } finally {
    for (const left of [samples, whole]) await rm(left, { force: true }).catch(() => undefined);
  }
}

interface Counts {
  total: number;
  scored: number;
  answered: number;
}

async function* sampleLines(calls: AsyncIterable<InspectCall> | Iterable<InspectCall>, model: string, counts: Counts) {
  for await (const call of calls) {
    const sample = sampleOf(call, model);
    counts.total += 1;
    if (sample.scores) counts.scored += 1;
    if (call.answer.kind !== "failure") counts.answered += 1;
    yield `${counts.total === 1 ? "" : ",\n"}${json(sample)}`;
  }
}

/** The header without its closing brace, the samples, and the end. */
async function* joined(head: Record<string, unknown>, samples: string) {
  yield `${json(head).slice(0, -1)},"samples":[\n`;
  if ((await stat(samples)).size > 0) yield* createReadStream(samples);
  yield "\n]}\n";
}

function sampleOf({ id, input, choices, target, answer, scores, metadata }: InspectCall, model: string) {
  const value = finiteOf(scores);
  return {
    id,
    epoch: 1,
    input,
    ...(choices ? { choices } : {}),
    target,
    messages:
      answer.kind === "chat"
        ? [...input, { role: "assistant", content: answer.text, source: "generate", model }]
        : input,
    output: outputOf(answer, model),
    ...(value ? { scores: { [SCORER]: { value } } } : {}),
    metadata: {
      ...metadata,
      ...(answer.kind === "score"
        ? { log_probabilities: answer.logProbabilities.map(finite), tokens: answer.tokens }
        : {}),
    },
    ...(answer.kind === "failure"
      ? { error: { message: answer.code, traceback: "", traceback_ansi: "" } }
      : { model_usage: { [model]: usageOf(answer.usage) } }),
  };
}

function outputOf(answer: Answer | CallFailure, model: string) {
  if (answer.kind === "failure") return { model, choices: [], error: answer.code };
  const usage = usageOf(answer.usage);
  if (answer.kind === "score") return { model, choices: [], usage };
  const message = { role: "assistant", content: answer.text, source: "generate", model };
  const choice = { message, stop_reason: STOP_REASONS[answer.stop], ...logprobsOf(answer) };
  return { model, choices: [choice], completion: answer.text, usage };
}

const STOP_REASONS = {
  stop: "stop",
  length: "max_tokens",
  refusal: "content_filter",
  filtered: "content_filter",
  other: "unknown",
} as const satisfies Record<ChatAnswer["stop"], string>;

function logprobsOf({ letterLogProbabilities }: ChatAnswer) {
  const letters = Object.entries(letterLogProbabilities ?? {}).filter(([, logprob]) => Number.isFinite(logprob));
  const [first] = letters.sort(([, one], [, other]) => other - one);
  if (!first) return {};
  const top = letters.map(([token, logprob]) => ({ token, logprob }));
  return { logprobs: { content: [{ token: first[0], logprob: first[1], top_logprobs: top }] } };
}

function usageOf({
  promptTokens,
  completionTokens,
}: {
  readonly promptTokens: number;
  readonly completionTokens: number;
}) {
  return { input_tokens: promptTokens, output_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}

function finiteOf(scores: InspectCall["scores"]): Record<string, number> | null {
  const known = Object.entries(scores ?? {}).flatMap(([name, value]) =>
    finite(value) === null ? [] : [[name, value as number] as const],
  );
  return known.length === 0 ? null : Object.fromEntries(known);
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function headOf(
  profile: Profile,
  counts: Counts,
  { id, at, ended }: Omit<LogPlace, "directory"> & { readonly id: string },
) {
  const [time, end] = [at, ended].map((date) => date.toISOString().replace("Z", "+00:00"));
  const { model, bank, plan, seed, format, set, temperature, totals } = profile;
  return {
    version: 2,
    status: "success",
    eval: {
      ...{ eval_id: id, run_id: id, task_id: id },
      created: time,
      task: "dashpot/relational",
      task_version: bank.version,
      task_args: { format, set, seed, samples: profile.samples },
      dataset: { name: bank.id, samples: counts.total, shuffled: false },
      model: model.spec,
      ...(model.endpoint ? { model_base_url: model.endpoint } : {}),
      model_generate_config: { temperature },
      config: { epochs: 1 },
      packages: { dashpot: profile.dashpot },
      metadata: { bank_sha256: bank.hash, plan_sha256: plan, format_reason: profile.formatReason, ...placeOf(profile) },
      scorers: [{ name: SCORER }],
    },
    plan: { name: "plan", steps: [{ solver: `dashpot/${format}`, params: { set } }], config: { temperature } },
    results: {
      total_samples: counts.total,
      completed_samples: counts.answered,
      scores: [
        {
          name: SCORER,
          scorer: SCORER,
          scored_samples: counts.scored,
          unscored_samples: counts.total - counts.scored,
          metrics: metricsOf(profile),
        },
      ],
    },
    stats: {
      started_at: time,
      completed_at: end,
      model_usage: { [model.spec]: usageOf(totals) },
    },
  };
}

/**
 * Point estimates; intervals stand in each metric's metadata. What could not be estimated is left out, and so is
 * everything of a model that answers by place (A8).
 */
function metricsOf(profile: Profile) {
  if (answersByPosition(profile)) return {};
  const { responsiveness, bias } = profile;
  const named = [
    ...MODES.map((mode) => [`responsiveness_${mode}`, responsiveness.modes[mode].responsiveness] as const),
    ...LABELS.map((label) => [`bias_${label}`, bias.labels[label]] as const),
  ];
  const known = named.flatMap(([name, { value, ...rest }]) =>
    value === null ? [] : [[name, { name, value, metadata: rest }] as const],
  );
  return Object.fromEntries(known);
}

/** Said where it is so, so that a log without metrics tells why. */
function placeOf(profile: Profile): { answers_by_position?: true } {
  return answersByPosition(profile) ? { answers_by_position: true } : {};
}

/** Texts come from models: half a surrogate pair, which Python's readers refuse, is replaced. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "string" ? part.toWellFormed() : part));
}
