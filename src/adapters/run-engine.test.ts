import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { promptOf, someCall, somePlan } from "../../test/fixtures/run-plan.ts";
import { VirtualClock } from "../../test/fixtures/virtual-clock.ts";
import { temporaryFolder } from "../../test/house/temporary-folder.ts";
import { randomStream } from "../kernel/random.ts";
import { CallError } from "../model/call-error.ts";
import type { Journal } from "../model/journal.ts";
import type { ChatAnswer, ChatRequest, LanguageModel } from "../model/language-model.ts";
import { sleep } from "./clock.ts";
import { openJournal } from "./journal.ts";
import { createRunEngine, type Engine, type EngineOptions, type Progress } from "./run-engine.ts";

const usage = { promptTokens: 20, completionTokens: 3 };
type Chat = (key: string, signal: AbortSignal, request: ChatRequest) => Promise<ChatAnswer>;

const good = (key: string): ChatAnswer => ({ kind: "chat", text: `answer to ${key}`, stop: "stop", usage });

interface Bench {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly clock: VirtualClock;
  readonly stop: AbortController;
  readonly abort: AbortController;
  /** Keys in the order they were asked, tries included. */
  readonly asked: string[];
  readonly directory: string;
  mostAtOnce(): number;
  run(keys: readonly string[]): Promise<void>;
}

/** An engine over a model made of a function, with time that jumps. */
function bench(
  chat: Chat,
  options: Partial<EngineOptions> & { directory?: string; maximumParallel?: number } = {},
): Bench {
  const directory = options.directory ?? join(temporaryFolder(), "run");
  const journal = openJournal(directory, somePlan);
  onTestFinished(() => journal.close());
  const clock = new VirtualClock();
  const [stop, abort] = [new AbortController(), new AbortController()];
  const asked: string[] = [];
  let [now, most] = [0, 0];
  const model: LanguageModel = {
    identity: { spec: "openai:loop", provider: "openai", name: "loop" },
    capabilities: {
      score: false,
      chat: true,
      letterLogProbabilities: false,
      lacks: {},
      ...(options.maximumParallel ? { maximumParallel: options.maximumParallel } : {}),
    },
    chat: async (request, signal) => {
      const key = request.messages[0]?.content.split("\n")[0] ?? "";
      asked.push(key);
      now += 1;
      most = Math.max(most, now);
      try {
        return await chat(key, signal, request);
      } finally {
        now -= 1;
      }
    },
    close: async () => {},
  };
  const engine = createRunEngine({
    model,
    journal,
    clock,
    random: randomStream(1, "backoff"),
    parallel: 50,
    budget: {},
    price: null,
    stop: stop.signal,
    abort: abort.signal,
    timeoutMs: 30_000,
    ...options,
  });
  const run = (keys: readonly string[]) =>
    engine.pool(
      keys.map((key) => async () => void (await engine.ask(someCall(key)))),
      keys.length,
    );
  return { engine, journal, clock, stop, abort, asked, directory, mostAtOnce: () => most, run };
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
const later = (code: string, retryAfterMs?: number) =>
  new CallError("later", code, `received ${code}`, { retryAfterMs });

/** Every row as it stands on disk, in the order of keys. */
function contents(directory: string): unknown {
  const database = new DatabaseSync(join(directory, "journal.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT * FROM answers ORDER BY key").all();
  database.close();
  return rows;
}

it("R1: an answer resolves only when it is on disk, and comes from there the next time", async () => {
  const { engine, journal, asked, directory } = bench(async (key) => good(key));
  const answer = await engine.ask(someCall("k"));
  expect(contents(directory)).toHaveLength(1);
  expect(answer).toEqual(good("k"));
  expect(await engine.ask(someCall("k"))).toEqual(good("k"));
  expect(await engine.recall(someCall("k"))).toEqual(good("k"));
  expect(asked).toEqual(["k"]);
  expect(journal.count()).toBe(1);
});

it("R1: a question put twice at once is asked once", async () => {
  const { engine, asked } = bench(async (key) => good(key));
  const [one, other] = await Promise.all([engine.ask(someCall("k")), engine.ask(someCall("k"))]);
  expect(one).toEqual(other);
  expect(asked).toEqual(["k"]);
});

it("R1: a stored answer is never given to another question, not even one under way", async () => {
  const { engine } = bench(async (key) => good(key));
  const other = { ...someCall("k"), request: { ...someCall("k").request, seed: 2 } };
  const underWay = engine.ask(someCall("k"));
  await expect(engine.ask(other)).rejects.toMatchObject({ code: "answer-differs" });
  await underWay;
  await expect(engine.ask(other)).rejects.toMatchObject({ code: "answer-differs", exit: 2 });
  await expect(engine.recall(other)).rejects.toMatchObject({ code: "answer-differs" });
  await expect(engine.recall(someCall("never"))).rejects.toMatchObject({ code: "answer-missing", exit: 3 });
});

it("R1: what the model never sees takes no part in telling questions apart", async () => {
  const { engine } = bench(async (key) => good(key));
  await engine.ask(someCall("k"));
  const { request } = someCall("k");
  expect(
    await engine.recall({ ...someCall("k"), request: { ...request, item: { ...request.item, rank: "above" } } }),
  ).toEqual(good("k"));
});

it("R2: an answer is given as it will be read back, whatever text it holds", async () => {
  const { engine } = bench(async (key) => ({
    ...good(key),
    text: "a\ud800b\u0000<b>\u001b[2J",
    letterLogProbabilities: { A: -0.1, B: -0 },
  }));
  const answer = await engine.ask(someCall("k"));
  expect(answer).toMatchObject({ text: "a\ufffdb\u0000<b>\u001b[2J" });
  expect(await engine.recall(someCall("k"))).toStrictEqual(answer);
});

it("R2: runs that were stopped at many places hold, in the end, what an unbroken one does, with every call asked once", async () => {
  const whole = bench(async (key) => good(key));
  await whole.run(keys(60));
  const directory = join(temporaryFolder(), "run");
  const asked: string[] = [];
  const random = randomStream(7, "stops");
  for (let finished = false; !finished; ) {
    let left = random.integer(12);
    const broken = bench(
      async (key) => {
        if (left-- === 0) broken.stop.abort();
        return good(key);
      },
      { directory },
    );
    finished = await broken.run(keys(60)).then(
      () => true,
      () => false,
    );
    asked.push(...broken.asked);
    await broken.journal.close();
  }
  expect([...asked].sort()).toEqual([...keys(60)].sort());
  expect(contents(directory)).toEqual(contents(whole.directory));
});

it("R4: no more calls are in flight than --parallel or the model allows", async () => {
  const slow =
    (clock: () => VirtualClock): Chat =>
    async (key, signal) => {
      await sleep(clock(), 50, signal);
      return good(key);
    };
  const few: Bench = bench(
    slow(() => few.clock),
    { parallel: 7 },
  );
  await few.run(keys(80));
  expect(few.mostAtOnce()).toBe(7);
  const one: Bench = bench(
    slow(() => one.clock),
    { maximumParallel: 1 },
  );
  await one.run(keys(5));
  expect(one.mostAtOnce()).toBe(1);
  expect(one.asked).toEqual(keys(5));
});

it("R4: failures that may pass are tried again with growing pauses until answered", async () => {
  const times: number[] = [];
  const failures = ["rate-limited", "server-error", "network", "timeout", "malformed-answer"];
  const { engine, clock }: Bench = bench(async (key) => {
    times.push(clock.now());
    const code = failures[times.length - 1];
    if (code) throw later(code);
    return good(key);
  });
  await engine.ask(someCall("k"));
  const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
  expect(pauses).toHaveLength(5);
  pauses.forEach((pause, index) => {
    expect(pause).toBeGreaterThanOrEqual(250 * 2 ** index);
    expect(pause).toBeLessThanOrEqual(500 * 2 ** index);
  });
});

it("R4: a pause that the endpoint asks for holds all calls back, not only the one that was told", async () => {
  const times: number[] = [];
  const { run, clock }: Bench = bench(
    async (key) => {
      times.push(clock.now());
      if (times.length === 1) throw later("rate-limited", 20_000);
      return good(key);
    },
    { parallel: 1 },
  );
  await run(keys(5));
  expect(times).toHaveLength(6);
  expect(Math.min(...times.slice(1))).toBeGreaterThanOrEqual(20_000);
});

it("F2: an endpoint that stays away stops the run resumable after the tries, or when it asks for too long a pause", async () => {
  const gone = bench(async () => {
    throw later("server-error");
  });
  await expect(gone.run(["k"])).rejects.toMatchObject({ code: "endpoint-unavailable", exit: 3 });
  expect(gone.asked).toHaveLength(10);
  const slow = bench(async () => {
    throw later("rate-limited", 3_600_000);
  });
  await expect(slow.run(["k"])).rejects.toMatchObject({
    code: "endpoint-unavailable",
    exit: 3,
    fix: expect.stringContaining("dashpot resume"),
  });
  expect(slow.asked).toHaveLength(1);
});

it("F2: a model that stalls and does not listen is given up after the timeout and asked again", async () => {
  let tries = 0;
  const { engine, clock } = bench(async (key) => (++tries === 1 ? new Promise<never>(() => {}) : good(key)), {
    timeoutMs: 30_000,
  });
  expect(await engine.ask(someCall("k"))).toEqual(good("k"));
  expect(clock.now()).toBeGreaterThanOrEqual(30_000);
});

it("F2: a call by score has the time of a request for each of its replies, and no longer than a timer can wait", async () => {
  const { messages, item } = someCall("k").request;
  const call = { kind: "score", key: "s", request: { messages, replies: ["one", "two", "three"], item } } as const;
  const answer = { kind: "score", logProbabilities: [-1, -2, -3], tokens: [1, 1, 1], usage } as const;
  const waited = async (timeoutMs: number) => {
    let tries = 0;
    const model: LanguageModel = {
      identity: { spec: "openai:loop", provider: "openai", name: "loop" },
      capabilities: { score: true, chat: false, letterLogProbabilities: false, lacks: {} },
      score: async () => (++tries === 1 ? new Promise<never>(() => {}) : answer),
      close: async () => {},
    };
    const { engine, clock } = bench(async (key) => good(key), { model, timeoutMs });
    expect(await engine.ask(call)).toEqual(answer);
    // Beside the pause before the second try, half a second at the most.
    return Math.floor(clock.now() / 10_000) * 10_000;
  };
  expect(await waited(30_000)).toBe(90_000);
  expect(await waited(2 ** 31 - 1)).toBe(2_147_480_000);
});

it("F2: an answer of no shape counts as malformed and is asked for again", async () => {
  const shapes = [
    { kind: "chat", text: 5 },
    { kind: "oracle" },
    { ...good("k"), usage: { promptTokens: -1, completionTokens: Number.NaN } },
    { kind: "failure", code: "x" },
  ];
  const { engine, asked } = bench(async (key) => (shapes.shift() ?? good(key)) as ChatAnswer);
  expect(await engine.ask(someCall("k"))).toEqual(good("k"));
  expect(asked).toHaveLength(5);
});

it("R10: a call refused for good is journalled as a failure, counted, and not asked again on resume", async () => {
  const directory = join(temporaryFolder(), "run");
  const refuse: Chat = async (key) => {
    if (key === "k1") throw new CallError("call", "request-refused", "received HTTP 400");
    return good(key);
  };
  const first = bench(refuse, { directory });
  await first.run(keys(3));
  expect(await first.engine.recall(someCall("k1"))).toEqual({ kind: "failure", code: "request-refused" });
  await first.journal.close();
  const second = bench(refuse, { directory });
  await second.run(keys(3));
  expect(second.asked).toEqual([]);
  expect(second.engine.totals()).toEqual({ calls: 3, promptTokens: 40, completionTokens: 6, cost: null });
});

it("F3: what ends a run is exit 2 before the first answer and exit 3, with the journal intact, after it", async () => {
  const refused = () => new CallError("run", "key-refused", "received HTTP 401", { fix: "set OPENAI_API_KEY" });
  const before = bench(async () => {
    throw refused();
  });
  await expect(before.run(keys(20))).rejects.toMatchObject({ code: "key-refused", exit: 2, fix: "set OPENAI_API_KEY" });
  const after = bench(async (key) => {
    if (Number(key.slice(1)) >= 10) throw refused();
    return good(key);
  });
  await expect(after.run(keys(20))).rejects.toMatchObject({ code: "key-refused", exit: 3 });
  expect(after.journal.count()).toBe(10);
});

it("F3: answers that arrive after the run's end was clear are kept, and make the exit 3", async () => {
  const { run, journal, clock }: Bench = bench(async (key, signal) => {
    if (key === "k0") throw new CallError("run", "model-unknown", "received HTTP 404");
    await sleep(clock, 100, signal);
    return good(key);
  });
  await expect(run(keys(20))).rejects.toMatchObject({ code: "model-unknown", exit: 3 });
  expect(journal.count()).toBe(3);
});

it("F3: an address that answered before is not called wrong when it is gone for a while", async () => {
  let tries = 0;
  const { engine } = bench(async (key) => {
    if (++tries === 2) throw new CallError("run", "address-wrong", "received HTTP 404");
    return good(key);
  });
  await engine.ask(someCall("a"));
  expect(await engine.ask(someCall("b"))).toEqual(good("b"));
});

it("R5: a run stops before its budget of calls, tokens or cost is exceeded, resumable, and goes on with a larger one", async () => {
  const price = { promptPerMillion: 1000, completionPerMillion: 2000 };
  const directory = join(temporaryFolder(), "run");
  const answer: Chat = async (key) => good(key);
  const calls = bench(answer, { directory, budget: { calls: 10 } });
  await expect(calls.run(keys(40))).rejects.toMatchObject({
    code: "budget-reached",
    exit: 3,
    fix: expect.stringContaining("dashpot resume"),
  });
  expect(calls.journal.count()).toBe(10);
  await calls.journal.close();
  const tokens = bench(answer, { directory, budget: { tokens: 3000 } });
  await expect(tokens.run(keys(400))).rejects.toMatchObject({
    code: "budget-reached",
    message: expect.stringContaining("tokens"),
  });
  const spent = tokens.engine.totals();
  expect(spent.promptTokens + spent.completionTokens).toBeLessThanOrEqual(3000);
  expect(spent.promptTokens + spent.completionTokens).toBeGreaterThan(3000 - 1000);
  await tokens.journal.close();
  const cost = bench(answer, { directory, price, budget: { cost: 4 } });
  await expect(cost.run(keys(400))).rejects.toMatchObject({
    code: "budget-reached",
    message: expect.stringContaining("cost"),
  });
  expect(cost.engine.totals().cost).toBeLessThanOrEqual(4);
  await cost.journal.close();
  const rest = bench(answer, { directory, price });
  await rest.run(keys(400));
  expect(rest.engine.totals()).toEqual({
    calls: 400,
    promptTokens: 8000,
    completionTokens: 1200,
    cost: (8000 * 1000 + 1200 * 2000) / 1e6,
  });
});

it("R5: a budget is not exceeded by tries that fail on the way", async () => {
  const random = randomStream(3, "failures");
  const { run, journal } = bench(
    async (key) => {
      if (random.uniform() < 0.4) throw later("server-error");
      return good(key);
    },
    { budget: { calls: 25 } },
  );
  await expect(run(keys(60))).rejects.toMatchObject({ code: "budget-reached" });
  expect(journal.count()).toBe(25);
});

it("R9: asked to stop, a run starts nothing new and keeps what is in flight", async () => {
  const bed: Bench = bench(async (key, signal) => {
    if (key === "k20") bed.stop.abort();
    await sleep(bed.clock, 50, signal);
    return good(key);
  });
  await expect(bed.run(keys(100))).rejects.toMatchObject({
    code: "stopped",
    exit: 3,
    fix: expect.stringContaining("dashpot resume"),
  });
  expect(bed.journal.count()).toBe(bed.asked.length);
  expect(bed.asked.length).toBeLessThan(60);
});

it("R9: asked to stop at once, a run waits for no model, not even one that does not listen", async () => {
  const bed: Bench = bench(async (key) => {
    if (key === "k3") setImmediate(() => bed.abort.abort());
    return Number(key.slice(1)) < 2 ? good(key) : new Promise<never>(() => {});
  });
  await expect(bed.run(keys(100))).rejects.toMatchObject({ code: "stopped", exit: 3 });
  expect(bed.journal.count()).toBe(2);
});

it("R9: asked to stop in the middle of a long pause, a run stops at once", async () => {
  const bed: Bench = bench(async () => {
    bed.clock.after(1000, () => bed.stop.abort());
    throw later("rate-limited", 250_000);
  });
  await expect(bed.run(keys(3))).rejects.toMatchObject({ code: "stopped" });
  expect(bed.clock.now()).toBeLessThan(250_000);
});

it("R9: a run that was asked to stop before it began asks nothing, and one that has finished is not undone", async () => {
  const early = bench(async (key) => good(key));
  early.stop.abort();
  await expect(early.run(keys(3))).rejects.toMatchObject({ code: "stopped" });
  expect(early.asked).toEqual([]);
  const late: Bench = bench(async (key) => {
    if (key === "k2") late.stop.abort();
    return good(key);
  });
  await late.run(keys(3));
  expect(late.journal.count()).toBe(3);
});

it("R7: progress tells done, total, rate and time left, from the first call to the last", async () => {
  const seen: Progress[] = [];
  const bed: Bench = bench(
    async (key, signal) => {
      await sleep(bed.clock, 100, signal);
      return good(key);
    },
    { parallel: 2, onProgress: (progress) => seen.push(progress) },
  );
  await bed.run(keys(40));
  expect(seen.map(({ done }) => done)).toEqual([...seen.map(({ done }) => done)].sort((a, b) => a - b));
  expect(seen[0]).toMatchObject({ done: 0, total: 40, remainingMs: null });
  expect(seen.at(-1)).toMatchObject({ done: 40, total: 40, remainingMs: 0 });
  expect(seen.at(-1)?.perSecond).toBeGreaterThan(10);
  expect(seen.at(-1)?.perSecond).toBeLessThan(21);
});

it("F2: an exception that is no call error ends the run as it is, once what is in flight is kept", async () => {
  const bed: Bench = bench(async (key, signal) => {
    if (key === "k1") throw new TypeError("a defect");
    await sleep(bed.clock, 10, signal);
    return good(key);
  });
  await expect(bed.run(keys(30))).rejects.toThrow(new TypeError("a defect"));
  expect(bed.journal.count()).toBe(bed.asked.length - 1);
});

it("R1: a task list that throws while it is read ends the run like a task", async () => {
  const { engine, journal, asked } = bench(async (key) => good(key));
  function* tasks() {
    yield async () => void (await engine.ask(someCall("k")));
    throw new RangeError("no more");
  }
  await expect(engine.pool(tasks(), 2)).rejects.toThrow("no more");
  expect(journal.count()).toBe(asked.length);
});

it("R10: nothing but the journal is written into the directory", async () => {
  const { run, journal, directory } = bench(async (key) => good(key));
  await run(keys(10));
  await journal.close();
  expect(readdirSync(directory).sort()).toEqual(["journal.lock", "journal.sqlite"]);
  expect(promptOf("k0")).toContain("k0");
});
