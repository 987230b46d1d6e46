// Plain JavaScript for any Node from 18 on: installs what the lock file names where it is not installed yet, then runs
// scripts/NAME.ts with the Node 24 that came with it. `node scripts/bootstrap.js NAME [ARGUMENT…]`
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { follow } from "../bin/follow.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Why `npm ci` is needed in a folder, or undefined where it is not. npm writes node_modules/.package-lock.json when an
 * installation is complete, so an interrupted one has none.
 */
export function reasonToInstall(folder) {
  const installed = packagesOf(join(folder, "node_modules", ".package-lock.json"));
  if (installed === undefined) return "nothing is installed yet";
  if (!existsSync(nodeOf(folder))) return "the Node 24 of the dev dependencies is missing";
  const wanted = packagesOf(join(folder, "package-lock.json")) ?? {};
  const other = Object.keys(wanted).find((path) => path !== "" && !matches(wanted[path], installed[path]));
  return other === undefined ? undefined : `${other} is not as the lock file says`;
}

/** Packages for other platforms are in the lock file and never installed. */
function matches(wanted, installed) {
  if (installed === undefined) return wanted.optional === true;
  return installed.version === wanted.version;
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function nodeOf(folder) {
  return join(folder, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

function install() {
  const reason = reasonToInstall(root);
  if (reason === undefined) return 0;
  process.stderr.write(`bootstrap: ${reason}; running npm ci\n`);
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const { status, error } = spawnSync(command, [...before, "ci"], {
    cwd: root,
    // The product of npm goes to standard error: standard output belongs to the script that follows.
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error) process.stderr.write(`bootstrap: npm could not be started: ${error.message}\n`);
  return status ?? 1;
}

async function run(name, more) {
  const status = install();
  if (status !== 0) {
    process.stderr.write(
      `error[install-failed]: npm ci ended with ${status}\nfix: read its output above, then repeat\n`,
    );
    process.exitCode = 1;
    return;
  }
  const node = nodeOf(root);
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  await follow(node, [join(root, "scripts", `${name}.ts`), ...more], { env: { ...process.env, PATH: path } });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...more] = process.argv.slice(2);
  if (name === undefined || !existsSync(join(root, "scripts", `${name}.ts`))) {
    process.stderr.write("usage: node scripts/bootstrap.js NAME [ARGUMENT…], NAME being a file scripts/NAME.ts\n");
    process.exitCode = 2;
  } else await run(name, more);
}
