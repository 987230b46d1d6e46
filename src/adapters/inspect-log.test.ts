import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { exampleCalls } from "../../test/fixtures/inspect-calls.ts";
import { fixtureProfile } from "../../test/fixtures/profile.ts";
import schema from "../../test/peers/inspect-eval-log.schema.json" with { type: "json" };
import { writeInspectLog } from "./inspect-log.ts";

const AT = new Date("2030-01-02T03:04:05.678Z");
const ENDED = new Date(AT.getTime() + 600_000);
const evalLog = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dashpot-inspect-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function written(options: Parameters<typeof fixtureProfile>[0] = {}) {
  const path = await writeInspectLog(fixtureProfile(options), exampleCalls(), { directory, at: AT, ended: ENDED });
  const text = await readFile(path, "utf8");
  return { path, text, log: JSON.parse(text) };
}

it("C7: the log is of inspect_ai's schema, and the schema refuses what is not", async () => {
  for (const options of [{}, { format: "choice", hostile: true }, { sparse: true }] as const) {
    const { log } = await written(options);
    expect(evalLog.safeParse(log).error?.issues ?? []).toEqual([]);
    expect(evalLog.safeParse({ ...log, eval: { ...log.eval, model: null } }).success).toBe(false);
    const [sample] = log.samples;
    expect(
      evalLog.safeParse({ ...log, samples: [{ ...sample, scores: { relational: { value: null } } }] }).success,
    ).toBe(false);
  }
});

it("C7: everything that the header needs stands before the samples, and the name begins with the time", async () => {
  const { path, log } = await written();
  expect(Object.keys(log)).toEqual(["version", "status", "eval", "plan", "results", "stats", "samples"]);
  expect(basename(path)).toMatch(/^2030-01-02T03-04-05\+00-00_relational_[0-9a-f]{22}\.json$/);
  expect(await readdir(directory)).toEqual([basename(path)]);
});

it("C7: the log says when the run began and when it ended", async () => {
  const { log } = await written();
  const { started_at, completed_at } = log.stats;
  expect(Date.parse(completed_at) - Date.parse(started_at)).toBe(600_000);
  expect(Date.parse(log.eval.created)).toBe(AT.getTime());
});

it("C7: no score is null: a sample without one omits the scorer, and counts say so", async () => {
  const { log } = await written();
  const scored = log.samples.map(
    (sample: { scores?: { relational: { value: Record<string, number> } } }) => sample.scores?.relational.value ?? null,
  );
  expect(scored).toEqual([{ CS: -1.5, AR: -2 }, { CS: 0.7, AR: 0.3 }, null, null, { CS: -3 }]);
  expect(log.results).toMatchObject({
    total_samples: 5,
    completed_samples: 4,
    scores: [{ scored_samples: 3, unscored_samples: 2 }],
  });
  expect(log.eval.dataset.samples).toBe(5);
});

it("C7: a metric that could not be estimated is left out", async () => {
  const { log } = await written({ sparse: true });
  expect(Object.keys(log.results.scores[0].metrics)).toEqual([
    "bias_CS",
    "bias_AR",
    "bias_EM",
    "bias_MP",
    "bias_asocial",
    "bias_null",
  ]);
});

it("A8, C7: the log of a model that answers by place holds no metrics, and says why", async () => {
  const { log } = await written({ format: "choice", byPosition: true });
  expect(log.results.scores[0].metrics).toEqual({});
  expect(log.eval.metadata).toMatchObject({ answers_by_position: true });
  expect((await written({ format: "choice" })).log.eval.metadata).not.toHaveProperty("answers_by_position");
});

it("F5: hostile answers stand in the log as data, halves of surrogate pairs replaced", async () => {
  const { log, text } = await written();
  expect(log.samples[2].output.completion).toBe("\u001b[31m<script>\ufffd");
  expect(text).not.toMatch(/\\ud8/i);
});

it("C9: the same run at the same time gives the same bytes", async () => {
  expect((await written()).text).toBe((await written()).text);
});

it("C7: a log of no calls is a log", async () => {
  const path = await writeInspectLog(fixtureProfile(), [], { directory, at: AT, ended: ENDED });
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ samples: [], results: { total_samples: 0 } });
});

it("F3: a folder that cannot be written is a coded error, and nothing half-written stays", async () => {
  await writeFile(join(directory, "file"), "");
  await expect(
    writeInspectLog(fixtureProfile(), exampleCalls(), { directory: join(directory, "file"), at: AT, ended: ENDED }),
  ).rejects.toMatchObject({ code: "inspect-log-unwritable", exit: 3 });
  async function* broken() {
    yield* exampleCalls();
    throw new Error("journal gone");
  }
  await expect(writeInspectLog(fixtureProfile(), broken(), { directory, at: AT, ended: ENDED })).rejects.toThrow(
    "journal gone",
  );
  expect(await readdir(directory)).toEqual(["file"]);
});
