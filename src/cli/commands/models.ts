import { homedir } from "node:os";
import { listModels } from "../../adapters/list-models.ts";
import type { Terminal } from "../terminal.ts";

export async function work(terminal: Terminal): Promise<number> {
  const models = await listModels({ environment: process.env, home: homedir() });
  const lines = models.map(
    ({ spec, usable, formats, lacks }) =>
      `${usable ? "usable " : "lacking"} ${spec.padEnd(28)}${formats.join(", ").padEnd(28)}${lacks}`,
  );
  terminal.answer(lines.join("\n"), models);
  return 0;
}
