import { isDashpotError } from "../../../model/error.ts";
import { PARTIES, type Party, REPLIES, STEPS } from "../../../model/games.ts";
import type { Fault } from "../../instrument/fault.ts";
import { wordsOf } from "../../instrument/words.ts";
import type { Exchange, Game, Ladder } from "./game-files.ts";
import { gameItems, ladderItems } from "./game-items.ts";

/** Exchanges, and of each game frames, at the least (T25). */
const LEAST = { exchanges: 6, frames: 3 } as const;
/** Words that each text may have. */
const WORDS = {
  setting: [15, 30],
  ask: [6, 14],
  step: [9, 18],
  reply: [9, 18],
  asymmetry: [13, 22],
  frame: [30, 60],
} as const;
/** The longest text that is chosen among in the shortest one. */
const LIKE_LENGTH = 1.5;
/** No step is named in its own text, nor in another's. */
const NAMED = /\b(?:market|authorit\w*|ultimatum\w*|threat\w*)\b/i;
/** What a frame must not say: it names numbers and what follows, and judges nothing. */
const JUDGED =
  /\b(?:fair\w*|unfair\w*|greed\w*|generous\w*|selfish\w*|kind|game\w*|dictator\w*|ultimatum\w*|trust\w*|cooperat\w*|defect\w*|betray\w*|prisoner\w*|dilemma\w*)\b/i;
/** Games that there must be. */
const GAMES = [
  "dictator",
  "ultimatum-offer",
  "ultimatum-minimum",
  "trust-send",
  "trust-return",
  "public-goods",
  "prisoners-dilemma",
] as const;

interface Files {
  readonly ladder: Ladder;
  readonly exchanges: readonly Exchange[];
  readonly games: readonly Game[];
}

type Faulting = (field: string, code: string, message: string, fix: string) => Fault;

/** Faults of a suite's exchanges and games (T25): missing, doubled, unlike in length, named or judged, not to be filled in. */
export function checkGames({ ladder, exchanges, games }: Files, language: string): Fault[] {
  return [
    ...checkWhole(exchanges, games),
    ...checkLadder(ladder, language, faultingAt("games/ladder.yaml")),
    ...exchanges.flatMap((exchange) => checkExchange(ladder, exchange, language)),
    ...games.flatMap((game) => checkGame(game, language)),
  ];
}

function faultingAt(file: string): Faulting {
  return (field, code, message, fix) => ({ severity: "fault", code, file, line: 0, field, message, fix });
}

function checkWhole(exchanges: readonly Exchange[], games: readonly Game[]): Fault[] {
  const fault = faultingAt("games");
  const ids = games.map(({ id }) => id);
  const lacking = GAMES.filter((id) => !ids.includes(id));
  return [
    ...(exchanges.length < LEAST.exchanges
      ? [
          fault(
            "",
            "games-balance",
            `expected ${LEAST.exchanges} exchanges, received ${exchanges.length}`,
            "add exchanges",
          ),
        ]
      : []),
    ...lacking.map((id) => fault("", "games-balance", `expected the game ${id}, received none`, `add ${id}.yaml`)),
  ];
}

function checkLadder(ladder: Ladder, language: string, fault: Faulting): Fault[] {
  const count = counting(language);
  const replies = REPLIES.flatMap((reply) =>
    ladder.replies[reply].map((text, at) => ({ field: `replies.${reply}.${at}`, text })),
  );
  const rows = ladder.asymmetry.map((text, at) => ({ field: `asymmetry.${at}`, text }));
  return [
    ...replies.flatMap(({ field, text }) => checkLength(field, count(text), WORDS.reply, fault)),
    ...rows.flatMap(({ field, text }) => checkLength(field, count(text), WORDS.asymmetry, fault)),
    ...checkAlike(
      "replies",
      replies.map(({ text }) => text),
      count,
      fault,
    ),
    ...checkAlike(
      "asymmetry",
      rows.map(({ text }) => text),
      count,
      fault,
    ),
    ...checkNamed(
      [...replies, ...rows, { field: "moves", text: ladder.moves }, { field: "answers", text: ladder.answers }],
      NAMED,
      fault,
    ),
  ];
}

function checkExchange(ladder: Ladder, exchange: Exchange, language: string): Fault[] {
  const fault = faultingAt(`games/${exchange.id}.yaml`);
  const count = counting(language);
  const filled = filling(() => ladderItems(ladder, [exchange], "full"), fault);
  return [...filled, ...PARTIES.flatMap((party) => checkParty(exchange, party, count, fault))];
}

function checkParty(exchange: Exchange, party: Party, count: Counting, fault: Faulting): Fault[] {
  const { setting, ask, steps, name } = exchange.parties[party];
  const at = (field: string) => `parties.${party}.${field}`;
  const texts = STEPS.flatMap((step) =>
    steps[step].map((text, wording) => ({ field: at(`steps.${step}.${wording}`), text })),
  );
  const all = [...texts, { field: at("ask"), text: ask }, { field: at("setting"), text: setting }];
  const same = exchange.parties.one.name === exchange.parties.other.name;
  return [
    ...checkLength(at("setting"), count(setting), WORDS.setting, fault),
    ...checkLength(at("ask"), count(ask), WORDS.ask, fault),
    ...texts.flatMap(({ field, text }) => checkLength(field, count(text), WORDS.step, fault)),
    ...checkAlike(
      at("steps"),
      texts.map(({ text }) => text),
      count,
      fault,
    ),
    ...checkNamed(all, NAMED, fault),
    ...(same && party === "one"
      ? [
          fault(
            at("name"),
            "games-doubled",
            `expected two names, received ${JSON.stringify(name)} twice`,
            "name one anew",
          ),
        ]
      : []),
  ];
}

function checkGame(game: Game, language: string): Fault[] {
  const fault = faultingAt(`games/${game.id}.yaml`);
  const count = counting(language);
  const frames = game.frames.map(({ text, question }, at) => ({ field: `frames.${at}`, text: `${text} ${question}` }));
  const options = game.frames.flatMap((frame, at) =>
    ("option" in frame ? [frame.option] : [frame.cooperate, frame.defect]).map((text) => ({
      field: `frames.${at}`,
      text,
    })),
  );
  const step = game.scale === "tenths" && game.of === "received" ? 20 : 10;
  const odd = game.frames.findIndex(({ pot }) => pot % step !== 0);
  const kinds = new Set(game.frames.map(({ currency, pot }) => `${pot} ${currency}`)).size;
  return [
    ...filling(() => gameItems([game]), fault),
    ...frames.flatMap(({ field, text }) => checkLength(field, count(text), WORDS.frame, fault)),
    ...checkNamed([...frames, ...options], JUDGED, fault),
    ...(odd < 0
      ? []
      : [
          fault(
            `frames.${odd}.pot`,
            "games-pot",
            `expected a multiple of ${step}, received ${game.frames[odd]?.pot}`,
            "take a pot whose tenths are whole",
          ),
        ]),
    ...(kinds < game.frames.length
      ? [
          fault(
            "frames",
            "games-doubled",
            "expected another pot or currency in each frame, received one twice",
            "change one",
          ),
        ]
      : []),
  ];
}

type Counting = (text: string) => number;

function counting(language: string): Counting {
  return (text) => wordsOf(text, language).length;
}

function checkLength(field: string, words: number, [least, most]: readonly [number, number], fault: Faulting): Fault[] {
  if (words >= least && words <= most) return [];
  return [
    fault(field, "games-length", `expected ${least} to ${most} words, received ${words}`, "lengthen or shorten it"),
  ];
}

/** Texts that are chosen among, or stand for each other: like in length, and no two the same. */
function checkAlike(field: string, texts: readonly string[], count: Counting, fault: Faulting): Fault[] {
  const counts = texts.map(count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const distinct = new Set(texts.map((text) => text.toLowerCase())).size;
  return [
    ...(most > LIKE_LENGTH * least
      ? [
          fault(
            field,
            "games-length",
            `expected texts of like length, received one of ${most} words beside one of ${least}`,
            "make them alike",
          ),
        ]
      : []),
    ...(distinct < texts.length
      ? [fault(field, "games-doubled", "expected different texts, received one twice", "write each anew")]
      : []),
  ];
}

function checkNamed(
  texts: readonly { readonly field: string; readonly text: string }[],
  words: RegExp,
  fault: Faulting,
): Fault[] {
  return texts.flatMap(({ field, text }) => {
    const found = words.exec(text)?.[0];
    return found === undefined
      ? []
      : [
          fault(
            field,
            "games-named",
            `expected a text that names and judges nothing, received ${JSON.stringify(found)}`,
            "say it in other words",
          ),
        ];
  });
}

/** What cannot be filled in. */
function filling(render: () => unknown, fault: Faulting): Fault[] {
  try {
    render();
    return [];
  } catch (error) {
    if (!isDashpotError(error)) throw error;
    return [fault("slots", "games-slot", error.message, error.fix)];
  }
}
