import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Megabytes that the young generation takes after a hundred thousand short lives, some of them long enough to be moved. */
function youngAfterChurn(bounded: boolean): number {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { boundHeap } from ${JSON.stringify(fileURLToPath(new URL("./bound-heap.ts", import.meta.url)))};
    if (${bounded}) boundHeap();
    const alive = new Array(20_000);
    for (let at = 0; at < 2_000_000; at += 1) alive[at % alive.length] = { at, text: [at, at, at, at] };
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    console.log(young.space_size / 2 ** 20);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));
}

it("B4: while calls are put, the young generation stays where it was, and would grow eightfold otherwise", () => {
  const [bounded, free] = [youngAfterChurn(true), youngAfterChurn(false)];
  expect(bounded).toBeLessThan(8);
  expect(free).toBeGreaterThan(8 * bounded);
});
