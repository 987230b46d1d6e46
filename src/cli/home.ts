import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where keys and trust are kept: `DASHPOT_HOME`, else the XDG data folder (H13). */
export function dataHome(environment: Environment): string {
  return environment.DASHPOT_HOME || join(environment.XDG_DATA_HOME || join(homedir(), ".local", "share"), "dashpot");
}
