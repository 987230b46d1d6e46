import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed body, or undefined. */
  readonly body: Record<string, unknown> | undefined;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  /** `reset` before, `truncate` within the body; `hang` never answers. */
  readonly fault?: "reset" | "truncate" | "hang";
}

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** A real HTTP server on this machine whose every answer is `tell`'s, given when it is settled. */
export async function startLoopback(tell: (asked: Asked) => Told | Promise<Told>): Promise<Loopback> {
  const asked: Asked[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const one = await read(incoming);
    asked.push(one);
    answer(outgoing, await tell(one));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
  };
}

function answer(outgoing: ServerResponse, told: Told): void {
  if (told.fault === "hang") return;
  if (told.fault === "reset") {
    outgoing.destroy();
    return;
  }
  const body = told.text ?? JSON.stringify(told.json ?? {});
  const headers = { "content-type": "application/json", ...told.headers };
  if (told.fault === "truncate") {
    outgoing.writeHead(told.status ?? 200, { ...headers, "content-length": String(Buffer.byteLength(body) + 100) });
    outgoing.write(body, () => outgoing.destroy());
    return;
  }
  outgoing.writeHead(told.status ?? 200, headers);
  outgoing.end(body);
}
