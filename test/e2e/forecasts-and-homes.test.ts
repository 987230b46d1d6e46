import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import { SMOLLM2_135M } from "../../src/adapters/weights.ts";
import type { Profile } from "../../src/model/profile.ts";
import { SETS } from "../../src/model/run.ts";
import { designRun } from "../../src/profile/profile-model.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { somePlan } from "../fixtures/run-plan.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { documentOf, filesHolding, filesUnder, openUser, type User } from "./user.ts";

let user: User;
beforeEach(() => {
  user = openUser();
});
afterEach(() => user.leave());

interface Told {
  readonly plan: { readonly format: string; readonly formatReason: string };
  readonly forecast: Readonly<Record<"calls" | "promptTokens" | "completionTokens", number>> & {
    readonly cost: number | null;
    readonly seconds: number | null;
  };
}

async function forecast(parameters: readonly string[], env: Record<string, string> = {}): Promise<Told> {
  const end = await user.inProcess(["profile", ...parameters, "--dry-run", "--json"], env);
  expect(end.stderr).toBe("");
  expect(end.code).toBe(0);
  return documentOf(end) as Told;
}

describe("--dry-run", () => {
  it("R6: of a server it tells calls, tokens, cost and time, asks nothing and writes nothing", async () => {
    const server = await startAnsweringServer();
    writeFileSync(user.path("prices.yaml"), "openai:m: {promptPerMillion: 10, completionPerMillion: 100}\n");
    const address = ["--base-url", `${server.origin}/v1`];
    const { plan, forecast: told } = await forecast(["openai:m", ...address, "--prices", "@prices.yaml"]);
    const scored = await forecast(["openai:m", ...address, "--format", "score"]);
    const asked = server.asked.length;
    await server.close();
    expect(asked).toBe(0);
    expect(filesUnder(user.folder)).toEqual(["work/prices.yaml"]);
    expect(plan.formatReason).toBe("choice is supposed; the endpoint was not asked");
    expect(told.calls).toBeGreaterThan(500);
    expect(told.promptTokens).toBeGreaterThan(50 * told.calls);
    expect(told.completionTokens).toBeGreaterThan(told.calls);
    expect(told.cost).toBeCloseTo((10 * told.promptTokens + 100 * told.completionTokens) / 1e6, 10);
    expect(told.seconds).toBeGreaterThan(0);
    const unpriced = await user.inProcess(["profile", "openai:n", ...address, "--prices", "@prices.yaml", "--dry-run"]);
    expect(unpriced.stderr).toContain("prices.yaml does not hold openai:n: cost is not counted");
    expect(scored).toMatchObject({ plan: { format: "score" }, forecast: { cost: null } });
    expect(scored.forecast.calls).toBeLessThan(told.calls);
    // A row by score is eighteen requests, one after another; the lettered rows of the agreement are counted too.
    const alone = await forecast([
      "openai:m",
      ...address,
      "--format",
      "score",
      "--no-agreement",
      "--no-acts",
      "--no-self",
    ]);
    expect(scored.forecast.calls).toBeGreaterThan(alone.forecast.calls);
    expect(alone.forecast.seconds).toBeCloseTo((18 * alone.forecast.calls) / 50, 10);
  });

  it("R6: of the embedded model it tells the same without fetching or loading its weights", async () => {
    const { plan, forecast: told } = await forecast(["embedded:smollm2-135m"]);
    expect(plan.format).toBe("score");
    expect(told.seconds).toBeGreaterThan(60);
    expect(filesUnder(user.folder)).toEqual([]);
  });

  it("R6: the calls that it tells are those that a run makes", async () => {
    writeSmallBank(user.path("bank"));
    const run = ["policy:hierarch", "--bank", "@bank"];
    const { forecast: told } = await forecast(run);
    const end = await user.inProcess(["profile", ...run, "--out", "@run", "--json", "--no-sign"]);
    expect((documentOf(end) as { profile: Profile }).profile.totals.calls).toBe(told.calls);
  });

  it("R6: what would not run is refused as by a run", async () => {
    for (const [parameters, code] of [
      [["gguf"], "model-spec-unknown"],
      [["embedded:other"], "model-spec-unknown"],
      [["policy:nobody"], "policy-unknown"],
      [["openai:m"], "key-missing"],
      [["policy:communal", "--bank", "@nowhere"], "bank-missing"],
    ] as const) {
      const end = await user.inProcess(["profile", ...parameters, "--dry-run"]);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain(`error[${code}]`);
    }
  });
});

describe("where things are written", () => {
  it("H13: under --out, with keys under DASHPOT_HOME, and nowhere else", async () => {
    writeSmallBank(join(user.folder, "bank"));
    const end = await user.dashpot(["profile", "policy:uniform", "--bank", "../bank", "--out", "run", "--quiet"]);
    expect(end.code).toBe(0);
    const places = filesUnder(user.folder).filter((path) => !path.startsWith("bank/"));
    expect(places.filter((path) => !/^(work\/run|dashpot\/keys)\/[^/]+$/.test(path))).toEqual([]);
    expect(places).toEqual(expect.arrayContaining(["work/run/profile.json", "dashpot/keys/trust.json"]));
  });

  it("H13: without either, runs under dashpot-runs and keys under the XDG data folder or its default", async () => {
    writeSmallBank(join(user.folder, "bank"));
    const run = ["profile", "policy:uniform", "--bank", "../bank", "--quiet"];
    await user.dashpot(run, { env: { DASHPOT_HOME: undefined } });
    await user.dashpot(["keys", "new"], { env: { DASHPOT_HOME: "", XDG_DATA_HOME: join(user.folder, "data") } });
    const places = filesUnder(user.folder).filter((path) => !path.startsWith("bank/"));
    const folders = [...new Set(places.map((path) => path.split("/").slice(0, -1).join("/")))].sort();
    expect(folders).toEqual([
      "data/dashpot/keys",
      "home/.local/share/dashpot/keys",
      "work/dashpot-runs/policy-uniform-quick",
    ]);
  });

  it("H13: weights are looked for under DASHPOT_HOME, else XDG_CACHE_HOME, else ~/.cache", async () => {
    for (const [env, folder] of [
      [{}, ["dashpot", "weights"]],
      [{ DASHPOT_HOME: "", XDG_CACHE_HOME: join(user.folder, "cache") }, ["cache", "dashpot", "weights"]],
      [{ DASHPOT_HOME: undefined }, ["home", ".cache", "dashpot", "weights"]],
    ] as const) {
      const path = join(user.folder, ...folder, SMOLLM2_135M.file);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, "no weights");
      const end = await user.inProcess(["profile", "embedded:smollm2-135m"], env);
      expect(end.stderr).toContain(`error[weights-checksum]: expected SHA-256 ${SMOLLM2_135M.sha256}`);
      expect(end.stderr).toContain(`in ${path}\n`);
    }
  });
});

describe("dashpot models", () => {
  const listed = async (env: Record<string, string> = {}) => {
    const end = await user.inProcess(["models", "--json"], env);
    return { end, of: (spec: string) => (documentOf(end) as { spec: string }[]).find((one) => one.spec === spec) };
  };

  it("L11: lists every kind of model with what it can be asked and what it lacks", async () => {
    const { end, of } = await listed();
    const specs = (documentOf(end) as { spec: string }[]).map(({ spec }) => spec.split(":")[0]);
    expect(new Set(specs)).toEqual(new Set(["embedded", "gguf", "openai", "anthropic", "google", "policy"]));
    expect(of("embedded:smollm2-135m")).toMatchObject({ usable: true, lacks: expect.stringContaining("98 MB") });
    expect(of("openai:NAME --base-url URL")).toMatchObject({
      usable: true,
      formats: expect.arrayContaining(["score"]),
    });
    expect(of("policy:hierarch")).toMatchObject({ usable: true, formats: ["score", "choice", "act", "self"] });
    for (const [spec, variable] of Object.entries(KEYS))
      expect(of(spec)).toMatchObject({ usable: false, lacks: expect.stringContaining(`set ${variable}`) });
    expect(filesUnder(user.folder)).toEqual([]);
  });

  it("L11: with keys and weights nothing of them is lacking, and no key is shown", async () => {
    const key = "sk-very-secret-indeed";
    mkdirSync(join(user.folder, "dashpot", "weights"), { recursive: true });
    writeFileSync(join(user.folder, "dashpot", "weights", SMOLLM2_135M.file), "");
    expect((await listed()).of("embedded:smollm2-135m")).toMatchObject({
      lacks: expect.stringContaining("another file"),
    });
    truncateSync(join(user.folder, "dashpot", "weights", SMOLLM2_135M.file), SMOLLM2_135M.bytes);
    const { end, of } = await listed(Object.fromEntries(Object.values(KEYS).map((variable) => [variable, key])));
    expect(of("embedded:smollm2-135m")).toMatchObject({ lacks: "" });
    for (const spec of Object.keys(KEYS)) expect(of(spec)).toMatchObject({ usable: true });
    expect(end.stdout + end.stderr).not.toContain(key);
  });
});

const KEYS = {
  "openai:NAME": "OPENAI_API_KEY",
  "anthropic:NAME": "ANTHROPIC_API_KEY",
  "google:NAME": "GOOGLE_GENERATIVE_AI_API_KEY",
};

describe("sets", () => {
  it.for(["score", "choice"] as const)(
    "R8: quick is one situation a domain, ranks balanced, and six dyads, by %s",
    async (format) => {
      const bank = await readBank(ourBankPath());
      const { calls, dyads } = designRun(bank, { ...somePlan, format, acts: true, set: "quick", samples: 6 });
      const asked = new Map(calls.map(({ request: { item } }) => [item.situation, item]));
      const domains = new Set([...asked.values()].map(({ domain }) => domain));
      expect([asked.size, domains.size]).toEqual([12, 12]);
      for (const rank of ["above", "below", "equal"])
        expect([...asked.values()].filter((item) => item.rank === rank)).toHaveLength(4);
      expect(dyads).toHaveLength(6);
      expect(new Set(dyads.map(({ script }) => script)).size).toBe(6);
    },
  );

  it.for(["score", "choice"] as const)("R8: full is every situation and every dyad, by %s", async (format) => {
    const bank = await readBank(ourBankPath());
    const { calls, dyads } = designRun(bank, { ...somePlan, format, acts: true, set: "full", samples: 6 });
    expect(new Set(calls.map(({ request }) => request.item.situation)).size).toBe(bank.situations.length);
    expect(bank.situations).toHaveLength(96);
    expect(dyads).toEqual(bank.dyads);
  });

  it("R8: --set takes these two, quick by default", async () => {
    const none = await forecast(["policy:uniform"]);
    const quick = await forecast(["policy:uniform", "--set", "quick"]);
    const full = await forecast(["policy:uniform", "--set", "full"]);
    expect(none).toEqual(quick);
    expect(full.plan).toMatchObject({ set: "full" });
    expect(full.forecast.calls).toBeGreaterThan(4 * quick.forecast.calls);
    expect(SETS).toEqual(["quick", "full"]);
    const end = await user.inProcess(["profile", "policy:uniform", "--set", "half", "--dry-run"]);
    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining("error[option-invalid]") });
  });
});

it("L9: a key that an endpoint takes is neither shown nor written anywhere", async () => {
  const key = "sk-accepted-and-secret";
  const server = await startAnsweringServer();
  writeSmallBank(join(user.folder, "bank"));
  const run = ["profile", "openai:m", "--base-url", `${server.origin}/v1`, "--bank", "../bank", "--out", "run"];
  const end = await user.dashpot(run, { env: { OPENAI_API_KEY: key } });
  await server.close();
  expect(end.code).toBe(0);
  expect(server.asked.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  expect(end.stdout + end.stderr).not.toContain(key);
  expect(filesHolding(user.folder, key)).toEqual([]);
  expect(readFileSync(user.path("run", "profile.json"), "utf8")).toContain(`"endpoint":"${server.origin}/v1"`);
});
