import { spawn } from "node:child_process";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the running process, to signal it. */
  readonly during?: (running: RunningCommand) => void;
}

export interface RunningCommand {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Calls back once a piece of text has come on standard output. */
  seen(text: string, then: () => void): void;
}

/** Runs a command to its end without standard input and gives what it wrote and how it ended. */
export function runCommand(
  command: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<CommandEnd> {
  const { cwd, env = process.env } = options;
  const child = spawn(command, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const seen = (text: string, then: () => void): void => {
    const look = (): void => {
      if (!stdout.includes(text)) return;
      child.stdout.off("data", look);
      then();
    };
    child.stdout.on("data", look);
  };
  options.during?.({ pid: child.pid ?? -1, kill: (signal) => void child.kill(signal), seen });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
