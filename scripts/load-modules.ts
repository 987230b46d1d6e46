import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports every module of a folder whose file name ends in `ending` (tests apart) and gives what each exports as `name`,
 * in the order of file names. A module without that export is an error, so that a misspelt one does not go missing.
 */
export async function loadModules<T>(folder: string, ending: string, name: string): Promise<T[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(ending) && !file.endsWith(".test.ts"))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const exported = ((await import(pathToFileURL(path).href)) as Record<string, unknown>)[name];
      if (exported === undefined) throw new Error(`expected an export named ${name}, received none, in ${path}`);
      return exported as T;
    }),
  );
}
