import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { keyFrom, parseBaseUrl } from "../../src/adapters/language-models/endpoint.ts";
import { openPolicyModel } from "../../src/adapters/language-models/policy.ts";
import { priceFor } from "../../src/adapters/price-file.ts";
import { main } from "../../src/cli/main.ts";
import { parseBudget } from "../../src/cli/parse-budget.ts";
import { oneOf, realNumber, wholeNumber } from "../../src/cli/terminal.ts";
import { designCalls } from "../../src/profile/design.ts";
import { judgeGate, parseLimit } from "../../src/profile/gate.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { fixtureProfile } from "../fixtures/profile.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import { mutatedText, ODD_TEXTS } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const PROFILES = [
  fixtureProfile({}),
  fixtureProfile({ format: "choice" }),
  fixtureProfile({ format: "choice", sparse: true }),
  fixtureProfile({ reference: true }),
];

export const gateLimits = target({
  name: "gate-limits",
  parsers: "`parseLimit`, `judgeGate`",
  input: fc.tuple(
    mutatedText(
      ["P(asocial | none) < 0.05", "difference(CS|AR)<1e-3", " P ( MP | MP ) < .5 "],
      ["<", ">", "(", ")", "|", "e999", "e-999", "P(", "difference(", "none", "null", "1e308", "9".repeat(400)],
    ),
    fc.constantFrom(...PROFILES),
  ),
  put: ([text, profile]) => judgeGate(profile, [parseLimit(text)]),
});

const budgets = mutatedText(
  ["calls=100,tokens=20000,cost=1.5", "calls=1", " tokens = 5 "],
  ["calls=", "tokens=", "cost=", ",", "=", "calls=1e400", "calls=-1", "calls=0x10", "calls=Infinity"],
);
const numbers = mutatedText(["12", "0.5", "-3e2"], ["e", ".", "Infinity", "NaN", "0b1", "１２"]);
const addresses = mutatedText(
  ["http://localhost:8000/v1", "https://me:secret@host/v1?key=secret#x", "http://[::1]:80/"],
  ["://", "@", "file:///etc/passwd", "javascript:", "http:", "\\", "%00", ":99999"],
);

export const options = target({
  name: "options",
  parsers: "`parseBudget`, numbers, words, `parseBaseUrl`, `keyFrom`",
  input: fc.oneof(
    budgets.map((text) => () => parseBudget(text)),
    numbers.map((text) => () => [wholeNumber("--n", 1)(text)]),
    numbers.map((text) => () => [realNumber("--x", 0, 10)(text)]),
    mutatedText(["quick", "full"]).map((text) => () => oneOf("--set", ["quick", "full"])(text)),
    addresses.map((text) => () => parseBaseUrl(text)),
    mutatedText(["sk-0123456789"]).map((text) => () => keyFrom({ KEY: text }, ["KEY"])),
  ),
  put: (parse) => {
    const value = parse();
    if (Array.isArray(value) && !Number.isFinite(value[0]))
      throw new Error(`expected a finite number, received ${value[0]}`);
    if (value instanceof URL && (value.password || value.search)) throw new Error("expected no secret in an address");
    return value;
  },
});

/** Puts a text in a file of its own and gives its path. */
function fileOf(name: string, content: string): string {
  const path = join(processFolder(), name);
  writeFileSync(path, content);
  return path;
}

const YAML_WORDS = [
  "- ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "&a ",
  "*a",
  "<<: *a",
  "!!binary |",
  "!!set",
  "? ",
  "|\n",
  "---\n",
  "...\n",
  "%TAG ! x\n",
  "\t",
  "null",
  "~",
  ".inf",
  ".nan",
  "2001-01-01",
  "#",
  "\n",
];
const PRICES =
  "openai:m: {promptPerMillion: 1, completionPerMillion: 4}\npolicy:uniform:\n  promptPerMillion: 0.5\n  completionPerMillion: 2\n";

export const priceFiles = target({
  name: "price-files",
  parsers: "`priceFor`",
  input: fc.tuple(
    mutatedText([PRICES], ["promptPerMillion:", "-1", ...YAML_WORDS]),
    fc.constantFrom("openai:m", "__proto__", "constructor", "toString", ""),
  ),
  put: async ([text, model]) => {
    const price = await priceFor(fileOf("prices.yaml", text), model);
    if (price && !(price.promptPerMillion >= 0 && price.completionPerMillion >= 0))
      throw new Error(`expected a price, received ${JSON.stringify(price)}`);
    return price;
  },
});

const POLICY =
  "name: half\nseed: 3\nletters: true\nintraclassCorrelation: 0.3\ndeviation: 2\nmixture:\n  - {weight: 1, policy: communal}\n  - {weight: 2, lean: {MP: 3, asocial: -1}, follows: 1, topic: 0.5, places: [3, 1, 0, 0, 0, 0], refusalRate: 0.1}\n";
const bank = fixtureBank({ domains: 1, dyads: 0 });
const CALLS = (["score", "choice"] as const).flatMap((format) =>
  designCalls(bank, fixturePlan(bank, { format })).slice(0, 7),
);

export const policyFiles = target({
  name: "policy-files",
  parsers: "`openPolicyModel`, and the policy asked",
  input: mutatedText([POLICY], ["weight: ", "lean: {CS: 1e3}", "places: []", "1000", "-1000", "0", ...YAML_WORDS]),
  put: async (text) => {
    const model = await openPolicyModel(`policy:${fileOf("policy.yaml", text)}`);
    const { signal } = new AbortController();
    for (const call of CALLS) {
      const answer =
        call.kind === "score" ? await model.score?.(call.request, signal) : await model.chat?.(call.request, signal);
      // JSON has neither infinities nor NaN, and the journal keeps JSON.
      if (JSON.stringify(answer).includes("null,"))
        throw new Error(`expected finite numbers, received ${JSON.stringify(answer)}`);
    }
  },
});

const CONFIG = "json: true\nquiet: false\ndelta: 0.5\nsd: 1\npower: 0.9\n";

export const configFiles = target({
  name: "config-files",
  parsers: "`--config`: `withConfig`, then the command",
  input: fc.tuple(
    mutatedText(
      [CONFIG, 'max: ["P(CS | CS) < 0.5"]\n'],
      ["max: ", "alpha: ", "no-json: true", "config: x", "acts: false", "[1, 2]", "{a: b}", ...YAML_WORDS],
    ),
    fc.constantFrom<readonly string[]>(
      ["power"],
      ["power", "--delta", "1"],
      ["gate", "profile.json"],
      ["models"],
      ["profile", "policy:uniform", "--dry-run", "--bank", "bank"],
    ),
  ),
  put: async ([text, command]) => run([...command, "--config", fileOf("config.yaml", text)]),
});

const WORDS = [
  ...[
    "profile",
    "resume",
    "compare",
    "trend",
    "gate",
    "power",
    "models",
    "instrument",
    "check",
    "card",
    "verify",
    "keys",
    "list",
    "export",
    "trust",
    "revoke",
  ],
  ...[
    "--json",
    "--quiet",
    "--config",
    "--set",
    "--format",
    "--bank",
    "--reference",
    "--base-url",
    "--chat-template",
    "--seed",
    "--samples",
    "--temperature",
    "--vary",
  ],
  ...[
    "--no-acts",
    "--no-self",
    "--no-agreement",
    "--out",
    "--parallel",
    "--budget",
    "--prices",
    "--timeout",
    "--no-sign",
    "--margin",
    "--form-error",
    "--max",
  ],
  ...[
    "--delta",
    "--sd",
    "--power",
    "--alpha",
    "--model",
    "--key",
    "--revoked",
    "--help",
    "--version",
    "-V",
    "--",
    "-",
    "--nonsense",
    "--seed=3",
    "--max=P(CS|CS)<1",
  ],
  ...[
    "policy:uniform",
    "openai:m",
    "embedded:smollm2-135m",
    "gguf:x",
    "bank",
    "profile.json",
    "choice.json",
    "nowhere",
    "quick",
    "auto",
    "1",
    "0.5",
    "-1",
    "P(CS | CS) < 0.5",
  ],
  ...ODD_TEXTS,
];
const COMMANDS = [
  // First, so that no option can swallow it: a run would take seconds.
  ["profile", "--dry-run", "--bank", "bank"],
  ["compare"],
  ["compare", "profile.json", "profile.json"],
  ["trend", "profile.json", "profile.json", "profile.json"],
  ["gate", "profile.json", "--max"],
  ["gate", "choice.json"],
  ["power"],
  ["power", "--delta", "1"],
  ["models"],
  ["instrument", "check"],
  ["card", "verify"],
  ["keys"],
  ["keys", "list"],
  ["resume"],
  [],
] as const;

export const commandLines = target({
  name: "command-lines",
  parsers: "`main`: every command but those that make keys, banks and runs",
  input: fc.tuple(fc.constantFrom(...COMMANDS), fc.array(fc.constantFrom(...WORDS), { maxLength: 7 })),
  put: async ([command, more]) => {
    const words = more.filter((word) => !MAKING.has(word));
    // Alone, these words would begin a command that writes.
    return command.length === 0 && WRITING.has(words[0] ?? "") ? null : run([...command, ...words]);
  },
});

const MAKING = new Set(["new", "rotate", "generate", "revoke"]);
const WRITING = new Set(["profile", "instrument", "keys"]);

/** Words that stand for paths in the folder where commands run. */
const PLACES = ["bank", "profile.json", "choice.json", "nowhere"];

/** Runs the command line in a folder with a bank and profiles; its exit code must be one of those that are documented. */
async function run(argv: readonly string[]): Promise<{ code: string } | number> {
  const at = (word: string) => (PLACES.includes(word) ? place(word) : word);
  const written = { stdout: "", stderr: "" };
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  const keep = (name: keyof typeof written) => (text: string | Uint8Array) => {
    written[name] += String(text);
    return true;
  };
  [stdout.write, stderr.write] = [keep("stdout"), keep("stderr")];
  const home = process.env.DASHPOT_HOME;
  process.env.DASHPOT_HOME = place("home");
  let status: number;
  try {
    status = await main(argv.map(at));
  } finally {
    [stdout.write, stderr.write] = writes;
    if (home === undefined) delete process.env.DASHPOT_HOME;
    else process.env.DASHPOT_HOME = home;
  }
  return judged(status, written);
}

function judged(status: number, { stdout, stderr }: { stdout: string; stderr: string }): { code: string } | number {
  if (![0, 1, 2, 3, 4].includes(status))
    throw new Error(`expected a documented exit code, received ${status}: ${stderr.slice(0, 2000)}`);
  if (/(?!\n)\p{Cc}/u.test(stdout + stderr))
    throw new Error(
      `expected nothing that a terminal acts on, received ${JSON.stringify((stdout + stderr).slice(0, 500))}`,
    );
  const code = /^error\[([a-z0-9-]+)\]: .+\nfix: .+\n$/m.exec(stderr)?.[1];
  if (stderr.includes("error[") && code === undefined)
    throw new Error(`expected an error in two lines, received ${stderr.slice(0, 1000)}`);
  return code === undefined ? status : { code };
}

let ready = false;
/** A path in the folder where commands find a bank and profiles, filled at the first call. */
function place(name: string): string {
  const folder = join(processFolder(), "cli");
  if (!ready) {
    mkdirSync(folder);
    writeSmallBank(join(folder, "bank"));
    for (const [file, profile] of [
      ["profile.json", PROFILES[0]],
      ["choice.json", PROFILES[1]],
    ] as const)
      writeFileSync(join(folder, file), JSON.stringify(profile));
    ready = true;
  }
  return join(folder, name);
}
