import { readFileSync } from "node:fs";
import { defineConfig, type UserConfig } from "tsdown";

const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  devDependencies: Record<string, string>;
};

/** Special functions that are bundled: to install them would be to install two hundred packages. */
const functions = Object.keys(devDependencies).filter((name) => name.startsWith("@stdlib/"));

const shared: UserConfig = {
  format: "esm",
  platform: "node",
  target: "node24",
  outDir: "dist",
  clean: true,
  hash: false,
};

export default defineConfig([
  {
    ...shared,
    // One file each, in the folders of src, so that what a module names by its own address (a worker beside it,
    // `../../instruments`) is found from dist as well.
    entry: ["src/**/*.ts", "!src/**/*.test.ts"],
    unbundle: true,
    dts: true,
    deps: { neverBundle: [/^@stdlib\//], onlyBundle: [] },
    outputOptions: { paths: (id) => (id.startsWith("@stdlib/") ? `../${inDist(id)}.mjs` : id) },
  },
  {
    ...shared,
    entry: Object.fromEntries(functions.map((name) => [inDist(name), name])),
    dts: false,
    // NOTICE names their licences.
    deps: { onlyBundle: [/^@stdlib\//, "debug", "ms"] },
    outputOptions: { codeSplitting: { groups: [{ name: "stdlib/functions", test: /node_modules/ }] } },
  },
]);

/** `@stdlib/math-base-special-erfc` stands in `dist/stdlib/`, beside the folders of src and one step from each. */
function inDist(name: string): string {
  return name.slice(1);
}
