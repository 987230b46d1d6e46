import { canonicalJson, sha256Hex } from "../kernel/canonical-json.ts";
import type { RandomStream } from "../kernel/random.ts";
import { CallError } from "../model/call-error.ts";
import { DashpotError } from "../model/error.ts";
import type { Journal } from "../model/journal.ts";
import type { Answer, LanguageModel, Usage } from "../model/language-model.ts";
import type { Budget, CallFailure, Totals } from "../model/run.ts";
import type { Ask, Call, Pool } from "../profile/ask.ts";
import { BudgetGuard, costOf, type Price, refuseUncounted, worstCase } from "./budget.ts";
import { type Clock, sleep } from "./clock.ts";
import { storable } from "./journal-records.ts";
import { Limiter } from "./limiter.ts";

export interface EngineOptions {
  readonly model: LanguageModel;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Jitter of the backoff. */
  readonly random: RandomStream;
  readonly parallel: number;
  readonly budget: Budget;
  readonly price: Price | null;
  /** Asked to stop: nothing new starts, what is in flight is journalled. */
  readonly stop: AbortSignal;
  /** Stop at once. */
  readonly abort: AbortSignal;
  /** Of one request; a call by score is one for each of its replies. */
  readonly timeoutMs: number;
  /** Tries of one call before the run stops, resumable. */
  readonly tries?: number;
  /** Pauses of one call, all together, before the run stops, resumable. */
  readonly patienceMs?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly remainingMs: number | null;
  readonly inFlight: number;
  readonly limit: number;
  readonly pausedMs: number;
}

export interface Engine {
  readonly ask: Ask;
  /** From the journal only. */
  readonly recall: Ask;
  readonly pool: Pool;
  totals(): Totals;
}

type Result = Answer | CallFailure;

const BACKOFF_MS = { first: 500, most: 30_000 } as const;
const DEFAULT_TRIES = 10;
const DEFAULT_PATIENCE_MS = 300_000;
/** What says that fewer calls at once would fare better. */
const PUSH_BACKS: ReadonlySet<string> = new Set(["rate-limited", "server-error", "network", "timeout"]);

/**
 * Puts calls to a model, each journalled before it counts (R1), with adaptive parallelism (R4), budget (R5) and retries.
 *
 * Errors of `ask` and `pool`: `budget-reached`, `endpoint-unavailable` and `stopped` (exit 3); what the model reports as
 * final for the run, under its own code (exit 2 while nothing is journalled, else 3); `answer-differs`; the journal's.
 */
export function createRunEngine(options: EngineOptions): Engine {
  const { model, journal, price, clock } = options;
  const ceiling = Math.min(options.parallel, model.capabilities.maximumParallel ?? Number.POSITIVE_INFINITY);
  refuseUncounted(options.budget, model.capabilities);
  const limiter = new Limiter({ clock, ceiling });
  const state: RunState = {
    ...options,
    limiter,
    guard: new BudgetGuard(options.budget, price, journal.totals()),
    asked: new Map(),
    ended: new AbortController(),
    answered: false,
    report: () => {},
  };
  const stopped = () => end(state, stoppedError());
  for (const signal of [options.stop, options.abort]) {
    if (signal.aborted) stopped();
    else signal.addEventListener("abort", stopped, { once: true });
  }
  return {
    ask: async (call) => ask(state, call),
    recall: async (call) => recall(journal, call),
    pool: (tasks, total) => runPool(state, tasks, total, ceiling),
    totals: () => ({ ...journal.totals(), cost: costOf(journal.totals(), price) }),
  };
}

interface RunState extends EngineOptions {
  readonly limiter: Limiter;
  readonly guard: BudgetGuard;
  /** Calls under way, so that a question put twice at once is asked once. */
  readonly asked: Map<string, { readonly hash: string; readonly result: Promise<Result> }>;
  /** Aborted with the error that ends the run. */
  readonly ended: AbortController;
  /** Whether this model has answered at all: then a refused address is weather, not a wrong address. */
  answered: boolean;
  /** Called after every answer. */
  report: () => void;
}

/** SHA-256 of what the model sees, so that a stored answer is never given to another question. */
export function requestHash({ kind, request }: Call): string {
  const { item: _, ...seen } = request;
  return sha256Hex(canonicalJson({ kind, request: seen }));
}

/** An answer that a journal has. Errors: `answer-missing`, `answer-differs`. */
export function recall(journal: Pick<Journal, "get">, call: Call): Result {
  const record = journal.get(call.key);
  if (record) return sameQuestion(record.request, requestHash(call), call.key) && record.answer;
  throw new DashpotError(
    "answer-missing",
    `expected an answer to ${call.key}, received none`,
    "go on with: dashpot resume DIR",
    { exit: 3 },
  );
}

function ask(state: RunState, call: Call): Result | Promise<Result> {
  const hash = requestHash(call);
  const record = state.journal.get(call.key);
  if (record) return sameQuestion(record.request, hash, call.key) && record.answer;
  const underWay = state.asked.get(call.key);
  if (underWay) return sameQuestion(underWay.hash, hash, call.key) && underWay.result;
  const result = put(state, call, hash).finally(() => state.asked.delete(call.key));
  state.asked.set(call.key, { hash, result });
  return result;
}

/** True, or the error. */
function sameQuestion(answered: string, asked: string, key: string): true {
  if (answered === asked) return true;
  throw new DashpotError(
    "answer-differs",
    `expected the question that ${key} was answered to, received another one`,
    "the bank or this program changed since the run began: begin it anew in another directory",
  );
}

/** Reserves the worst case, asks until there is an answer, and gives it once it is on disk. */
async function put(state: RunState, call: Call, hash: string): Promise<Result> {
  const settle = await state.guard.reserve(
    worstCase(call, state.model.capabilities.reasoningTokens),
    state.ended.signal,
  );
  let spent: Usage | null = null;
  try {
    const answer = await persist(state, call);
    const { promptTokens, completionTokens } = answer.kind === "failure" ? NOTHING : answer.usage;
    await state.journal.put({ key: call.key, request: hash, answer }, { promptTokens, completionTokens });
    spent = { promptTokens, completionTokens };
    state.report();
    return answer;
  } catch (error) {
    end(state, error);
    throw error;
  } finally {
    settle(spent);
  }
}

const NOTHING: Usage = { promptTokens: 0, completionTokens: 0 };

/** Tries until answered, refused for good, or out of patience. Between tries its place in flight is free for others. */
async function persist(state: RunState, call: Call): Promise<Result> {
  const { limiter, clock, ended, tries = DEFAULT_TRIES, patienceMs = DEFAULT_PATIENCE_MS } = state;
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    await limiter.acquire(ended.signal);
    const outcome = await attemptOnce(state, call).finally(() => limiter.release());
    if (!(outcome instanceof CallError)) return outcome;
    const waitMs = backoff(state, attempt, outcome.retryAfterMs);
    waitedMs += waitMs;
    if (attempt >= tries || waitedMs > patienceMs) throw outOfPatience(outcome, attempt);
    await sleep(clock, waitMs, ended.signal);
  }
}

/** An answer, a refusal to be counted as missing, or why to try again; throws what ends the run. */
async function attemptOnce(state: RunState, call: Call): Promise<Result | CallError> {
  const beganAt = state.clock.now();
  try {
    const answer = storable(await askModel(state, call), state.model.identity.spec);
    state.answered = true;
    state.limiter.succeeded();
    return answer;
  } catch (error) {
    const failure = orEnd(state, error);
    if (failure.scope === "call") return { kind: "failure", code: failure.code };
    if (PUSH_BACKS.has(failure.code)) state.limiter.pushedBack(beganAt, failure.retryAfterMs);
    return failure;
  }
}

/** A failure that the run survives; any other ends it here, before the free place lets another call start. */
function orEnd(state: RunState, error: unknown): CallError {
  const isFinal =
    error instanceof CallError && error.scope === "run" && !(error.code === "address-wrong" && state.answered);
  if (error instanceof CallError && !isFinal) return error;
  const reason = isFinal ? endOfRun(state, error) : error;
  end(state, reason);
  throw reason;
}

/** One try, given up after `timeoutMs` or when the run is to stop at once, also by a model that does not listen. */
function askModel(state: RunState, call: Call): Promise<Answer> {
  const attempt = new AbortController();
  return new Promise((resolve, reject) => {
    const giveUp = (reason: Error) => {
      rest();
      reject(reason);
      attempt.abort(reason);
    };
    const stop = () => giveUp(stoppedError());
    const timeoutMs = timeoutOf(state, call);
    const late = `expected an answer within ${timeoutMs} ms, received none`;
    const cancel = state.clock.after(timeoutMs, () => giveUp(new CallError("later", "timeout", late)));
    const rest = () => {
      cancel();
      state.abort.removeEventListener("abort", stop);
    };
    state.abort.addEventListener("abort", stop, { once: true });
    if (state.abort.aborted) stop();
    else putTo(state.model, call, attempt.signal).finally(rest).then(resolve, reject);
  });
}

/** A server is asked for every reply of a row; each may take its time. */
function timeoutOf({ timeoutMs }: RunState, call: Call): number {
  const requests = call.kind === "score" ? call.request.replies.length : 1;
  return Math.min(LONGEST_TIMER_MS, timeoutMs * requests);
}

/** A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function putTo(model: LanguageModel, call: Call, signal: AbortSignal): Promise<Answer> {
  if (call.kind === "score" && model.score) return model.score(call.request, signal);
  if (call.kind === "chat" && model.chat) return model.chat(call.request, signal);
  const message = `expected a model that can ${call.kind}, received ${model.identity.spec}`;
  throw new CallError("run", "call-unsupported", message, { fix: "take another --format" });
}

function backoff(state: RunState, attempt: number, retryAfterMs: number | undefined): number {
  const growing = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempt - 1));
  return Math.max(retryAfterMs ?? 0, growing * (0.5 + 0.5 * state.random.uniform()));
}

function end(state: RunState, reason: unknown): void {
  if (!state.ended.signal.aborted) state.ended.abort(reason);
}

function endOfRun(state: RunState, error: CallError): DashpotError {
  const exit = state.journal.count() === 0 ? 2 : 3;
  return new DashpotError(error.code, error.message, error.fix, { exit, cause: error });
}

function outOfPatience(error: CallError, tries: number): DashpotError {
  return new DashpotError(
    "endpoint-unavailable",
    `expected an answer within ${tries} tries, received last: ${error.message}`,
    "when the endpoint is well again, go on with: dashpot resume DIR",
    { exit: 3, cause: error },
  );
}

function stoppedError(): DashpotError {
  const message = "expected to go on, received the wish to stop; what was answered is kept";
  return new DashpotError("stopped", message, "go on with: dashpot resume DIR", { exit: 3 });
}

/** Runs tasks lazily; the first error ends the run, once what is in flight is answered and on disk. */
async function runPool(
  state: RunState,
  tasks: Iterable<() => Promise<void>>,
  total: number,
  ceiling: number,
): Promise<void> {
  const { ended } = state;
  const iterator = tasks[Symbol.iterator]();
  let undone = false;
  const work = async () => {
    try {
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        if (ended.signal.aborted) throw ended.signal.reason;
        await next.value();
      }
    } catch (error) {
      undone = true;
      end(state, error);
    }
  };
  state.report = progressReporter(state, total);
  state.report();
  await Promise.all(Array.from({ length: workersFor(ceiling) }, work));
  if (undone) throw finalError(state);
}

/** Twice the calls in flight, so that the endpoint is kept busy while answers go to the disk; but one by one is kept. */
function workersFor(ceiling: number): number {
  return ceiling <= 1 ? 1 : 2 * ceiling;
}

/** Answers that arrived after the end was clear make what was wrong use a resumable stop. */
function finalError(state: RunState): unknown {
  const reason: unknown = state.ended.signal.reason;
  const { cause } = reason as { cause?: unknown };
  return cause instanceof CallError && cause.scope === "run" ? endOfRun(state, cause) : reason;
}

function progressReporter({ journal, clock, limiter, onProgress }: RunState, total: number): () => void {
  if (!onProgress) return () => {};
  const beganAt = clock.now();
  const doneBefore = journal.count();
  return () => {
    const done = Math.min(total, journal.count());
    const perSecond = ((done - doneBefore) / Math.max(1, clock.now() - beganAt)) * 1000;
    const remainingMs = perSecond > 0 ? ((total - done) / perSecond) * 1000 : null;
    const { inFlight, limit, pausedMs } = limiter;
    onProgress({ done, total, perSecond, remainingMs, inFlight, limit, pausedMs });
  };
}
