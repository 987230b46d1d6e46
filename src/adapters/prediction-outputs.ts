import { parseHTML } from "linkedom";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import type { Prediction } from "../model/prediction.ts";
import { renderPredictionPage } from "../profile/report/prediction/prediction-page.ts";
import { renderPredictionPicture } from "../profile/report/prediction/prediction-picture.ts";
import { type ReportFile, replaceFiles } from "./report-files.ts";

/** Writes record, page and picture into a directory, each whole or not at all (P14). Throws `output-unwritable`. */
export async function writePredictionOutputs(
  prediction: Prediction,
  directory: string,
): Promise<{ readonly name: string; readonly path: string }[]> {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const files: ReportFile[] = [
    { name: "prediction.json", content: `${canonicalJson(prediction)}\n` },
    { name: "prediction.html", content: renderPredictionPage(prediction, { document }) },
    { name: "prediction.svg", content: renderPredictionPicture(prediction, { document }) },
  ];
  return replaceFiles(directory, files).catch((cause: unknown) => {
    // Nothing was asked of a model, so that there is nothing to resume.
    const fix = "make room or give another folder with --out";
    throw cause instanceof DashpotError ? new DashpotError(cause.code, cause.message, fix, { cause }) : cause;
  });
}
