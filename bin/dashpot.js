#!/usr/bin/env node
// Plain JavaScript, so that any Node from 18 on can read it: under an older one it runs itself again with Node 24,
// which `npm ci` brings as the dev dependency `node`.
import { existsSync, mkdirSync } from "node:fs";
import module, { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) await run();
else await runAgain();

/** In a clone the sources are run as they stand, in the package what was built from them. */
async function run() {
  const source = new URL("../src/cli/main.ts", import.meta.url);
  const built = new URL("../dist/cli/main.mjs", import.meta.url);
  const entry = existsSync(source) ? source : built;
  if (!existsSync(entry)) {
    fail("entry-missing", `expected ${fileURLToPath(built)}, found nothing there`, "npm run build");
    return;
  }
  keepCompiled();
  const { main } = await import(entry.href);
  // Node ends when nothing is left to wait for, even if the command has not answered: never as if it had succeeded.
  const unanswered = () => {
    process.stderr.write("error[defect]: expected an answer of the command, received none before it ended\n");
    process.stderr.write("fix: report it with the command that was given\n");
    process.exitCode = 70;
  };
  process.once("exit", unanswered);
  // A full disk or a reader that went away: never the exit status of an answer, for nobody has it.
  process.stdout.on("error", (error) => {
    process.off("exit", unanswered);
    fail(
      "output-unwritable",
      `expected standard output that takes the answer, received ${error.code}`,
      "give it room, or read it to its end",
    );
    process.exit(3);
  });
  const code = await main(process.argv.slice(2)).finally(() => process.off("exit", unanswered));
  process.exitCode = code;
}

/**
 * Lets Node keep what it compiled for the next start, in `$DASHPOT_HOME/compiled`, else in the user's cache folder (B7,
 * H13). Where it cannot be kept, Node compiles again.
 */
function keepCompiled() {
  const { DASHPOT_HOME, XDG_CACHE_HOME } = process.env;
  try {
    const home = DASHPOT_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "dashpot");
    const folder = join(home, "compiled");
    // Made one at a time beforehand: Node's recursive way never ends where a file system answers ENOENT, as /proc does.
    const missing = [];
    for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
    for (const one of missing) mkdirSync(one);
    module.enableCompileCache(folder);
  } catch {
    // A user without a home folder.
  }
}

async function runAgain() {
  const node = newerNode();
  if (node === undefined) {
    fail(
      "node-too-old",
      `expected Node ${OLDEST_MAJOR} or later, received ${process.version}, and no dev dependency \`node\` beside it`,
      `in a clone run \`npm ci\`; elsewhere install Node ${OLDEST_MAJOR}`,
    );
    return;
  }
  const { follow } = await import("./follow.js");
  try {
    await follow(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
  } catch (error) {
    fail("node-not-runnable", `expected to run ${node}, received ${error.message}`, "npm ci");
  }
}

function newerNode() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    return [join(home, "bin", "node"), join(home, "bin", "node.exe")].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

function fail(code, message, fix) {
  process.stderr.write(`error[${code}]: ${message}\nfix: ${fix}\n`);
  process.exitCode = 2;
}
