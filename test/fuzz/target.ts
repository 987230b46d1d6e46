import fc from "fast-check";
import { CallError } from "../../src/model/call-error.ts";
import { DashpotError } from "../../src/model/error.ts";

/** A parser of something from outside, and what is thrown at it. */
export interface FuzzTarget<Input = unknown> {
  readonly name: string;
  /** The functions that are put to the test, for the table. */
  readonly parsers: string;
  readonly input: fc.Arbitrary<Input>;
  /** Puts one input to the parsers. What it throws must be a coded error; answers that are refusals may give their code. */
  readonly put: (input: Input) => unknown;
}

/** What came of a number of cases. */
export interface FuzzOutcome {
  readonly cases: number;
  /** Inputs that were parsed. */
  readonly values: number;
  /** Coded errors and coded refusals, by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** Of processor time, for one case. */
  readonly slowestMs: number;
  /** The smallest input found that made another exception, and that exception. */
  readonly failure: string | null;
}

/** Keeps a target's types together and hides them. */
export function target<Input>(one: FuzzTarget<Input>): FuzzTarget {
  return one as FuzzTarget<unknown>;
}

/** A coded refusal given as an answer. */
export interface Refused {
  readonly code: string;
}

/** Runs cases of a target; the same seed makes the same cases. Stops at the first other exception, and makes it smaller. */
export async function fuzz({ input, put }: FuzzTarget, cases: number, seed: number): Promise<FuzzOutcome> {
  const codes: Record<string, number> = {};
  let values = 0;
  let slowestMs = 0;
  const property = fc.asyncProperty(input, async (one) => {
    const before = process.cpuUsage();
    const code = await codeOf(() => put(one));
    const { user, system } = process.cpuUsage(before);
    slowestMs = Math.max(slowestMs, (user + system) / 1000);
    if (code === null) values += 1;
    else codes[code] = (codes[code] ?? 0) + 1;
  });
  const details = await fc.check(property, { seed, numRuns: cases });
  return { cases: details.numRuns, values, codes, slowestMs, failure: details.failed ? failureOf(details) : null };
}

/** The code of a coded error or refusal, null for a value; throws every other exception. */
async function codeOf(put: () => unknown): Promise<string | null> {
  try {
    const answer = await put();
    return isRefused(answer) ? answer.code : null;
  } catch (error) {
    if (error instanceof DashpotError || error instanceof CallError) return checked(error);
    throw error;
  }
}

/** A coded error says what to do, in a few lines. */
function checked({ code, message, fix }: DashpotError | CallError): string {
  if (!/^[a-z][a-z0-9-]*$/.test(code)) throw new Error(`expected a code in kebab case, received ${code}`);
  if (fix === "" || message === "") throw new Error(`expected a message and a fix with ${code}`);
  if (message.length > 4000)
    throw new Error(`expected a short message with ${code}, received ${message.length} characters`);
  return code;
}

function isRefused(answer: unknown): answer is Refused {
  return typeof answer === "object" && answer !== null && "code" in answer && typeof answer.code === "string";
}

function failureOf({ counterexample, errorInstance }: fc.RunDetails<[unknown]>): string {
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return visible(`${fc.stringify(counterexample?.[0]).slice(0, 2000)}\n${error.split("\n").slice(0, 6).join("\n")}`);
}

/** What cannot be seen, or is another character than it looks, as an escape. */
function visible(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/gu, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
