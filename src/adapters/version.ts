import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Version of this package; `src/adapters/` and `dist/adapters/` lie equally deep (ADR 5). */
export function version(): string {
  return (require("../../package.json") as { version: string }).version;
}
