import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type StressReport, stressReportSchema } from "../src/model/stress-report.ts";

const ENTRY = fileURLToPath(new URL("../bin/dashpot.js", import.meta.url));

export interface TimedStress {
  readonly seconds: number;
  /** The same command with `--dry-run`: everything but the calls, their estimates and the files. */
  readonly drySeconds: number;
  readonly report: StressReport;
}

/** `dashpot stress` as a user starts it, from start to end, in a folder of its own. Throws unless it ends well. */
export async function timeStress(parameters: readonly string[], signal: AbortSignal): Promise<TimedStress> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-stress-"));
  try {
    const out = join(folder, "run");
    const drySeconds = await timed([...parameters, "--out", out, "--dry-run"], signal);
    const seconds = await timed([...parameters, "--out", out], signal);
    const report = stressReportSchema.parse(JSON.parse(readFileSync(join(out, "stress.json"), "utf8")));
    return { seconds, drySeconds, report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(parameters: readonly string[], signal: AbortSignal): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const command = spawn(process.execPath, [ENTRY, "stress", ...parameters, "--quiet"], { signal, stdio: "ignore" });
    command.on("error", reject);
    command.on("exit", (code) => {
      if (code === 0) resolve((performance.now() - began) / 1000);
      else reject(new Error(`expected exit code 0, received ${code}`));
    });
  });
}
