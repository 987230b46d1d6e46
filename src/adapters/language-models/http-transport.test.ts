import { createServer } from "node:net";
import { expect, it } from "vitest";
import { startLoopback } from "../../../test/conformance/servers/loopback.ts";
import { systemClock } from "../clock.ts";
import { HttpTransport } from "./http-transport.ts";

const UNUSED = new AbortController().signal;

function transportTo(origin: string, timeoutMs = 2000): HttpTransport {
  return new HttpTransport({
    baseUrl: new URL(`${origin}/v1/`),
    address: origin,
    model: "toy",
    keyVariable: "OPENAI_API_KEY",
    secrets: [],
    headers: {},
    clock: systemClock,
    timeoutMs,
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

it("F3: a refused connection is a wrong address while nothing ever answered, and weather afterwards", async () => {
  const nobody = transportTo(`http://127.0.0.1:${await freePort()}`);
  await expect(nobody.post("/x", {}, UNUSED)).rejects.toMatchObject({ scope: "run", code: "address-wrong" });
  await nobody.close();

  const server = await startLoopback(() => ({ json: {} }));
  const somebody = transportTo(server.origin);
  await somebody.post("/x", {}, UNUSED);
  await server.close();
  await expect(somebody.post("/x", {}, UNUSED)).rejects.toMatchObject({ scope: "later", code: "network" });
  await somebody.close();
});

it("F3: a name that no one knows is a wrong address", async () => {
  const transport = transportTo("http://no-such-host.invalid");
  const error = await transport.get("/x", UNUSED).catch((thrown: unknown) => thrown);
  expect(["address-wrong", "network"]).toContain((error as { code: string }).code);
  await transport.close();
});

it("L6: paths stand under the base address, or under the origin where asked", async () => {
  const server = await startLoopback(() => ({ json: { fine: true } }));
  const transport = transportTo(server.origin);
  await transport.post("/chat", { a: 1 }, UNUSED);
  await transport.postToOrigin("/apply-template", {}, UNUSED);
  await transport.get("/models", UNUSED);
  expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/chat",
    "POST /apply-template",
    "GET /v1/models",
  ]);
  expect(server.asked[0]?.body).toEqual({ a: 1 });
  await transport.close();
  await server.close();
});

it("L9: a redirection is not followed, so that no other host gets the key", async () => {
  const elsewhere = await startLoopback(() => ({ json: {} }));
  const server = await startLoopback(() => ({ status: 307, headers: { location: elsewhere.origin } }));
  const transport = transportTo(server.origin);
  await expect(transport.post("/x", {}, UNUSED)).rejects.toMatchObject({ scope: "run", code: "address-wrong" });
  expect(elsewhere.asked).toEqual([]);
  await transport.close();
  await Promise.all([server.close(), elsewhere.close()]);
});

it("F2: a hundred requests at once over kept connections are all answered", async () => {
  const server = await startLoopback(({ body }) => ({ json: { echo: body?.n } }));
  const transport = transportTo(server.origin);
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => transport.post("/x", { n }, UNUSED)));
  expect(answers).toEqual(numbers.map((n) => ({ echo: n })));
  await transport.close();
  await server.close();
});

it("F2: a pause that Google asks for in the body is kept", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" }];
  const server = await startLoopback(() => ({
    status: 429,
    json: { error: { code: 429, message: "quota", details } },
  }));
  const transport = transportTo(server.origin);
  await expect(transport.post("/x", {}, UNUSED)).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 34_500 });
  await transport.close();
  await server.close();
});

it("F3: an account without credit ends the run, though its status is that of a rate limit", async () => {
  const server = await startLoopback(() => ({
    status: 429,
    json: { error: { message: "You exceeded your current quota", code: "insufficient_quota" } },
  }));
  const transport = transportTo(server.origin);
  await expect(transport.post("/x", {}, UNUSED)).rejects.toMatchObject({ scope: "run", code: "quota-exhausted" });
  await transport.close();
  await server.close();
});
