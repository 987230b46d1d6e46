import type { Dimension } from "../model/coding.ts";
import { type DashpotError, isDashpotError } from "../model/error.ts";
import { familyOfModel } from "../model/model-family.ts";
import { openJudge, tallyOf } from "./judge-coder.ts";
import { openLikelihood } from "./likelihood-coder.ts";
import { endOfModel, type ModelCoder, type ModelCoderSpec } from "./model-coder.ts";
import type { RunConduct } from "./model-run.ts";

export interface CodersRequest {
  readonly specs: readonly ModelCoderSpec[];
  /** Family by coder, where the user named one. */
  readonly families: ReadonlyMap<string, string>;
  readonly dimensions: readonly Dimension[];
  /** Where answers are kept. */
  readonly directory: string;
  /** Whether there is anybody else to code. */
  readonly others: boolean;
}

/**
 * Opens every model that codes. One whose endpoint is down is told and left, as long as another coder is there (K23).
 * Errors: those of opening; everything that was opened is closed then.
 */
export async function openModelCoders(
  request: CodersRequest,
  conductFor: (spec: ModelCoderSpec) => Promise<RunConduct>,
): Promise<ModelCoder[]> {
  const opened: ModelCoder[] = [];
  try {
    for (const spec of request.specs) opened.push(await openOne(spec, request, await conductFor(spec)));
    return opened;
  } catch (error) {
    await Promise.all(opened.map((coder) => coder.close()));
    throw error;
  }
}

async function openOne(spec: ModelCoderSpec, request: CodersRequest, conduct: RunConduct): Promise<ModelCoder> {
  const { families, directory, specs, others } = request;
  const family = families.get(spec.name);
  try {
    if (spec.coder === "judge") return await openJudge(spec, family, directory, conduct);
    return await openLikelihood(spec, request.dimensions, directory, conduct);
  } catch (error) {
    if (!isDashpotError(error) || (specs.length === 1 && !others)) throw error;
    return downFromTheStart(spec, family, endOfModel(error));
  }
}

function downFromTheStart(spec: ModelCoderSpec, family: string | undefined, error: DashpotError): ModelCoder {
  const tally = tallyOf();
  return {
    name: spec.name,
    by: "not asked",
    code: async (units) => units.map(() => tally.put({ silence: "down", reason: "the model was down" })),
    answered: () => ({
      ...{ model: spec.model, family: family ?? familyOfModel(spec.model), down: error.message },
      ...{ calls: 0, promptTokens: 0, completionTokens: 0, cost: null },
      ...tally.counts(),
    }),
    down: () => error,
    close: async () => {},
  };
}
