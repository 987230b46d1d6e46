import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { z } from "zod";
import { DashpotError } from "../model/error.ts";
import { type StressReport, stressReportSchema } from "../model/stress-report.ts";
import { renderStressPage } from "../profile/report/stress/stress-page.ts";
import { renderStressPicture } from "../profile/report/stress/stress-picture.ts";
import { cellTable } from "../profile/stress/cell-table.ts";
import { rasterise } from "./rasterise.ts";
import { type ReportFile, replaceFiles, stressText } from "./report-files.ts";

/**
 * Writes record, report, picture, design and cells into a run's directory, each whole or not at all (T15). Throws
 * `output-unwritable`, exit 3: the journal has everything.
 */
export async function writeStressOutputs(
  report: StressReport,
  design: string,
  directory: string,
): Promise<{ readonly name: string; readonly path: string }[]> {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const picture = renderStressPicture(report, { document });
  const files: ReportFile[] = [
    { name: "stress.json", content: stressText(report) },
    { name: "stress.html", content: renderStressPage(report, { document }) },
    { name: "stress.svg", content: picture },
    { name: "stress.png", content: await rasterise(picture) },
    { name: "design.csv", content: design },
    { name: "cells.csv", content: cellTable(report) },
  ];
  return replaceFiles(directory, files);
}

/** Whether a path is a finished stress run, or its record. */
export function isStressRun(path: string): boolean {
  return path.endsWith("stress.json") || existsSync(join(path, "stress.json"));
}

/** The record of a stress run, from its directory or its file. Errors: `stress-report-missing`, `stress-report-unreadable`. */
export function readStressReport(path: string): StressReport {
  const file = path.endsWith(".json") ? path : join(path, "stress.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new DashpotError(
      "stress-report-missing",
      `expected the record of a stress run, received nothing readable, at ${file}`,
      "name a stress.json or the directory of a finished stress run",
      { cause },
    );
  }
  try {
    return stressReportSchema.parse(JSON.parse(text));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const received = issue ? `one that differs in ${issue.path.join(".") || "its fields"}` : "what is no JSON";
    const message = `expected a dashpot/stress@1 record, received ${received}, at ${file}`;
    throw new DashpotError("stress-report-unreadable", message, "go on with its run: dashpot resume DIR", { cause });
  }
}
