import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";

/** Puts text between `<!-- verify:NAME -->` and `<!-- /verify:NAME -->`, which are added at the end where absent. */
export function withSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- verify:${name} -->`, `<!-- /verify:${name} -->`];
  const section = `${open}\n\n${text.trim()}\n\n${close}`;
  const start = page.indexOf(open);
  if (start === -1) return `${page.trimEnd()}${page.trim() === "" ? "" : "\n\n"}${section}\n`;
  const end = page.indexOf(close, start);
  if (end === -1) throw new Error(`expected ${close} after ${open}, received none`);
  return page.slice(0, start) + section + page.slice(end + close.length);
}

/** The same in a file, which is made with its folder where it is missing, and is never seen half-written. */
export function writeSection(path: string, name: string, text: string): void {
  const page = existsSync(path) ? readFileSync(path, "utf8") : `# ${titleOf(path)}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, withSection(page, name, text));
  renameSync(`${path}.new`, path);
}

function titleOf(path: string): string {
  const words = basename(path, ".md").replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
