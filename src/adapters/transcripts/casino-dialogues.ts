import { fieldsOf, type Transcribed } from "./transcript.ts";

/** Utterances of CaSiNo's negotiations (Chawla et al. 2021), each with the one before it; deals and their answers apart. */
export function* casinoDialogues(dialogues: readonly unknown[], path: string): Generator<Transcribed> {
  for (const [place, dialogue] of dialogues.entries()) {
    const fields = fieldsOf(dialogue);
    const where = `${path}, dialogue ${place + 1}`;
    if (fields === null || fields.dialogue_id === undefined || !Array.isArray(fields.chat_logs))
      yield { kind: "malformed", where, what: "no dialogue_id with chat_logs" };
    else yield* utterances(fields.chat_logs, String(fields.dialogue_id), where);
  }
}

function* utterances(turns: readonly unknown[], dialogue: string, where: string): Generator<Transcribed> {
  let before = "";
  for (const [place, turn] of turns.entries()) {
    const fields = fieldsOf(turn);
    const at = `${where}, turn ${place + 1}`;
    if (typeof fields?.text !== "string" || typeof fields.id !== "string") {
      yield { kind: "malformed", where: at, what: typeof fields?.text === "string" ? "no speaker" : "no text" };
      continue;
    }
    const { id, text } = fields as { id: string; text: string };
    const data = fieldsOf(fields.task_data);
    if (data !== null && Object.keys(data).length > 0) yield { kind: "apart", what: "deals and answers to them" };
    else if (text.trim() === "") yield { kind: "apart", what: "turns without text" };
    else
      yield {
        kind: "text",
        unit: { unit: `${dialogue}#${place + 1}`, text, ...(before === "" ? {} : { context: before }) },
      };
    before = `${id}: ${text}`;
  }
}
