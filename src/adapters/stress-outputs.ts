import { parseHTML } from "linkedom";
import { canonicalJson } from "../kernel/canonical-json.ts";
import type { StressReport } from "../model/stress-report.ts";
import { renderStressPage } from "../profile/report/stress/stress-page.ts";
import { renderStressPicture } from "../profile/report/stress/stress-picture.ts";
import { cellTable } from "../profile/stress/cell-table.ts";
import { rasterise } from "./rasterise.ts";
import { type ReportFile, replaceFiles } from "./report-files.ts";

/** `stress.json` as it is written and hashed: canonical JSON and a line end. */
function stressText(report: StressReport): string {
  return `${canonicalJson(report)}\n`;
}

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
