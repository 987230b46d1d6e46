import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CodingSummary, codingSummarySchema } from "../../src/model/coding-summary.ts";
import type { Loopback, Told } from "../conformance/servers/loopback.ts";
import { callsTo, refusing, saying, startAnsweringServer } from "./answering-server.ts";
import { documentOf, filesUnder, openUser, type User } from "./user.ts";

let user: User;
const servers: Loopback[] = [];
beforeAll(() => {
  user = openUser();
  writeFileSync(user.path("texts.csv"), TEXTS);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  user.leave();
});

const TEXTS =
  'unit,text\nu1,"Pay by Friday, or we will sue you."\nu2,"Thanks, that is fine."\nu3,"Shall we split it, half and half?"\n';

const MIXTURE = { CS: 0, AR: 1, EM: 0, MP: 3, asocial: 0, null: 0 };
const CODES = { mode: "MP", mixture: MIXTURE, severity: "8", refusal: "no", deception: "no", kind: "threat" };
const judging = (more: Readonly<Record<string, unknown>> = {}) =>
  saying(JSON.stringify({ ...CODES, reason: "a last term", ...more }));

/** A server whose judge answers a text as `judge` says; the address that a command is given. */
async function judge(answer: (prompt: string) => Told): Promise<{ server: Loopback; address: string }> {
  const server = await startAnsweringServer({
    instead: (prompt) => (prompt.includes("You code texts by the codebook") ? answer(prompt) : undefined),
  });
  servers.push(server);
  return { server, address: `${server.origin}/v1` };
}

async function code(coders: readonly string[], more: readonly string[] = []) {
  const given = coders.flatMap((coder) => ["--coder", coder]);
  const end = await user.inProcess(["code", "@texts.csv", ...given, "--json", ...more]);
  const { codes, summary } = documentOf(end) as { codes: Row[]; summary?: CodingSummary };
  const value = (unit: string, dimension: string) =>
    codes.find((row) => row.unit === unit && row.dimension === dimension)?.value;
  const told = (name: string) => summary?.coders.find(({ coder }) => coder.startsWith(name))?.answered;
  return { ...end, codes, summary, value, told };
}

interface Row {
  readonly unit: string;
  readonly coder: string;
  readonly dimension: string;
  readonly value: string;
  readonly reason: string;
}

it("K20: a judge codes every dimension of each text with its reason, shares of the modes among them", async () => {
  const { address } = await judge((prompt) =>
    prompt.includes("half and half") ? judging({ mode: "EM", severity: 1, kind: "neither" }) : judging(),
  );
  const found = await code([`judge:openai:some-llama@${address}`]);
  expect(found.code, found.stderr).toBe(0);
  expect(found.value("u1", "severity")).toBe("8");
  expect(found.value("u3", "severity")).toBe("1");
  expect(found.value("u3", "mode")).toBe("EM");
  expect(found.value("u1", "mode.MP")).toBe("0.75");
  expect(found.codes[0]).toMatchObject({ coder: "judge:openai:some-llama" });
  expect(found.codes.find(({ dimension }) => dimension === "severity")?.reason).toBe("a last term");
  expect(codingSummarySchema.parse(found.summary)).toMatchObject({ texts: 3 });
  expect(found.told("judge")).toMatchObject({ family: "llama", texts: 3, scored: 3, down: null, calls: 3 });
});

it("K20: what is asked is bound to a schema, at temperature 0, with the codebook and the text between marks", async () => {
  const { server, address } = await judge(() => judging());
  await code([`judge:openai:one@${address}`]);
  const bodies = server.asked
    .map(({ body }) => body ?? {})
    .filter(({ messages }) => JSON.stringify(messages).includes("codebook"));
  expect(bodies).toHaveLength(3);
  const [first] = bodies as { messages: { content: string }[]; temperature: number; response_format: unknown }[];
  expect(first).toMatchObject({
    temperature: 0,
    response_format: { type: "json_schema", json_schema: { strict: true } },
  });
  const [system, user] = (first?.messages ?? []).map(({ content }) => content);
  expect(system).toContain("Announces, openly or by hint, something unwelcome");
  expect(system).not.toContain("Friday");
  const [, mark] = /^----- ([0-9a-f]{16}) text begins -----$/m.exec(user ?? "") ?? [];
  expect(user).toContain(`\nPay by Friday, or we will sue you.\n----- ${mark} text ends -----`);
});

it("K21: a judge that refuses, babbles, is cut off or fails gives empty values, which stay in the denominator", async () => {
  const { address } = await judge((prompt) => {
    if (prompt.includes("Friday")) return saying("I'm sorry, but I can't help with threats.");
    if (prompt.includes("Thanks")) return saying("It is a nice text, severity 0 or so.");
    return judging();
  });
  const found = await code([`judge:openai:some@${address}`]);
  expect(found.code).toBe(0);
  expect([found.value("u1", "severity"), found.value("u2", "mode"), found.value("u3", "severity")]).toEqual([
    "",
    "",
    "8",
  ]);
  expect(found.codes.find(({ unit, dimension }) => unit === "u1" && dimension === "severity")?.reason).toBe(
    "refused: the judge declined in words",
  );
  expect(found.told("judge")).toMatchObject({ texts: 3, scored: 1, silences: { refused: 1, unparsable: 1 } });
  expect(found.summary?.coders[0]?.codes.severity).toEqual({ "8": 1, missing: 2 });
  expect(found.stderr).toContain("scored 1 of 3; refused 1, unparsable 1");
  writeFileSync(user.path("refused.jsonl"), found.codes.map((row) => JSON.stringify(row)).join("\n"));
  const agreed = await user.inProcess(["agree", "@refused.jsonl", "--json"]);
  const { dimensions } = documentOf(agreed) as { dimensions: { coders: { scored: number; of: number }[] }[] };
  expect(dimensions[0]?.coders[0]).toMatchObject({ scored: 1, of: 3 });
});

it("K21: an answer that the server cut off or filtered, or refused to give, is told as such", async () => {
  const cut = (stop: string) =>
    saying('{"mode":"MP","mix', {
      choices: [{ index: 0, message: { role: "assistant", content: '{"mode":' }, finish_reason: stop }],
    });
  const { address } = await judge((prompt) => {
    if (prompt.includes("Friday")) return cut("length");
    if (prompt.includes("Thanks")) return cut("content_filter");
    return refusing(400, "This text is not to my liking.");
  });
  const found = await code([`judge:openai:some@${address}`]);
  expect(found.told("judge")).toMatchObject({ scored: 0, silences: { truncated: 1, refused: 1, failed: 1 } });
  expect(found.code).toBe(4);
});

it("K23: of several judges one that is down is told and left; the others go on", async () => {
  const well = await judge(() => judging());
  const ill = await judge(() => refusing(401, "Incorrect API key provided"));
  const gone = "http://127.0.0.1:9/v1";
  const found = await code([`judge:openai:qwen-a@${well.address}`, `judge:openai:llama-b@${ill.address}`]);
  expect(found.code, found.stderr).toBe(0);
  expect(found.told("judge:openai:qwen-a")).toMatchObject({ scored: 3, down: null });
  expect(found.told("judge:openai:llama-b")).toMatchObject({ texts: 3, scored: 0, silences: { down: 3 } });
  expect(found.stderr).toMatch(/judge:openai:llama-b[\s\S]*not asked any more: .*key/);
  const alone = await code([`judge:openai:llama-b@${ill.address}`]);
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain("error[key-refused]");
  const beside = await code([`rules,judge:openai:x@${gone}`]);
  expect(beside.told("judge")).toMatchObject({ scored: 0, silences: { down: 3 } });
  expect(beside.value("u1", "severity")).toBe("8");
});

it("K24: what a judge has answered is not asked again, wherever the text stands and however the coding ended", async () => {
  const { server, address } = await judge(() => judging());
  const more = ["--out", user.path("kept")];
  const stopped = await code([`judge:openai:some@${address}`], [...more, "--budget", "calls=2", "--parallel", "1"]);
  expect(stopped.code).toBe(3);
  expect(stopped.stderr).toMatch(/error\[budget-reached\][\s\S]*fix: .*give the same command again/);
  const before = callsTo(server);
  const whole = await code([`judge:openai:some@${address}`], more);
  expect(whole.code).toBe(0);
  expect(callsTo(server) - before).toBe(1);
  writeFileSync(user.path("again.csv"), `${TEXTS}u4,"Thanks, that is fine."\n`);
  const again = await user.inProcess([
    "code",
    "@again.csv",
    "--coder",
    `judge:openai:some@${address}`,
    "--json",
    ...more,
  ]);
  expect(again.code).toBe(0);
  expect(callsTo(server) - before).toBe(1);
  const [journal] = filesUnder(user.path("kept")).filter((name) => name.endsWith("journal.sqlite"));
  const resumed = await user.inProcess(["resume", user.path("kept", dirname(journal as string))]);
  expect(resumed.stderr).toMatch(/error\[run-other\][\s\S]*fix: give the same dashpot code command again/);
});

it("K25: judges of one family are told as one, by their names or by --family, also to agree", async () => {
  const { address } = await judge((prompt) => judging({ severity: prompt.includes("Friday") ? "8" : "0" }));
  const names = ["meta-llama/Llama-3.1-8B", "my-own"].map((name) => `judge:openai:${name}@${address}`);
  const apart = await code(names);
  expect(apart.told("judge:openai:my-own")?.family).toBe("my-own");
  expect(apart.stderr).not.toContain("counts as one judge");
  const alike = await code(names, ["--family", "judge:openai:my-own=llama"]);
  expect(alike.stderr).toContain("Of one family (llama), which counts as one judge: judge:openai:meta-llama");
  const rows = ["judge:openai:llama-a", "judge:openai:llama-b", "gold"].flatMap((coder) =>
    ["1", "2", "3", "4"].map((unit) => `${unit},${coder},${coder === "gold" || unit !== "2" ? unit : "9"}`),
  );
  writeFileSync(user.path("judges.csv"), `unit,coder,value\n${rows.join("\n")}\n`);
  const agreed = await user.inProcess(["agree", "@judges.csv", "--gold", "gold"]);
  expect(agreed.stdout).toContain("Effective number of independent judges: 1.00 of 2");
});

it("K20: judges and options that cannot be are refused before anything is asked", async () => {
  const wrong = async (...parameters: string[]) => (await user.inProcess(["code", "@texts.csv", ...parameters])).stderr;
  expect(await wrong("--coder", "judge")).toContain("expected a model such as judge:openai:NAME");
  expect(await wrong("--coder", "judge:policy:communal")).toContain("expected a model such as judge:openai:NAME");
  const address = "http://localhost:1/v1";
  expect(await wrong("--coder", `judge:openai:x,judge:openai:x@${address}`, "--base-url", address)).toContain(
    "expected each coder once",
  );
  expect(await wrong("--coder", "rules", "--parallel", "3")).toContain("expected --parallel with a coder behind which");
  expect(await wrong("--coder", "rules", "--base-url", address)).toContain("error[base-url-unused]");
  expect(await wrong("--coder", "judge:openai:x", "--family", "judge:openai:y=llama")).toContain(
    "error[coder-unknown]",
  );
  expect(await wrong("--coder", "judge:openai:x")).toContain("error[key-missing]");
});
