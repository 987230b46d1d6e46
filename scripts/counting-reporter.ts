import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** What `npm test` counts; written as JSON to the path in DASHPOT_TEST_COUNTS. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why tests were skipped, and how many for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** A vitest reporter that counts tests, files that could not be loaded, failed hooks and errors outside of tests. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env.DASHPOT_TEST_COUNTS;
    if (path !== undefined) writeFileSync(path, JSON.stringify(count(modules, unhandledErrors.length)));
  }
}

function count(modules: readonly TestModule[], unhandled: number): TestCounts {
  const results = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result()));
  const skipped = results.filter((result) => result.state === "skipped" || result.state === "pending");
  const reasons: Record<string, number> = {};
  for (const result of skipped) {
    const reason = (result.state === "skipped" && result.note) || "no reason given";
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  const broken = modules
    .flatMap((module) => [module, ...module.children.allSuites()])
    .filter((one) => one.errors().length > 0);
  const failed = results.filter((result) => result.state === "failed").length + broken.length + unhandled;
  return {
    passed: results.filter((result) => result.state === "passed").length,
    failed,
    skipped: skipped.length,
    reasons,
  };
}
