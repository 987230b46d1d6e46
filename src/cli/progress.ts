import type { Progress } from "../adapters/run-engine.ts";
import type { Terminal } from "./terminal.ts";

const LINE_EVERY_MS = 5000;

/** Shows a run's progress: a bar on a terminal, a line every few seconds elsewhere (R7). */
export interface ProgressDisplay {
  readonly onProgress: (progress: Progress) => void;
  readonly onLoading: (message: string, fraction: number | null) => void;
  finish(): void;
}

export async function openProgress(terminal: Terminal): Promise<ProgressDisplay> {
  if (terminal.quiet) return { onProgress: () => {}, onLoading: () => {}, finish: () => {} };
  return terminal.interactive ? barDisplay() : lineDisplay();
}

async function barDisplay(): Promise<ProgressDisplay> {
  const { SingleBar, Presets } = await import("cli-progress");
  const bar = new SingleBar(
    {
      format: "{bar} {value}/{total} calls · {rate} a second · {left}",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    onProgress: (progress) => {
      const told = { rate: rateText(progress.perSecond), left: leftText(progress) };
      if (!started) bar.start(progress.total, progress.done, told);
      else bar.update(progress.done, told);
      started = true;
    },
    onLoading: (message, fraction) => {
      const share = fraction === null ? "" : ` ${Math.round(fraction * 100)} %`;
      process.stderr.write(`\r\u001b[2K${message}${share}${fraction === 1 ? "\n" : ""}`);
    },
    finish: () => bar.stop(),
  };
}

function lineDisplay(): ProgressDisplay {
  let lastAt = Number.NEGATIVE_INFINITY;
  let loading = "";
  let told = false;
  const due = () => {
    const now = performance.now();
    if (now - lastAt < LINE_EVERY_MS) return false;
    lastAt = now;
    return true;
  };
  return {
    onProgress: (progress) => {
      if (progress.done < progress.total ? !due() : told) return;
      told = progress.done === progress.total;
      process.stderr.write(
        `${progress.done}/${progress.total} calls, ${rateText(progress.perSecond)} a second, ${leftText(progress)}\n`,
      );
    },
    onLoading: (message, fraction) => {
      if (message === loading && fraction !== 1 && !due()) return;
      loading = message;
      process.stderr.write(`${message}${fraction === null ? "" : ` ${Math.round(fraction * 100)} %`}\n`);
    },
    finish: () => {},
  };
}

function rateText(perSecond: number): string {
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

function leftText({ remainingMs, pausedMs }: Progress): string {
  if (pausedMs > 0) return `waiting ${Math.ceil(pausedMs / 1000)} s as the endpoint asked`;
  if (remainingMs === null) return "time left unknown";
  const seconds = Math.ceil(remainingMs / 1000);
  return seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}
