import { join } from "node:path";

/** Where a run lies unless the user says: a name of its parts under `dashpot-runs`, or `$DASHPOT_HOME/runs`. */
export function runDirectory(parts: readonly (string | undefined)[]): string {
  const name = parts.filter((part) => part !== undefined).join("-");
  const slug = name.replaceAll(/[^A-Za-z0-9.]+/g, "-");
  const home = process.env.DASHPOT_HOME;
  return join(home ? join(home, "runs") : "dashpot-runs", slug.slice(0, 120));
}
