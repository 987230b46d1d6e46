import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Installs an npm package for comparison, once, outside of the repository, and gives the folder that holds its
 * `node_modules`.
 *
 * @param version a version, or whatever else npm takes behind the `@`, such as `file:/some/package.tgz`
 */
export function installNpmPeer(name: string, version: string, signal?: AbortSignal): Promise<string> {
  return once(`npm-${name}-${version}`, async (folder) => {
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const parameters = ["install", "--no-audit", "--no-fund", "--save-exact", `${name}@${version}`];
    await run("npm", parameters, folder, signal);
  });
}

/** Installs Python packages (`inspect_ai==0.3.285`) in an environment of their own and gives its `python`. */
export async function installPythonPeer(requirements: readonly string[], signal?: AbortSignal): Promise<string> {
  const folder = await once(`python-${[...requirements].sort().join("-")}`, async (inside) => {
    await run("python3", ["-m", "venv", "environment"], inside, signal);
    await run(
      pythonIn(inside),
      ["-m", "pip", "install", "--disable-pip-version-check", ...requirements],
      inside,
      signal,
    );
  });
  return pythonIn(folder);
}

/** `$DASHPOT_HOME/peers`, else `$XDG_CACHE_HOME/dashpot/peers`, else `~/.cache/dashpot/peers` (H13). */
export function peersFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment.DASHPOT_HOME;
  if (home) return join(home, "peers");
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "dashpot", "peers");
}

/**
 * Installs into a folder unless a marker says that it was finished before. A virtual environment cannot be moved, so it
 * is made where it stays; what an interrupted installation left is thrown away.
 */
async function once(title: string, install: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(peersFolder(), folderName(title));
  const marker = join(folder, "installed");
  if (existsSync(marker)) return folder;
  discard(folder);
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(marker, `${title}\n`);
  return folder;
}

/** Renamed before it is removed, so that an interrupted removal leaves nothing at the folder's place. */
function discard(folder: string): void {
  if (!existsSync(folder)) return;
  const aside = mkdtempSync(`${folder}-`);
  renameSync(folder, join(aside, "old"));
  rmSync(aside, { recursive: true, force: true });
}

function folderName(title: string): string {
  const readable = title.replace(/[^\w.-]+/g, "-").slice(0, 60);
  return `${readable}-${createHash("sha256").update(title).digest("hex").slice(0, 8)}`;
}

function pythonIn(folder: string): string {
  const parts = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return join(folder, "environment", ...parts);
}

/** Output goes to standard error: standard output belongs to the figures. */
function run(command: string, parameters: readonly string[], folder: string, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  const child = spawn(command, parameters, {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    ...options,
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, killed) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `expected ${command} ${parameters.join(" ")} to succeed, received ${killed ?? `exit code ${code}`}`,
          ),
        );
    });
  });
}
