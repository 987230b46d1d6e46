import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../adapters/atomic-file.ts";
import {
  exportKey,
  exportRevoked,
  newKey,
  readTrust,
  revokeKey,
  rotateKey,
  trustKey,
} from "../../adapters/signing-keys.ts";
import { DashpotError } from "../../model/error.ts";
import { dataHome } from "../home.ts";
import type { Terminal } from "../terminal.ts";

const ACTIONS = ["new", "rotate", "revoke", "export", "export-revoked", "trust", "list"] as const;

export async function work(terminal: Terminal, [action, value]: string[], options: { out?: string }): Promise<number> {
  const directory = join(dataHome(process.env), "keys");
  refuseUnused(action, value, options);
  const ring = { directory, now: new Date().toISOString() };
  switch (ACTIONS.find((one) => one === action)) {
    case "new":
      return told(terminal, await newKey(ring), (key) => `new key ${key.id}\nin ${directory}`);
    case "rotate":
      return told(
        terminal,
        await rotateKey(ring),
        ({ active, retired }) =>
          `new key ${active.id}${retired ? `\nretired ${retired.id}; its cards stay verifiable` : ""}`,
      );
    case "revoke":
      if (value === undefined) throw withoutId();
      return told(terminal, await revokeKey(ring, value), (key) => `revoked ${key.id}; its cards verify no more`);
    case "export":
      return exported(terminal, await exportKey(ring, value), options.out);
    case "export-revoked":
      return exported(terminal, await exportRevoked(directory), options.out);
    case "trust":
      return told(
        terminal,
        await trustKey(ring, await readKeyFile(value), value as string),
        (key) => `trusted ${key.id}`,
      );
    case "list":
      return told(
        terminal,
        (await readTrust(directory)).keys,
        (keys) =>
          keys.map((key) => `${key.status.padEnd(8)} ${key.origin.padEnd(9)}${key.id} ${key.name}`).join("\n") ||
          "no keys",
      );
    default:
      throw new DashpotError(
        "wrong-use",
        `expected one of ${ACTIONS.join(", ")}, received ${JSON.stringify(action)}`,
        "see dashpot keys --help",
      );
  }
}

const WITH_VALUE = ["revoke", "export", "trust"];
const WITH_OUT = ["export", "export-revoked"];

function refuseUnused(action: string | undefined, value: string | undefined, { out }: { out?: string }): void {
  const unused =
    value !== undefined && !WITH_VALUE.includes(action ?? "")
      ? value
      : out !== undefined && !WITH_OUT.includes(action ?? "")
        ? "--out"
        : null;
  if (unused === null || !ACTIONS.some((one) => one === action)) return;
  throw new DashpotError(
    "wrong-use",
    `expected keys ${action} alone, received ${JSON.stringify(unused.slice(0, 80))} with it`,
    "leave it out",
  );
}

function told<T>(terminal: Terminal, result: T, text: (result: T) => string): number {
  terminal.answer(text(result), result);
  return 0;
}

async function exported(terminal: Terminal, text: string, path: string | undefined): Promise<number> {
  if (path !== undefined)
    await writeFileAtomically(path, text).catch((cause: unknown) => Promise.reject(unwritable(path, cause)));
  terminal.answer(path === undefined ? text : `written to ${path}`, { text, path: path ?? null });
  return 0;
}

function unwritable(path: string, cause: unknown): DashpotError {
  const message = `expected a file that can be written, received ${(cause as NodeJS.ErrnoException).code ?? "a failure"}, at ${path}`;
  return new DashpotError("output-unwritable", message, "name another --out", { cause });
}

/** What is revoked stays revoked, so it has to be named. */
function withoutId(): DashpotError {
  return new DashpotError(
    "wrong-use",
    "expected the id of the key to revoke, received none",
    "write dashpot keys revoke KEYID; dashpot keys list shows the ids",
  );
}

async function readKeyFile(path: string | undefined): Promise<string> {
  if (path === undefined)
    throw new DashpotError("wrong-use", "expected a public key file, received none", "write dashpot keys trust FILE");
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new DashpotError(
      "key-missing",
      `expected a public key, received nothing readable, at ${path}`,
      "name a readable file",
      { cause },
    );
  });
}
