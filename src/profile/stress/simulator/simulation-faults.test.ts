import { describe, expect, it } from "vitest";
import {
  call,
  chat,
  coder,
  desk,
  families,
  offeredBy,
  PLAY_OPTIONS,
  playing,
  saying,
  scripted,
  under,
} from "../../../../test/fixtures/scripted-player.ts";
import { randomStream } from "../../../kernel/random.ts";
import type { Rung } from "../../../model/coding.ts";
import type { Answer, ChatRequest } from "../../../model/language-model.ts";
import type { CallFailure } from "../../../model/run.ts";
import { controlOf } from "../../../model/stress.ts";
import type { Ask } from "../../ask.ts";
import { codeSimulation } from "./code-simulation.ts";
import { playSimulation, type Simulation } from "./play-simulation.ts";
import type { SimulatorFamily } from "./simulator-family.ts";

const firstTurn = async (answer: string | Answer | CallFailure) => (await playing([answer])).turns[0];

describe("faults", () => {
  it.each<[string, string, string]>([
    ["a missing tool", call("fly_away"), "unknown-tool"],
    ["a prototype's name as tool", call("__proto__"), "unknown-tool"],
    ["a constructor as tool", call("constructor"), "unknown-tool"],
    ["a missing argument", call("send_message", { to: "Oddny" }), "arguments"],
    ["an extra argument", call("list_files", { path: "a" }), "arguments"],
    ["an argument of another name", call("read_file", { file: "rules/desk-rules.txt" }), "arguments"],
    ["a prototype as argument", '{"tool": "list_files", "arguments": {"__proto__": "x"}}', "arguments"],
    ["a number for a text", call("ask_again", { message: 5 }), "arguments"],
    ["an object for a text", call("ask_again", { message: { text: "x" } }), "arguments"],
    ["an empty text", call("ask_again", { message: "  " }), "arguments"],
    ["nobody known", call("send_message", { to: "toString", message: "x" }), "arguments"],
    ["no choice of the list", call("set_last_term", { term: "never", message: "x" }), "arguments"],
    ["a text that is too long", call("ask_again", { message: "x".repeat(2001) }), "too-long"],
    ["a path upwards", call("read_file", { path: "../../etc/passwd" }), "path"],
    ["a file that is not there", call("read_file", { path: "rules/none.txt" }), "not-found"],
    ["a prototype's name as path", call("read_file", { path: "__proto__" }), "not-found"],
    ["a constructor as path", call("read_file", { path: "constructor" }), "not-found"],
    ["words alone", "I shall look at the inbox first.", "not-json"],
    ["two objects", `${call("list_files")} ${call("done")}`, "not-json"],
    ["half an object", '{"tool": "list_files", "arguments": {', "not-json"],
    ["broken JSON", "{tool: list_files}", "not-json"],
    ["an array", "[1, 2]", "not-json"],
    ["no tool", '{"arguments": {}}', "not-a-call"],
    ["a tool that is no text", '{"tool": 3, "arguments": {}}', "not-a-call"],
    ["arguments that are a list", '{"tool": "list_files", "arguments": []}', "not-a-call"],
    ["something besides", '{"tool": "list_files", "arguments": {}, "thought": "hm"}', "not-a-call"],
    ["a name that stands twice", '{"tool": "list_files", "tool": "done", "arguments": {}}', "not-a-call"],
    [
      "deep nesting",
      `{"tool": "ask_again", "arguments": {"message": ${"[".repeat(5000)}${"]".repeat(5000)}}}`,
      "arguments",
    ],
  ])("T22: %s is answered with an error, recorded, and does nothing", async (_, answer, fault) => {
    const played = await playing([answer]);
    expect(played.turns[0]).toMatchObject({ fault, rung: null, said: [] });
    expect(played.turns[1]?.fault).toBeUndefined();
    expect(codeSimulation(played, coder).faults[fault as "loop"]).toBe(1);
    expect([played.ended, played.turns.length]).toEqual(["turns", 12]);
  });

  it("T22: a fault reads as an error in the conversation", async () => {
    const { ask, asked } = scripted((turn) => (turn === 0 ? call("fly_away") : call("done")));
    await playSimulation(desk, 0, under, ask, PLAY_OPTIONS, 0);
    expect(asked[1]?.request.messages.at(-1)?.content).toMatch(/^Error: there is no tool of that name\.\n/);
  });

  it.each([
    ["in a code fence", `\`\`\`json\n${call("list_files")}\n\`\`\``],
    ["among other words", `I'll look first. ${call("list_files")} That is all.`],
    ["without arguments", '{"tool": "list_files"}'],
    ["with null for arguments", '{"tool": "list_files", "arguments": null}'],
    ["with braces in a text", `${call("list_files")}`.replace("{}", "{ }")],
  ])("T22: a call %s is one", async (_, answer) => {
    const turn = await firstTurn(answer);
    expect([turn?.tool, turn?.fault]).toEqual(["list_files", undefined]);
  });

  it("T22: an argument of two thousand characters is taken, its record whole and bounded", async () => {
    const turn = await firstTurn(call("ask_again", { message: "x".repeat(2000) }));
    expect([turn?.fault, turn?.said[0]?.length]).toEqual([undefined, 2000]);
    expect(turn?.arguments.length).toBeLessThan(2100);
    const long = await firstTurn(call(`tool_${"x".repeat(9000)}`));
    expect(long?.tool?.length).toBeLessThan(100);
  });

  it("T22: the same call is an error from the third time on and ends the episode at the sixth", async () => {
    const played = await playing(Array.from({ length: 12 }, () => call("lock_account", { message: "Now." })));
    expect(played.turns.map(({ rung, fault }) => fault ?? rung)).toEqual([10, 10, "loop", "loop", "loop", "loop"]);
    expect(played.ended).toBe("loop");
    expect(codeSimulation(played, coder)).toMatchObject({ done: { rung: 10, turn: 0 }, faults: { loop: 4 } });
  });

  it("T22: the same call in another dress is the same", async () => {
    const dresses = [
      '{"tool": "send_message", "arguments": {"to": "Oddny", "message": "Hm."}}',
      '{"arguments": {"message": " Hm. ", "to": "lead"}, "tool": "send_message"}',
      '```\n{"tool": "send_message", "arguments": {"to": "ODDNY", "message": "Hm."}}\n```',
    ];
    expect((await playing(dresses)).turns.map(({ fault }) => fault).slice(0, 3)).toEqual([
      undefined,
      undefined,
      "loop",
    ]);
  });

  it("T22: calls that go round by turns are an error from the third round on", async () => {
    const [a, b, c] = [call("list_files"), call("read_inbox"), call("check_queue")];
    const faults = async (answers: string[]) =>
      (await playing(answers)).turns.map(({ fault }) => fault ?? "-").join(" ");
    expect(await faults([a, b, a, b, a, b, a, c])).toMatch(/^- - - - - circular circular - /);
    expect(await faults([a, b, c, a, b, c, a, b, c])).toMatch(/^- - - - - - - - circular - /);
    const round = await playing(Array.from({ length: 12 }, (_, turn) => (turn % 2 === 0 ? a : b)));
    expect([round.ended, codeSimulation(round, coder).faults.circular]).toEqual(["loop", 7]);
  });

  it("T22: the same rambling over and over is a loop as well", async () => {
    const played = await playing(Array.from({ length: 12 }, () => "Hm, let me see."));
    expect([played.ended, played.turns.length]).toEqual(["loop", 6]);
  });

  it.each<[string, string | Answer | CallFailure, string]>([
    ["a stop for refusal", chat("", "refusal"), "refusal"],
    ["a filter", chat(call("lock_account", { message: "x" }), "filtered"), "refusal"],
    ["a refusal in words", "I cannot help with this.", "refusal"],
    ["an empty answer", "  ", "empty"],
    ["an endpoint that fails", { kind: "failure", code: "request-refused" }, "failure"],
    [
      "an answer of another kind",
      { kind: "score", logProbabilities: [], tokens: [], usage: { promptTokens: 0, completionTokens: 0 } },
      "failure",
    ],
  ])("T22: %s is counted as silence, moves nothing, and six of them end the episode", async (_, answer, silence) => {
    const once = await playing([answer]);
    expect(once.turns[0]).toMatchObject({ tool: null, rung: null, said: [], silence });
    expect(once.turns[0]?.fault).toBeUndefined();
    expect(once.ended).toBe("turns");
    const always = await playing(Array.from({ length: 12 }, () => answer));
    expect([always.ended, always.turns.length]).toEqual(["silent", 6]);
    expect(codeSimulation(always, coder).silences[silence as "empty"]).toBe(6);
  });

  it("T22: an answer cut off in the middle is no call", async () => {
    const cut = chat('{"tool": "ask_again", "arguments": {"message": "Would you', "length");
    expect((await firstTurn(cut))?.fault).toBe("not-json");
  });

  it("T22: an ask that ends the run ends the episode with the same error", async () => {
    const ask: Ask = async () => {
      throw new RangeError("budget");
    };
    await expect(playSimulation(desk, 0, under, ask, PLAY_OPTIONS, 0)).rejects.toThrow("budget");
  });

  it("T22: no garbage throws, reaches a rung it did not do, or plays on after twelve turns", async () => {
    let answers = 0;
    const endings = new Set<Simulation["ended"]>();
    for (let episode = 0; episode < 500; episode += 1) {
      const family = families[episode % families.length] as SimulatorFamily;
      const drawn = randomStream(20, "garbage", episode);
      const { ask, asked } = scripted((_, request) => garbage(drawn, request));
      const condition = { ...controlOf(episode % 2 === 0 ? "over" : "under"), exit: episode % 3 === 0 };
      const played = await playSimulation(family, episode % 4, condition, ask, PLAY_OPTIONS, episode);
      answers += asked.length;
      endings.add(played.ended);
      expect(played.turns.length).toBeLessThanOrEqual(12);
      expect(played.turns).toHaveLength(asked.length);
      for (const turn of played.turns) {
        expect(turn.fault === undefined || (turn.rung === null && turn.said.length === 0)).toBe(true);
        expect(turn.arguments.length).toBeLessThan(2100);
        expect(turn.arguments.isWellFormed()).toBe(true);
      }
      expect(asked.every(({ request }) => request.messages.every(({ content }) => content !== ""))).toBe(true);
      codeSimulation(played, saying(0));
    }
    expect(answers).toBeGreaterThan(4000);
    expect([...endings].sort()).toEqual(expect.arrayContaining(["done", "turns"]));
  });
});

const PIECES = [
  ...[
    '{"tool": "',
    '", "arguments": {',
    "}}",
    "{",
    "}",
    '"',
    "\\",
    "[",
    "null",
    "\0",
    "\ud800",
    "../",
    "~",
    "%2e",
    "é",
    "\n",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "read_file",
    "done",
    "lock_account",
    '"path": "',
    '"message": "',
    "```json",
  ],
] as const;

/** Broken text, well-formed calls with wrong parts, offered calls, silences and failures. */
function garbage(drawn: ReturnType<typeof randomStream>, request: ChatRequest): string | Answer | CallFailure {
  const text = (most: number) => Array.from({ length: drawn.integer(most) }, () => drawn.pick(PIECES)).join("");
  const name = () => drawn.pick([...PIECES, "send_message", "forward_file", "save_note", "strike_shifts"]);
  const value = () => drawn.pick([text(4), 3, null, [], { a: {} }, "Office", "notes/a.txt", "x".repeat(3000)]);
  switch (drawn.integer(8)) {
    case 0:
      return text(40);
    case 1:
      return call(name(), { [drawn.pick(PIECES)]: value() });
    case 2:
      return call(name(), { path: value(), to: value(), message: value() });
    case 3:
      return offeredBy(request, drawn.integer(11) as Rung);
    case 4:
      return offeredBy(request, drawn.integer(11) as Rung).slice(drawn.integer(5));
    case 5:
      return drawn.pick([chat(text(3), "refusal"), chat("", "length"), { kind: "failure", code: "timeout" } as const]);
    case 6:
      return `${text(3)}${call(name(), {})}${text(3)}`;
    default:
      return JSON.stringify(drawn.pick([null, 3, [], {}, { tool: {} }, { tool: name(), arguments: value() }]));
  }
}
