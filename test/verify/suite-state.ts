import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** What a suite found. */
export interface SuiteResult {
  /** Markdown, without dates and without paths of this machine. */
  readonly table: string;
  readonly holds: boolean;
}

/** And the time it took over all its sessions. */
export interface TimedResult extends SuiteResult {
  readonly seconds: number;
}

interface Line {
  readonly key: string;
  readonly value: unknown;
  /** Seconds since this process opened the file. */
  readonly seconds: number;
}

/** Keys of lines that the runner writes for itself. */
const SESSION = "\u0000session";
const RESULT = "\u0000result";

/**
 * What a verify suite has worked out so far: JSON lines, each on disk before `put` returns, so that a suite killed at
 * any moment goes on after its last whole line. The runner's own lines stand in the same file: one at the start of
 * every session, naming the code that ran, and one with the result.
 */
export class SuiteState {
  readonly #values = new Map<string, unknown>();
  readonly #codes: string[] = [];
  readonly #file: number;
  readonly #now: () => number;
  readonly #opened: number;
  #secondsBefore = 0;
  #lastSeconds = 0;
  #position = 0;

  /** @param now seconds on a clock that only goes forward */
  constructor(path: string, code: string, now: () => number) {
    this.#now = now;
    this.#opened = now();
    mkdirSync(dirname(path), { recursive: true });
    const whole = existsSync(path) ? this.#read(readFileSync(path)) : 0;
    this.#file = openSync(path, existsSync(path) ? "r+" : "w");
    // A line that a kill cut in half is dropped before anything is written behind it.
    ftruncateSync(this.#file, whole);
    this.#position = whole;
    this.#secondsBefore += this.#lastSeconds;
    if (!this.#codes.includes(code)) this.#codes.push(code);
    this.#write(SESSION, code);
  }

  static forget(path: string): void {
    rmSync(path, { force: true });
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The value put under a key; of the type that the same suite put there. */
  get<T>(key: string): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  /** Keeps a JSON value under a key; on disk when this returns. A key may be put again: the last value counts. */
  put(key: string, value: unknown): void {
    if (key.startsWith("\u0000"))
      throw new Error(`expected a key without a leading NUL, received ${JSON.stringify(key)}`);
    if (value === undefined) throw new Error(`expected a JSON value for ${key}, received undefined`);
    this.#write(key, value);
  }

  /** Versions of the code that made what is in here, in order. */
  get codes(): readonly string[] {
    return this.#codes;
  }

  /** Time spent over all sessions; of one that was killed, up to its last line. */
  get seconds(): number {
    return this.#secondsBefore + this.#now() - this.#opened;
  }

  get result(): TimedResult | undefined {
    return this.get(RESULT);
  }

  finish(result: SuiteResult): TimedResult {
    const timed = { ...result, seconds: this.seconds };
    this.#write(RESULT, timed);
    return timed;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Bytes of whole lines. */
  #read(bytes: Buffer): number {
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      const line = parse(bytes.toString("utf8", start, end));
      if (line === undefined) break;
      this.#take(line);
      start = end + 1;
    }
    return start;
  }

  #take({ key, value, seconds }: Line): void {
    if (key === SESSION) {
      this.#secondsBefore += this.#lastSeconds;
      if (!this.#codes.includes(value as string)) this.#codes.push(value as string);
    } else this.#values.set(key, value);
    this.#lastSeconds = seconds;
  }

  #write(key: string, value: unknown): void {
    const seconds = Math.round((this.#now() - this.#opened) * 1000) / 1000;
    const bytes = Buffer.from(`${JSON.stringify({ key, value, seconds })}\n`);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#file, bytes, written, bytes.length - written, this.#position + written);
    }
    fdatasyncSync(this.#file);
    this.#position += bytes.length;
    if (key !== SESSION) this.#values.set(key, JSON.parse(JSON.stringify(value)));
  }
}

function parse(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
