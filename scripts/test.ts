import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestCounts } from "./counting-reporter.ts";

export interface TestSummary {
  /** What is printed last: reasons for skipping, what went wrong outside of tests, then the counts. */
  readonly lines: readonly string[];
  readonly exit: 0 | 1;
}

/**
 * Turns what the reporter counted and how vitest ended into the last lines and the exit code. A run that crashed,
 * counted nothing or failed outside of any test is one failure more, so that no broken run looks like a good one (H9).
 */
export function summarise(counts: TestCounts | undefined, ended: number | NodeJS.Signals): TestSummary {
  const { passed, failed, skipped, reasons } = counts ?? { passed: 0, failed: 0, skipped: 0, reasons: {} };
  const trouble = troubleOf(counts, ended);
  const failures = failed + (trouble === undefined ? 0 : 1);
  const lines = [
    ...Object.entries(reasons).map(([reason, times]) => `${times} skipped: ${reason}`),
    ...(trouble === undefined ? [] : [`1 failed: ${trouble}`]),
    `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ];
  return { lines, exit: failures === 0 ? 0 : 1 };
}

function troubleOf(counts: TestCounts | undefined, ended: number | NodeJS.Signals): string | undefined {
  if (typeof ended === "string") return `the test run was ended by ${ended}`;
  if (counts === undefined) return `the test run ended with exit code ${ended} before it had counted anything`;
  if (counts.passed + counts.failed + counts.skipped === 0) return "no test was found";
  if (ended !== 0 && counts.failed === 0) return `the test run ended with exit code ${ended}, though no test failed`;
  return undefined;
}

/** Runs the tests of a folder with vitest on this process's standard streams. */
export async function runTests(root: string, more: readonly string[]): Promise<TestSummary> {
  const scratch = mkdtempSync(join(tmpdir(), "dashpot-test-"));
  const counts = join(scratch, "counts.json");
  try {
    const ended = await vitest(root, more, counts);
    return summarise(readCounts(counts), ended);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function vitest(root: string, more: readonly string[], counts: string): Promise<number | NodeJS.Signals> {
  const entry = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
  const reporter = fileURLToPath(new URL("counting-reporter.ts", import.meta.url));
  const parameters = [entry, "run", "--root", root, "--reporter=default", `--reporter=${reporter}`, ...more];
  const env = { ...process.env, DASHPOT_TEST_COUNTS: counts };
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "inherit", "inherit"], env });
  const stop = (): void => void child.kill("SIGTERM");
  process.on("SIGTERM", stop);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGTERM", stop);
      resolve(signal ?? code ?? 1);
    });
  });
}

function readCounts(path: string): TestCounts | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as TestCounts;
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const { lines, exit } = await runTests(process.cwd(), process.argv.slice(2));
  process.stdout.write(`\n${lines.join("\n")}\n`);
  process.exitCode = exit;
}
