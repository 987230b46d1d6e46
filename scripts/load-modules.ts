import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Names of the modules in a folder: what stands before `ending`, tests apart, in order. */
export function moduleNames(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending) && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/**
 * Imports modules and gives what each exports as `exported`. One without that export, or whose `name` is not the file's,
 * is an error, so that none goes missing by a slip.
 */
export function loadModules<T extends { readonly name: string }>(
  folder: string,
  names: readonly string[],
  ending: string,
  exported: string,
): Promise<T[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name + ending);
      const module = (await import(pathToFileURL(path).href)) as Record<string, T | undefined>;
      const found = module[exported]?.name;
      if (found !== name)
        throw new Error(`expected \`${exported}\` named ${name}, received ${found ?? "none"}, in ${path}`);
      return module[exported] as T;
    }),
  );
}
