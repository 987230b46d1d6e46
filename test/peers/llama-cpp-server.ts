import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { installPythonPeer } from "../../bench/peer.ts";

/** The newest release on the index when this was written; it has no wheels and is built from its source. */
export const LLAMA_CPP_SERVER = "llama-cpp-python[server]==0.3.36";

export interface PeerServer {
  /** `http://127.0.0.1:PORT/v1` */
  readonly address: string;
  stop(): Promise<void>;
}

const LONGEST_START_MS = 180_000;

/** Starts llama-cpp-python's server with a GGUF file on this machine, and waits until it answers. */
export async function startLlamaCppServer(weights: string, signal: AbortSignal): Promise<PeerServer> {
  const python = await installPythonPeer([LLAMA_CPP_SERVER], signal);
  const port = await freePort();
  const parameters = ["--model", weights, "--model_alias", "smollm2", "--host", "127.0.0.1", "--port", String(port)];
  // Without `logits_all` the server refuses log-probabilities.
  const child = spawn(python, ["-m", "llama_cpp.server", ...parameters, "--n_ctx", "2048", "--logits_all", "true"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  const server = { address: `http://127.0.0.1:${port}/v1`, stop: () => stop(child) };
  try {
    await answering(server.address, child, signal);
    return server;
  } catch (error) {
    await server.stop();
    throw new Error(`expected llama-cpp-python to serve, received: ${said}`, { cause: error });
  }
}

async function answering(address: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
  const until = performance.now() + LONGEST_START_MS;
  while (performance.now() < until && child.exitCode === null) {
    signal.throwIfAborted();
    const answer = await fetch(`${address}/models`, { signal }).catch(() => null);
    if (answer?.ok) return;
    await after(500);
  }
  throw new Error(child.exitCode === null ? "no answer in time" : `exit code ${child.exitCode}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
