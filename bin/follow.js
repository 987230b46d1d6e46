import { spawn } from "node:child_process";

/**
 * Runs a command on this process's own standard streams, passes SIGINT and SIGTERM on to it, and ends as it ended: with
 * its exit code or by its signal.
 */
export function follow(command, parameters, options = {}) {
  const child = spawn(command, parameters, { stdio: "inherit", ...options });
  const listeners = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      for (const [name, listener] of listeners) process.off(name, listener);
      process.exitCode = code ?? 70;
      if (signal !== null) process.kill(process.pid, signal);
      resolve();
    });
  });
}

/**
 * A terminal sends Ctrl-C to parent and child alike: forwarding it there would make one Ctrl-C two, and two mean
 * "stop at once". Without a terminal the signal reaches the parent alone.
 */
function forwardSignals(child) {
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const listeners = [
    ["SIGINT", () => terminal || child.kill("SIGINT")],
    ["SIGTERM", () => child.kill("SIGTERM")],
  ];
  for (const [name, listener] of listeners) process.on(name, listener);
  return listeners;
}
