import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,scripts,test,bench,examples}/**/*.test.ts"],
    // Heaviest first is not known to a fresh clone; two workers are what the slowest supported machine has.
    maxWorkers: 2,
    // One process serves many files, so that what they import is read once; no test may leave anything behind.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Commands are started some two hundred times: what Node compiled for one serves the next.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)) },
  },
});
