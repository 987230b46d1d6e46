import { join } from "node:path";
import { verifyCard } from "../../adapters/card-verification.ts";
import { DashpotError } from "../../model/error.ts";
import { dataHome } from "../home.ts";
import type { Terminal } from "../terminal.ts";

/** `card verify`: 0 where signature and every subject hold, 1 where not, 2 where a file cannot be opened or the key is none (C5). */
export async function work(
  terminal: Terminal,
  [action, file]: string[],
  options: { key?: string; revoked?: string },
): Promise<number> {
  if (action !== "verify")
    throw new DashpotError(
      "wrong-use",
      `expected verify, received ${JSON.stringify(action)}`,
      "write dashpot card verify FILE --key PUB",
    );
  if (options.key === undefined)
    throw new DashpotError(
      "key-missing",
      "expected the public key of who signed, received none",
      "give --key PUB; dashpot keys export writes one's own",
    );
  const result = await verifyCard({
    envelopePath: file as string,
    keyPath: options.key,
    trustDirectory: join(dataHome(process.env), "keys"),
    ...(options.revoked === undefined ? {} : { revokedPath: options.revoked }),
  });
  if (result.ok) {
    const absent = result.absent.map((name) => `  ${name}: not here, not checked`);
    const subjects = [...result.subjects.map((name) => `  ${name}`), ...absent].join("\n");
    terminal.answer(
      `verified: signature by ${result.keyId} and ${result.subjects.length} subjects hold\n${subjects}`,
      result,
    );
    return 0;
  }
  terminal.answer(`not verified[${result.code}]: ${result.reason}\nfix: ${result.fix}`, result);
  return 1;
}
