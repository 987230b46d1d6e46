import { parse } from "yaml";
import { z } from "zod";
import { DashpotError } from "../../model/error.ts";

/** How a file that is not what it should be is told. */
export interface YamlFault {
  readonly code: string;
  /** `templates of a bank`. */
  readonly expected: string;
  readonly fix: string;
}

/** A record from a YAML text, or a coded error that names the file and the first field that is wrong. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>, { code, expected, fix }: YamlFault): T {
  try {
    return schema.parse(parse(text, { logLevel: "error" }));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const where = issue === undefined ? file : `${file}, ${issue.path.join(".")}`;
    const what = issue === undefined ? String((cause as Error).message).split("\n")[0] : issue.message;
    throw new DashpotError(code, `expected ${expected}, received ${what} in ${where}`, fix, { cause });
  }
}
