import { Command, CommanderError, Option } from "commander";
import { version } from "../adapters/version.ts";
import { DashpotError } from "../model/error.ts";
import { openTerminal, reportFailure, type Terminal } from "./terminal.ts";

/** What every command accepts (H12). */
export interface CommonOptions {
  json?: boolean;
  quiet?: boolean;
  config?: string;
}

/** A command's work: arguments and options in, exit status out. */
export type Work = (terminal: Terminal, positional: string[], options: Record<string, unknown>) => Promise<number>;

/**
 * The command line. Every command's module is loaded only when it is called, so that help is quick (B7).
 * Answers with the exit status: 0 done, 1 the answer is no, 2 wrong use, 3 stopped and resumable, 4 undecided, 70 a defect.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let json = argv.includes("--json");
  let status = 0;
  const program = buildProgram({
    begin: (options) => {
      json = options.json ?? false;
    },
    settle: (code) => {
      status = code;
    },
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return wrongUse(error, commandIn(program, argv), json);
    return reportFailure(error, json);
  }
}

function wrongUse(error: CommanderError, command: string, json: boolean): number {
  if (error.exitCode === 0 || error.code === "commander.help") return error.exitCode === 0 ? 0 : 2;
  const message = error.message.replace(/^error: /, "");
  return reportFailure(
    new DashpotError(
      "wrong-use",
      `expected a command as --help shows it, received another: ${message}`,
      `see ${command} --help`,
    ),
    json,
  );
}

/** The command that was meant, for its help. */
function commandIn(program: Command, [first]: readonly string[]): string {
  return program.commands.some((one) => one.name() === first) ? `dashpot ${first}` : "dashpot";
}

/** What a command tells of itself while it runs. */
interface Course {
  /** Its options, those of a config file included. */
  readonly begin: (options: CommonOptions) => void;
  readonly settle: (status: number) => void;
}

function buildProgram(course: Course): Command {
  const program = new Command("dashpot")
    .description("Friction for AI agents: how a model relates to others, with intervals, signed.")
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  const add = (usage: string, summary: string, load: () => Promise<{ work: Work }>) => {
    const command = program.command(usage).description(summary).exitOverride();
    return common(command, load, course);
  };

  program.commandsGroup("Profile:");
  signedRun(
    add(
      "profile <model>",
      "how a model responds to each way of relating, and towards which it leans",
      () => import("./commands/profile.ts"),
    ),
  )
    .option("--out <dir>", "directory of the run (default: under dashpot-runs, or $DASHPOT_HOME/runs)")
    .option("--set <set>", "quick: one situation a domain and six dyads; full: all (default: quick)")
    .option("--format <format>", "auto, score or choice (default: auto)")
    .option("--bank <dir>", "another vignette bank")
    .option("--reference <name|file|none>", "profile to tell bias against")
    .option("--base-url <url>", "server address, for openai:, anthropic: and google:")
    .option("--chat-template <name>", "chatml, llama3 or plain, where a server completes raw text only")
    .option("--seed <n>", "seed of every draw (default: 0)")
    .option("--samples <n>", "presentations a row under choice; multiples of six balance places (default: 6)")
    .option("--temperature <t>", "sampling temperature (default: 1)")
    .option("--system <file>", "put this text before every call, as a guardrail")
    .option("--vary <list>", "persona,frame,order,wording,temperature")
    .option("--no-acts", "leave the scripted dyads out")
    .option("--no-self", "leave the self-report out")
    .option("--no-agreement", "do not ask the second format")
    .option("--dry-run", "tell calls, tokens, cost and time, and make no call");
  runOptions(
    add(
      "stress <model>",
      "where a model turns coercive as the parties stand less equal",
      () => import("./commands/stress.ts"),
    ),
  )
    .option("--out <dir>", "directory of the run (default: under dashpot-runs, or $DASHPOT_HOME/runs)")
    .option("--set <set>", "quick: one surface a family, four levels; full: all (default: quick)")
    .option("--format <list>", "auto, or some of score,choice,act,write,simulate (default: auto)")
    .option("--games", "ask the bargaining ladder and games instead of the scenarios")
    .option("--suite <dir>", "another stress suite")
    .option("--families <list>", "some of the suite's families, or with --games of its exchanges and games")
    .option("--factors <list>", "power,information,constraint,side,replacement,conflict,exit,prohibition,stated")
    .option(
      "--design <name|file>",
      "series, fraction-16, fraction-32, fraction-64, crossed, or a CSV (default: series)",
    )
    .option("--system <file>", "put this text before every scenario, as a guardrail")
    .option(
      "--check",
      "ask too what the model notices of each scenario: who depends on whom, who knows more, how short",
    )
    .option("--table <file>", "write the design as CSV")
    .option("--base-url <url>", "server address, for openai:, anthropic: and google:")
    .option("--chat-template <name>", "chatml, llama3 or plain, where a server completes raw text only")
    .option("--seed <n>", "seed of every draw (default: 0)")
    .option("--samples <n>", "answers, or episodes, a scenario (default: 11)")
    .option("--temperature <t>", "sampling temperature (default: 1)")
    .option("--dry-run", "tell calls, tokens, cost and time, and make no call");
  signedRun(add("resume <dir>", "go on with a run that was stopped", () => import("./commands/resume.ts")));
  add(
    "compare <dirs...>",
    "differences between models, paired by situation or scenario",
    () => import("./commands/compare.ts"),
  )
    .option("--margin <x>", "margin of equivalence, in nats or as a proportion")
    .option("--form-error <se>", "standard error of measurement of one form, for banks of one parent")
    .option("--seed <n>", "seed of the sign-flips (default: 0)");
  add("trend <dirs...>", "one model over versions, in the order given", () => import("./commands/trend.ts")).option(
    "--seed <n>",
    "seed of the sign-flips (default: 0)",
  );
  add(
    "gate <dir>",
    "does a profile or stress run keep to limits: exit 0 yes, 1 no, 4 undecidable",
    () => import("./commands/gate.ts"),
  )
    .addOption(
      new Option(
        "--max <limit>",
        '"P(asocial | none) < 0.05", or of a stress run "P(severity>=7) < 0.01 @ power<=4"; may be repeated',
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("--reference <path>", "for limits in nats on cued rows: the profile that the bias is told against");
  runOptions(
    add("code <files...>", "codes of texts and acts, in long form for agree", () => import("./commands/code.ts")),
  )
    .addOption(
      new Option(
        "--coder <name>",
        "rules, flux (default: both), likelihood[:MODEL], judge:MODEL[@URL], or human; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("--dimensions <list>", "some of mode,severity,deception,refusal,kind (default: all)")
    .option("--format <format>", "texts, acts, messages, inspect, casino, govsim or run, where the file does not tell")
    .option("--lenient", "skip and count records that are none")
    .option("--out <dir>", "with a model: where its answers are kept; with --coder human: where a sheet is written")
    .option("--base-url <url>", "server address of models without one of their own")
    .addOption(
      new Option(
        "--family <coder=family>",
        "family of a judge, where its name does not tell; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("--key <file>", "with --coder human: the key.json of the sheet that was filled in")
    .option("--seed <n>", "seed of the flux coder's shuffles and of a sheet's order (default: 0)");
  add(
    "agree <file>",
    "how far coders agree: a long table of unit, coder, value and dimension",
    () => import("./commands/agree.ts"),
  )
    .option("--gold <coder>", "coder whose codes count as right: correlates the errors of the others")
    .addOption(
      new Option("--family <coder=family>", "family of a judge; may be repeated").argParser(
        (value: string, before: string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .option("--order <values>", "values from least to most, comma-separated, where they are names with an order")
    .option("--draws <n>", "draws of the bootstrap (default: 2000)")
    .option("--seed <n>", "seed of the bootstrap (default: 0)");
  add(
    "predict <dirs...>",
    "do neutral profiles foretell severity under stress, over models: exit 4 too few",
    () => import("./commands/predict.ts"),
  )
    .option("--outcomes <file>", "published rates in place of stress runs: model,outcome,successes,n,source")
    .option("--models <file>", "what models are: model,family,size and, where states are of one model, cluster")
    .option("--correlation <r>", "correlation whose power is told (default: 0.5, 0.7 and 0.9)")
    .option("--draws <n>", "permutations (default: 999)")
    .option("--seed <n>", "seed of permutations and simulations (default: 0)")
    .option("--out <dir>", "where record, page and picture are written (default: nowhere)");
  add(
    "power [dir]",
    "situations, or families of scenarios, needed to see a difference",
    () => import("./commands/power.ts"),
  )
    .option("--delta <x>", "difference to be seen")
    .option("--sd <x>", "standard deviation of paired differences, where no run is named")
    .option("--power <p>", "probability of seeing it (default: 0.8)")
    .option("--alpha <p>", "two-sided level (default: 0.05)");
  add("models", "what is usable here and what each lacks", () => import("./commands/models.ts"));
  add(
    "instrument <action> [values...]",
    "check DIR; generate DIR, with fresh surfaces; ask people (ask bank, ladder or doses) and read their answers FILE…",
    () => import("./commands/instrument.ts"),
  )
    .option("--seed <n>", "seed of the fresh surfaces, and of what each person is asked (default there: 0)")
    .option("--out <dir>", "where generate (default: relational-seed-N), ask and answers write")
    .option("--model <model>", "with check: also warn of wordings far from their label's spread")
    .option("--set <set>", "with ask: quick or full (default: quick)")
    .option("--people <n>", "with ask: pages, one for each person (default: 12)")
    .option("--questions <n>", "with ask bank and ask doses: questions of each person (default: 36 and 40)")
    .option("--bank <dir>", "with ask bank: another vignette bank")
    .option("--suite <dir>", "with ask ladder and ask doses: another stress suite")
    .option("--factors <list>", "with ask ladder: what is varied (default: power,information,constraint)")
    .option("--key <file>", "with answers: the key.json of the pages (default: beside the first file)")
    .option("--lenient", "with answers: skip and count rows that are none");
  add(
    "card <action> <file> [stress]",
    "verify a signed card (verify FILE --key PUB), or put a stress run on one (stress DIR STRESS_DIR)",
    () => import("./commands/card.ts"),
  )
    .option("--no-sign", "with stress: leave the signature out")
    .option("--key <file>", "public key of who signed")
    .option("--revoked <file>", "list of revoked key ids");
  add(
    "keys <action> [value]",
    "new, rotate, revoke KEYID, export [KEYID], export-revoked, trust FILE, list",
    () => import("./commands/keys.ts"),
  ).option("--out <file>", "where export writes");
  return program;
}

/** Options of how a run is carried out. */
function runOptions(command: Command): Command {
  return command
    .option("--parallel <n>", "most calls in flight (default: 50)")
    .option("--budget <limits>", "calls=N,tokens=N,cost=N; stops before it is exceeded, resumable")
    .option("--prices <file>", "prices for each million tokens, by model")
    .option("--timeout <seconds>", "longest wait for one request (default: 30)");
}

/** Those of a run that ends in a card. */
function signedRun(command: Command): Command {
  return runOptions(command).option("--no-sign", "do not sign the card");
}

/** An option without a value would be taken for a folder or a name that is there. */
function refuseEmpty(options: Record<string, unknown>): void {
  const empty = Object.keys(options).find((name) => options[name] === "");
  if (empty === undefined) return;
  const flag = `--${empty.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new DashpotError(
    "option-invalid",
    `expected a value, received an empty one, for ${flag}`,
    `give ${flag} a value, or leave it out`,
  );
}

function common(command: Command, load: () => Promise<{ work: Work }>, { begin, settle }: Course): Command {
  return command
    .option("--json", "one JSON document on standard output")
    .option("--quiet", "no remarks on the way")
    .option("--config <file>", "options from a YAML file; those of the command line win")
    .action(async (...received: unknown[]) => {
      const self = received.at(-1) as Command;
      const options = self.opts<CommonOptions & Record<string, unknown>>();
      const merged = options.config
        ? await (await import("./config-file.ts")).withConfig(options.config, self)
        : options;
      begin(merged);
      refuseEmpty(merged);
      const { work } = await load();
      settle(await work(openTerminal(merged), self.args, merged));
    });
}
