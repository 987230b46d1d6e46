import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourStressPath } from "../src/adapters/stress-files.ts";
import { randomStream } from "../src/kernel/random.ts";
import { cutoffSteps } from "../src/profile/stress/rise/rise-cutoffs.ts";
import type { RiseCutoffs } from "../src/profile/stress/rise/smooth-or-jump.ts";

/** Lines of the quick set: each family on one surface and side; of the full set, on all. */
const DESIGNS = [
  { families: 8, doses: [0, 1, 4, 7], trials: 11 },
  { families: 64, doses: [0, 1, 2, 3, 4, 5, 6, 7], trials: 11 },
] as const;

/** `npm run rise-cutoffs`: simulates the cut-offs of smooth or jump that the suite keeps; some minutes. */
const found: RiseCutoffs[] = DESIGNS.map((design) => {
  const steps = cutoffSteps({ ...design, doses: [...design.doses] }, randomStream(1, "rise-cutoffs"));
  let told = 0;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (step.value < told + 0.1) continue;
    told = step.value;
    process.stderr.write(`${design.families} lines: ${Math.round(100 * told)} %\n`);
  }
});
writeFileSync(join(ourStressPath(), "rise-cutoffs.json"), `${JSON.stringify(found, null, 1)}\n`);
