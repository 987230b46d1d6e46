import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Version of this package. Both `src/adapters/` and `dist/` lie where one of the two paths holds. */
export function version(): string {
  const path = import.meta.url.endsWith(".ts") ? "../../package.json" : "../package.json";
  return (require(path) as { version: string }).version;
}
