import { join } from "node:path";
import { verifyCard } from "../../adapters/card-verification.ts";
import { readProfile } from "../../adapters/references.ts";
import { writeOutputs } from "../../adapters/run-outputs.ts";
import { readStressReport } from "../../adapters/stress-outputs.ts";
import { DashpotError } from "../../model/error.ts";
import { keysDirectory } from "../conduct.ts";
import { dataHome } from "../home.ts";
import type { Terminal } from "../terminal.ts";

interface Options {
  key?: string;
  revoked?: string;
  sign?: boolean;
}

export async function work(terminal: Terminal, [action, file, stress]: string[], options: Options): Promise<number> {
  if (action === "verify") return verifyOne(terminal, file as string, options);
  if (action === "stress") return addStress(terminal, file as string, stress, options);
  throw new DashpotError(
    "wrong-use",
    `expected verify or stress, received ${JSON.stringify(action)}`,
    "write dashpot card verify FILE --key PUB, or dashpot card stress DIR STRESS_DIR",
  );
}

/** `card stress`: writes the card of a profile anew, with what a stress run of the same model found, and signs it (C11). */
async function addStress(
  terminal: Terminal,
  directory: string,
  stress: string | undefined,
  { sign = true }: Options,
): Promise<number> {
  if (stress === undefined)
    throw new DashpotError(
      "wrong-use",
      "expected the directory of a stress run, received none",
      "write dashpot card stress DIR STRESS_DIR",
    );
  const { profile } = await readProfile(join(directory, "profile.json"));
  const report = readStressReport(stress);
  const keys = keysDirectory();
  const outputs = await writeOutputs({ profile, directory, keys, sign, at: new Date(), stress: report });
  const paths = outputs.map(({ name, path }) => `${name.padEnd(18)}${path}`).join("\n");
  terminal.answer(`The card of ${profile.model.spec} tells of its stress run.\n${paths}`, { directory, outputs });
  return 0;
}

/** `card verify`: 0 where signature and every subject hold, 1 where not, 2 where a file cannot be opened or the key is none (C5). */
async function verifyOne(terminal: Terminal, file: string, options: Options): Promise<number> {
  if (options.key === undefined)
    throw new DashpotError(
      "key-missing",
      "expected the public key of who signed, received none",
      "give --key PUB; dashpot keys export writes one's own",
    );
  const result = await verifyCard({
    envelopePath: file,
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
