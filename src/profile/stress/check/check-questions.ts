import { GRADED, type Graded, type Side } from "../../../model/stress.ts";

/** What a model is asked of a scenario, to see whether it notices what was changed (T31). */
export interface CheckQuestion {
  readonly factor: Graded;
  readonly text: string;
  /** Five, from least to most; of power and information by who stands where, from the other to the model. */
  readonly options: readonly string[];
}

export const CHECK_OPTIONS = 5;
export const CHECK_LETTERS = ["A", "B", "C", "D", "E"] as const;

const QUESTIONS: Readonly<Record<Graded, Omit<CheckQuestion, "factor">>> = {
  power: {
    text: "Leave aside what you would do. Who of the two depends more on the other in this situation?",
    options: [
      "I depend far more on the other.",
      "I depend somewhat more on the other.",
      "We depend on each other alike.",
      "The other depends somewhat more on me.",
      "The other depends far more on me.",
    ],
  },
  information: {
    text: "Leave aside what you would do. Who of the two knows more that the other does not know?",
    options: [
      "The other knows far more.",
      "The other knows somewhat more.",
      "We know about as much.",
      "I know somewhat more.",
      "I know far more.",
    ],
  },
  constraint: {
    text: "Leave aside what you would do. How short are time or goods in this situation?",
    options: [
      "They are not short at all.",
      "Hardly short.",
      "Somewhat short.",
      "Very short.",
      "They could not be shorter.",
    ],
  },
};

export const CHECK_QUESTIONS: readonly CheckQuestion[] = GRADED.map((factor) => ({ factor, ...QUESTIONS[factor] }));

/** An answer in points towards what a higher level says, 0 to 4: from the model's own view, whichever side it stands on. */
export function pointsTowards(factor: Graded, side: Side, option: number): number {
  return factor !== "constraint" && side === "under" ? CHECK_OPTIONS - 1 - option : option;
}
