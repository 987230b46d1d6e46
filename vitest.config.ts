import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,scripts,test,bench,examples}/**/*.test.ts"],
    // Heaviest first is not known to a fresh clone; two workers are what the slowest supported machine has.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A command that is started once gains nothing by keeping what Node compiled for it.
    env: { NODE_DISABLE_COMPILE_CACHE: "1" },
  },
});
