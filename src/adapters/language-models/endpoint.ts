import { DashpotError } from "../../model/error.ts";
import type { Clock } from "../clock.ts";

/** What opening a model behind a native dialect takes. */
export interface NativeOptions {
  readonly spec: string;
  readonly name: string;
  readonly baseUrl: URL;
  readonly key: string;
  readonly clock: Clock;
  readonly timeoutMs?: number | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The address of a server. Errors: `base-url-invalid` on anything but http or https, and on credentials or a query. */
export function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fix = "give --base-url an address such as http://localhost:8000/v1";
  if (!url || !/^https?:$/.test(url.protocol))
    throw new DashpotError(
      "base-url-invalid",
      "expected an http or https address, received another, in --base-url",
      fix,
    );
  if (url.username || url.password || url.search || url.hash) {
    const message =
      "expected an address without credentials, query and fragment, received one with them, in --base-url";
    throw new DashpotError("base-url-invalid", message, "leave them out; keys come from the environment");
  }
  return url;
}

/** The first of the variables that is set. Errors: `key-malformed`. */
export function keyFrom(environment: Environment, variables: readonly string[]): string | undefined {
  for (const variable of variables) {
    const key = environment[variable]?.trim();
    if (!key) continue;
    // Header values take no others, and what refuses them would quote the key.
    if (/^[\x21-\x7e]+$/.test(key)) return key;
    throw new DashpotError(
      "key-malformed",
      `expected a key of printable ASCII characters, received others, in ${variable}`,
      `set ${variable} anew`,
    );
  }
  return undefined;
}

export function requiredKey(environment: Environment, variables: readonly [string, ...string[]]): string {
  const key = keyFrom(environment, variables);
  if (key) return key;
  const [first, ...others] = variables;
  const also = others.length > 0 ? ` (or ${others.join(", ")})` : "";
  throw new DashpotError(
    "key-missing",
    `expected a key in the environment variable ${first}${also}, received none`,
    `set ${first} and run the command again`,
  );
}
