import { join } from "node:path";
import { expect, it } from "vitest";
import type { RunConduct } from "../../src/adapters/model-run.ts";
import { carryOut, prepareRun } from "../../src/adapters/profile-run.ts";
import { canonicalJson } from "../../src/kernel/canonical-json.ts";
import { isDashpotError } from "../../src/model/error.ts";
import { temporaryFolder } from "../house/temporary-folder.ts";

/** The bytes of the profile of a reference policy, or the code of what stopped the run. */
async function profileBytes(directory: string, conduct: RunConduct): Promise<string> {
  const prepared = await prepareRun({ model: "policy:communal", set: "quick", seed: 3 }, conduct);
  try {
    return canonicalJson(await carryOut(prepared, directory, conduct));
  } catch (error) {
    if (isDashpotError(error)) return `stopped: ${error.code}`;
    throw error;
  } finally {
    await prepared.model.close();
  }
}

it("R2, R10: a run stopped by its budget and by Ctrl-C ends, resumed, in the bytes of the unbroken one", async () => {
  const folder = temporaryFolder();
  const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
  const unbroken = await profileBytes(whole, {});
  expect(unbroken).toMatch(/^\{/);
  for (const calls of [1, 40, 150])
    expect(await profileBytes(broken, { budget: { calls } })).toBe("stopped: budget-reached");
  const interrupt = new AbortController();
  const onProgress = ({ done }: { done: number }) => done >= 170 && interrupt.abort();
  expect(await profileBytes(broken, { stop: interrupt.signal, parallel: 3, onProgress })).toBe("stopped: stopped");
  expect(await profileBytes(broken, { parallel: 1 })).toBe(unbroken);
});
