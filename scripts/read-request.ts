import { parseArgs } from "node:util";

/** What was asked of a command that runs modules by name. */
export type Request =
  | { readonly kind: "list" }
  | { readonly kind: "wrong"; readonly message: string }
  | { readonly kind: "run"; readonly names: readonly string[]; readonly flags: ReadonlySet<string> };

/** Reads `--list | NAME… | all [--FLAG…]`; `all` means every known name. */
export function readRequest(
  parameters: readonly string[],
  known: readonly string[],
  flags: readonly string[],
): Request {
  const options = Object.fromEntries(["list", ...flags].map((flag) => [flag, { type: "boolean" as const }]));
  try {
    const { values, positionals } = parseArgs({ args: [...parameters], options, allowPositionals: true });
    if (values.list === true) return { kind: "list" };
    const unknown = positionals.filter((name) => name !== "all" && !known.includes(name));
    if (unknown.length > 0)
      return { kind: "wrong", message: `expected a name of the list below, received ${unknown.join(", ")}` };
    if (positionals.length === 0) return { kind: "wrong", message: "expected a name, received none" };
    const names = positionals.includes("all") ? known : [...new Set(positionals)];
    return { kind: "run", names, flags: new Set(Object.keys(values)) };
  } catch (error) {
    return { kind: "wrong", message: (error as Error).message };
  }
}
