import { canonicalJson, sha256Hex } from "../kernel/canonical-json.ts";
import type { RandomStream } from "../kernel/random.ts";
import { CallError } from "../model/call-error.ts";
import { DashpotError } from "../model/error.ts";
import type { Journal } from "../model/journal.ts";
import type { Answer, LanguageModel, Usage } from "../model/language-model.ts";
import type { AnswerRecord, Budget, CallFailure, Totals } from "../model/run.ts";
import type { Ask, Call, Pool } from "../profile/ask.ts";
import { BudgetGuard, costOf, type Price } from "./budget.ts";
import { type Clock, sleep } from "./clock.ts";
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
  readonly timeoutMs: number;
  /** Tries of one call before the run stops, resumable. */
  readonly tries?: number;
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

const BACKOFF_MS = { first: 500, most: 30_000 } as const;
const DEFAULT_TRIES = 8;
const CHARACTERS_A_TOKEN = 2;

/** Puts calls to a model, each journalled before it counts (R1), with adaptive parallelism (R4), budget (R5) and retries. */
export function createRunEngine(options: EngineOptions): Engine {
  const { model, journal, price } = options;
  const ceiling = Math.min(options.parallel, model.capabilities.maximumParallel ?? Number.POSITIVE_INFINITY);
  const limiter = new Limiter({ clock: options.clock, ceiling });
  const guard = new BudgetGuard(options.budget, price, journal.totals());
  const state: RunState = { ...options, limiter, guard, ended: new AbortController(), answered: false };
  const recall: Ask = async (call) => recallFrom(journal, call);
  const ask: Ask = async (call) => journalled(journal, call) ?? put(state, call);
  return {
    ask,
    recall,
    pool: (tasks, total) => runPool(state, tasks, total, ceiling),
    totals: () => ({ ...journal.totals(), cost: costOf(journal.totals(), price) }),
  };
}

interface RunState extends EngineOptions {
  readonly limiter: Limiter;
  readonly guard: BudgetGuard;
  /** Aborted with the error that ends the run. */
  readonly ended: AbortController;
  /** Whether this model has answered at all: then a refused connection is weather, not a wrong address. */
  answered: boolean;
}

/** SHA-256 of what the model sees, so that a stored answer is never given to another question. */
export function requestHash({ kind, request }: Call): string {
  const { item: _, ...seen } = request;
  return sha256Hex(canonicalJson({ kind, request: seen }));
}

function journalled(journal: Journal, call: Call): Answer | CallFailure | null {
  const record = journal.get(call.key);
  return record ? checked(record, call) : null;
}

function recallFrom(journal: Journal, call: Call): Answer | CallFailure {
  const answer = journalled(journal, call);
  if (answer) return answer;
  throw new DashpotError(
    "answer-missing",
    `expected an answer to ${call.key}, received none`,
    "go on with: dashpot resume DIR",
    { exit: 3 },
  );
}

function checked(record: AnswerRecord, call: Call): Answer | CallFailure {
  if (record.request === requestHash(call)) return record.answer;
  throw new DashpotError(
    "answer-differs",
    `expected the question that ${call.key} was answered to, received another one`,
    "the bank or this program changed since the run began: begin it anew in another directory",
  );
}

async function put(state: RunState, call: Call): Promise<Answer | CallFailure> {
  await state.limiter.acquire(state.ended.signal);
  try {
    return await answer(state, call);
  } finally {
    state.limiter.release();
  }
}

async function answer(state: RunState, call: Call): Promise<Answer | CallFailure> {
  const giveBack = state.guard.reserve(worstCase(call));
  let used: Usage | null = null;
  try {
    const result = await persist(state, call);
    used = result.kind === "failure" ? { promptTokens: 0, completionTokens: 0 } : result.usage;
    const spent = { promptTokens: used.promptTokens, completionTokens: used.completionTokens };
    await state.journal.put({ key: call.key, request: requestHash(call), answer: result }, spent);
    state.answered = true;
    return result;
  } finally {
    giveBack(used);
  }
}

/** Tries until answered, refused for good, or out of patience. */
async function persist(state: RunState, call: Call): Promise<Answer | CallFailure> {
  const tries = state.tries ?? DEFAULT_TRIES;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryOnce(state, call);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (error.scope === "call") return { kind: "failure", code: error.code };
      if (error.scope === "run") throw endOfRun(state, error);
      if (attempt >= tries) throw outOfPatience(error, tries);
      state.limiter.pushedBack(error.code === "rate-limited" ? (error.retryAfterMs ?? 0) : 0);
      await sleep(state.clock, backoff(state, attempt, error.retryAfterMs), state.ended.signal);
    }
  }
}

async function tryOnce(state: RunState, call: Call): Promise<Answer> {
  const began = state.clock.now();
  const attempt = new AbortController();
  const giveUp = () =>
    attempt.abort(new CallError("later", "timeout", `expected an answer within ${state.timeoutMs} ms, received none`));
  const stop = () => attempt.abort(state.abort.reason);
  const cancel = state.clock.after(state.timeoutMs, giveUp);
  state.abort.addEventListener("abort", stop, { once: true });
  try {
    if (state.abort.aborted) throw state.abort.reason;
    const given = await putTo(state.model, call, attempt.signal);
    state.limiter.succeeded(state.clock.now() - began);
    return given;
  } catch (error) {
    throw attempt.signal.aborted ? attempt.signal.reason : error;
  } finally {
    cancel();
    state.abort.removeEventListener("abort", stop);
  }
}

function putTo(model: LanguageModel, call: Call, signal: AbortSignal): Promise<Answer> {
  if (call.kind === "score" && model.score) return model.score(call.request, signal);
  if (call.kind === "chat" && model.chat) return model.chat(call.request, signal);
  throw new CallError(
    "run",
    "call-unsupported",
    `expected a model that can ${call.kind}, received ${model.identity.spec}`,
    { fix: "take another --format" },
  );
}

function backoff(state: RunState, attempt: number, retryAfterMs: number | undefined): number {
  const growing = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempt - 1));
  return Math.max(retryAfterMs ?? 0, growing * (0.5 + 0.5 * state.random.uniform()));
}

/** Tokens that a call may cost at the most; text is never denser than two characters a token in practice. */
function worstCase(call: Call): Usage {
  const characters = call.request.messages.reduce((sum, message) => sum + message.content.length + 16, 0);
  const promptTokens = Math.ceil(characters / CHARACTERS_A_TOKEN);
  if (call.kind === "chat") return { promptTokens, completionTokens: call.request.maximumTokens };
  const replies = call.request.replies.reduce((sum, reply) => sum + Math.ceil(reply.length / CHARACTERS_A_TOKEN), 0);
  return { promptTokens: promptTokens * call.request.replies.length + replies, completionTokens: 0 };
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

/** Runs tasks lazily with as many workers as calls may be in flight; the first error ends the run once all are at rest. */
async function runPool(
  state: RunState,
  tasks: Iterable<() => Promise<void>>,
  total: number,
  workers: number,
): Promise<void> {
  const end = (reason: unknown) => state.ended.signal.aborted || state.ended.abort(reason);
  const stopped = () => end(stoppedError());
  const report = progressReporter(state, total);
  state.stop.addEventListener("abort", stopped, { once: true });
  state.abort.addEventListener("abort", stopped, { once: true });
  if (state.stop.aborted || state.abort.aborted) stopped();
  const iterator = tasks[Symbol.iterator]();
  const work = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      if (state.ended.signal.aborted) return;
      await next.value().catch(end);
      report();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, work));
  state.stop.removeEventListener("abort", stopped);
  state.abort.removeEventListener("abort", stopped);
  if (state.ended.signal.aborted) throw state.ended.signal.reason;
}

function stoppedError(): DashpotError {
  return new DashpotError(
    "stopped",
    "expected to go on, received the wish to stop; what was answered is kept",
    "go on with: dashpot resume DIR",
    { exit: 3 },
  );
}

function progressReporter({ journal, clock, limiter, onProgress }: RunState, total: number): () => void {
  const beganAt = clock.now();
  const doneBefore = journal.count();
  return () => {
    const done = Math.min(total, journal.count());
    const perSecond = ((done - doneBefore) / Math.max(1, clock.now() - beganAt)) * 1000;
    onProgress?.({
      done,
      total,
      perSecond,
      remainingMs: perSecond > 0 ? ((total - done) / perSecond) * 1000 : null,
      inFlight: limiter.inFlight,
      limit: limiter.limit,
      pausedMs: limiter.pausedMs,
    });
  };
}
