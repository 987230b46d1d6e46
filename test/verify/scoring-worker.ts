import { homedir } from "node:os";
import { join } from "node:path";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import type { ScoreRequest } from "../../src/model/language-model.ts";

/** Run by `scoring-pool.ts`: scores what it is sent by the embedded model on one thread, until it is let go. */
const home = process.env.DASHPOT_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "dashpot");
const model = await openLanguageModel("embedded:smollm2-135m", { environment: process.env, home, threads: 1 });
const unused = new AbortController().signal;

process.on("message", async (request: ScoreRequest) => process.send?.(await model.score?.(request, unused)));
async function leave(): Promise<void> {
  await model.close();
  process.exit();
}
process.on("disconnect", leave);
// It may have been let go while the weights were loaded.
if (!process.connected) await leave();
// Ctrl-C goes to the whole group: the parent ends what it began.
process.on("SIGINT", () => {});
