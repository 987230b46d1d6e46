import { spawn } from "node:child_process";

/** One thing that `npm run check` looks at. */
export interface CheckStep {
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
}

export interface CheckOutcome {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
  readonly output: string;
}

/** The last step is the slow one; the others are done beside one another before it. */
export const STEPS: readonly CheckStep[] = [
  { name: "types", command: "tsc", parameters: ["--noEmit", "-p", "."] },
  { name: "lint", command: "biome", parameters: ["check", "--error-on-warnings", "."] },
  { name: "spec", command: process.execPath, parameters: ["scripts/spec-gate.ts"] },
  { name: "unused", command: "knip", parameters: [] },
  { name: "test", command: process.execPath, parameters: ["scripts/test.ts"] },
];

/** Runs every step whatever became of the others (H3). */
export async function check(
  steps: readonly CheckStep[],
  print: (text: string) => void,
): Promise<readonly CheckOutcome[]> {
  const quick = await Promise.all(steps.slice(0, -1).map((step) => run(step, () => {})));
  for (const { name, ok, output } of quick) if (!ok) print(`\n== ${name} ==\n${output}`);
  const last = steps.at(-1);
  return last === undefined ? quick : [...quick, await run(last, print)];
}

function run({ name, command, parameters }: CheckStep, print: (text: string) => void): Promise<CheckOutcome> {
  const started = performance.now();
  const child = spawn(command, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    // Pages whose commands take minutes are left out of `npm test` alone.
    env: { ...process.env, DASHPOT_LONG_PAGES: "1" },
  });
  let output = "";
  const take = (text: string): void => {
    output += text;
    print(text);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  return new Promise((resolve) => {
    const end = (ok: boolean, more: string): void =>
      resolve({ name, seconds: (performance.now() - started) / 1000, ok, output: output + more });
    child.on("error", (error) => end(false, error.message));
    child.on("close", (code, signal) => end(code === 0, signal === null ? "" : `ended by ${signal}`));
  });
}

export function tableOf(outcomes: readonly CheckOutcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  return outcomes
    .map(
      ({ name, ok, seconds }) =>
        `${name.padEnd(width)}  ${ok ? "ok    " : "FAILED"}  ${seconds.toFixed(1).padStart(6)} s`,
    )
    .join("\n");
}

if (import.meta.main) {
  const outcomes = await check(STEPS, (text) => process.stdout.write(text));
  process.stdout.write(`\n${tableOf(outcomes)}\n`);
  process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
}
