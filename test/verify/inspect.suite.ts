import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type InspectCall, writeInspectLog } from "../../src/adapters/inspect-log.ts";
import { exampleCalls } from "../fixtures/inspect-calls.ts";
import { type FixtureOptions, fixtureProfile } from "../fixtures/profile.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";
import type { SuiteResult } from "./suite-state.ts";

const PACKAGE = "inspect_ai==0.3.285";

/** Installs inspect_ai in a folder of its own and opens logs with its reader. */
export const suite: VerifySuite = {
  name: "inspect",
  proves: ["C7"],
  title: `the reader of ${PACKAGE} opens our logs whole and header-only`,
  budgetMinutes: 10,
  model: "none",
  run,
  doc: "docs/inspect.md",
  section: "inspect",
};

interface Case {
  readonly name: string;
  readonly options: FixtureOptions;
  readonly calls: () => Iterable<InspectCall>;
  readonly samples: number;
}

const CASES: readonly Case[] = [
  { name: "under score", options: {}, calls: exampleCalls, samples: 5 },
  {
    name: "under choice, hostile texts",
    options: { format: "choice", hostile: true },
    calls: exampleCalls,
    samples: 5,
  },
  { name: "empty cells", options: { sparse: true }, calls: exampleCalls, samples: 5 },
  { name: "no calls", options: {}, calls: () => [], samples: 0 },
  { name: "20,000 calls", options: { seed: 2 }, calls: manyCalls, samples: 20_000 },
];

function* manyCalls(): Generator<InspectCall> {
  for (let index = 0; index < 4_000; index += 1)
    for (const call of exampleCalls()) yield { ...call, id: `${index}/${call.id}` };
}

async function run({ log, signal }: SuiteContext): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-inspect-"));
  const command = promisify(execFile);
  const call = async (file: string, ...parameters: string[]) =>
    (
      await command(file, parameters, {
        signal,
        maxBuffer: 1 << 26,
        timeout: 540_000,
        env: { ...process.env, INSPECT_LOG_LEVEL: "error" },
      })
    ).stdout;
  try {
    log(`installing ${PACKAGE}`);
    await call("python3", "-m", "venv", join(folder, "venv"));
    const python = join(folder, "venv", "bin", "python");
    await call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE);
    const rows = [];
    for (const [index, one] of CASES.entries()) {
      log(`reading: ${one.name}`);
      const at = new Date(Date.UTC(2030, 0, 2, 3, 4, index));
      const path = await writeInspectLog(fixtureProfile(one.options), one.calls(), {
        directory: join(folder, `logs-${index}`),
        at,
        ended: new Date(at.getTime() + 600_000),
      });
      const output = await call(python, join(import.meta.dirname, "../peers/inspect_read.py"), path).catch(
        (error: Error) => JSON.stringify({ failure: error.message.slice(-300) }),
      );
      rows.push({ name: one.name, samples: one.samples, read: JSON.parse(output) as Record<string, unknown> });
    }
    return tableOf(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tableOf(
  rows: readonly { readonly name: string; readonly samples: number; readonly read: Record<string, unknown> }[],
): SuiteResult {
  const held = rows.map(
    ({ samples, read }) =>
      read.samples === samples &&
      read.dataset_samples === samples &&
      read.header_agrees === true &&
      read.header_only_has_no_samples === true &&
      read.listed === true,
  );
  const lines = rows.map(
    ({ name, samples, read }, index) =>
      `| ${name} | ${samples} | ${read.samples ?? "-"} | ${read.scored ?? "-"} | ${read.errors ?? "-"} | ${read.header_agrees === true ? "yes" : "no"} | ${held[index] ? "holds" : `fails ${String(read.failure ?? "").replaceAll(/[|\n]/g, " ")}`} |`,
  );
  const head = [
    "| Log | Samples written | Read whole | Scored | Errors | Header-only agrees | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  return { table: [...head, ...lines].join("\n"), holds: held.every(Boolean) };
}
