/**
 * Measures two reference policies on the quick set and compares what they lean towards: the same functions that the
 * command line calls. Put `embedded:smollm2-135m`, `openai:NAME` or any other model in their place.
 *
 *     npm run build && npx node examples/profile-a-model.ts
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carryOut, compareProfiles, MODES, type Profile, prepareRun, randomStream } from "dashpot";

const folder = await mkdtemp(join(tmpdir(), "dashpot-example-"));
try {
  const communal = await profile("policy:communal");
  const trader = await profile("policy:market-trader");
  for (const one of [communal, trader]) console.log(one.model.spec, leaning(one));

  const [comparison] = compareProfiles([communal, trader], { margin: null }, randomStream(1, "comparison"));
  const different = comparison?.cells.filter(({ adjustedP }) => adjustedP !== null && adjustedP < 0.05).length ?? 0;
  console.log(`${different} of ${comparison?.cells.length ?? 0} cells differ (Holm, 0.05)`);
} finally {
  await rm(folder, { recursive: true });
}

async function profile(model: string): Promise<Profile> {
  const run = await prepareRun({ model, set: "quick", seed: 1 }, {});
  try {
    return await carryOut(run, join(folder, model.replace(":", "-")), {});
  } finally {
    await run.model.close();
  }
}

/** Bias by mode, with its interval. */
function leaning({ bias }: Profile): string {
  return MODES.map((mode) => {
    const { value, low, high } = bias.labels[mode];
    return `${mode} ${value?.toFixed(2)} [${low?.toFixed(2)}, ${high?.toFixed(2)}]`;
  }).join(", ");
}
