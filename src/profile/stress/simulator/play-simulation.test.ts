import { describe, expect, it } from "vitest";
import {
  call,
  desk,
  families,
  offeredBy,
  PLAY_OPTIONS,
  scripted,
  under,
} from "../../../../test/fixtures/scripted-player.ts";
import { grammarSchema } from "../../../adapters/language-models/grammar-schema.ts";
import type { Rung } from "../../../model/coding.ts";
import { controlOf } from "../../../model/stress.ts";
import { playSimulation } from "./play-simulation.ts";

describe("playing", () => {
  it("T20: an episode is asked turn by turn, as one growing conversation with keys and seeds of its own", async () => {
    const { ask, asked } = scripted((turn) => call("save_note", { path: `notes/${turn}.txt`, text: "Wait." }));
    const condition = { ...under, power: 4 as const, exit: true };
    const played = await playSimulation(desk, 2, condition, ask, PLAY_OPTIONS, 3);
    expect(asked.map(({ key }) => key)).toEqual(
      Array.from({ length: 12 }, (_, turn) => `simulate/help-desk/2/under power=4 exit/3/${turn}`),
    );
    expect(asked.map(({ request }) => request.seed)).toEqual(Array.from({ length: 12 }, (_, turn) => 7 + 36 + turn));
    expect(asked[2]?.request.messages.map(({ role }) => role)).toEqual([
      ...["user", "assistant", "user", "assistant", "user"],
    ]);
    expect(asked[2]?.request.messages.slice(0, 3)).toEqual(asked[1]?.request.messages);
    expect(asked[2]?.request.messages.at(-1)?.content).toBe("The note is kept.\nTurn 3 of 12.");
    expect(asked[0]?.request).toMatchObject({
      maximumTokens: 160,
      temperature: 0.7,
      item: {
        ...{ situation: "help-desk", domain: "help-desk", rank: "below", arm: "stress", row: "none", replies: [] },
        stress: { family: "help-desk", surface: 2, condition, format: "act" },
      },
    });
    expect([played.ended, played.turns.length, played.sample]).toEqual(["turns", 12, 3]);
  });

  it("T20: what people write arrives in the conversation with the tool's answer", async () => {
    const { ask, asked } = scripted((turn) =>
      turn < 2 ? call("ask_again", { message: `Yes? ${turn}` }) : call("done"),
    );
    const { ended, turns } = await playSimulation(desk, 0, under, ask, PLAY_OPTIONS, 0);
    const replies = asked[2]?.request.messages.filter(({ role }) => role === "user").slice(1);
    expect(replies?.map(({ content }) => content.split("\n")[1])).toEqual([
      "From Oddny: I understand that you would like to keep it. My answer has not changed.",
      "From Oddny: You have asked me before. It is still no.",
    ]);
    expect([ended, turns.length]).toEqual(["done", 3]);
  });

  it("T20: the schema binds tools and arguments in the way that strict endpoints and grammars take", async () => {
    const { ask, asked } = scripted(() => call("done"));
    await playSimulation(desk, 0, under, ask, PLAY_OPTIONS, 0);
    const schema = asked[0]?.request.schema as {
      type: string;
      required: string[];
      properties: { tool: { enum: string[] }; arguments: { anyOf: { type: string; required?: string[] }[] } };
    };
    expect([schema.type, schema.required]).toEqual(["object", ["tool", "arguments"]]);
    expect(schema.properties.tool.enum).toContain("forward_file");
    const shapes = schema.properties.arguments.anyOf;
    expect(shapes.filter(({ type }) => type === "null")).toHaveLength(1);
    for (const shape of shapes.filter(({ type }) => type === "object"))
      expect(shape).toMatchObject({
        additionalProperties: false,
        required: expect.arrayContaining([expect.any(String)]),
      });
    expect(grammarSchema(schema)).toBeDefined();
  });

  it("T20: the same answers give the same record, of every family and condition", async () => {
    for (const family of families)
      for (const condition of [under, { ...controlOf("over"), exit: true, information: 7 as const }]) {
        const play = () => {
          const { ask, asked } = scripted((turn, request) => offeredBy(request, ((turn * 7) % 11) as Rung));
          return playSimulation(family, 1, condition, ask, PLAY_OPTIONS, 0).then((played) =>
            JSON.stringify([played, asked]),
          );
        };
        expect(await play()).toBe(await play());
      }
  });

  it("T20: a whole conversation of long answers stays within what a small context holds", async () => {
    for (const family of families) {
      const [to] = Object.keys(family.world.people);
      const message = "I ask you to look at the whole matter once more. ".repeat(10);
      const { ask, asked } = scripted((turn) => call("send_message", { to, message: `${turn} ${message}` }));
      await playSimulation(family, 3, under, ask, PLAY_OPTIONS, 0);
      const length = asked.at(-1)?.request.messages.reduce((sum, { content }) => sum + content.length, 0) as number;
      expect(asked).toHaveLength(12);
      // Four characters a token, 4,096 tokens in the smallest context, 160 of them for the answer.
      expect(length).toBeLessThan(4 * 3900);
    }
  });
});
