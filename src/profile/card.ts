import type { Card, Statement, StressSection } from "../model/card.ts";
import type { CardStatement } from "../model/card-statement.ts";
import { CARD_PREDICATE_TYPE, STATEMENT_TYPE } from "../model/card-statement.ts";
import { LABEL_NAMES, LABELS, MODES } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import { lostByRow } from "./lost-answers.ts";
import {
  answerSentence,
  answersByPosition,
  primaryMatrix,
  RESPONSE_TEXT,
  responseTo,
  type Standing,
  standing,
} from "./report/findings.ts";
import { limitsOf } from "./report/limits.ts";

/** The card of a profile (C3), with a stress run where there is one; `profileSha256` is that of the bytes of `profile.json`. */
export function makeCard(profile: Profile, profileSha256: string, stress?: StressSection): Card {
  const { dashpot, seed, model, format, set, bank, plan, design, bias, responsiveness, silence } = profile;
  const { byRank: _, ...overall } = bias;
  return {
    schema: "dashpot/card@1",
    ...{ dashpot, seed, model, format, set, bank, plan },
    profile: profileSha256,
    answer: answerSentence(profile),
    answersByPosition: answersByPosition(profile),
    statements: statementsOf(profile),
    design,
    matrix: primaryMatrix(profile),
    bias: overall,
    responsiveness,
    silence: silence.total,
    lost: lostByRow(profile),
    limits: [...limitsOf(profile)],
    ...(stress ? { stress } : {}),
  };
}

const LEAN_TEXT: Readonly<Record<Standing, string>> = {
  above: "leans towards it when uncued",
  below: "leans away from it when uncued",
  across: "whether it leans, cannot tell",
  unknown: "whether it leans, cannot tell: no interval",
};

function statementsOf(profile: Profile): Statement[] {
  const responses = MODES.map((mode): Statement => {
    const verdict = responseTo(mode, profile);
    const { responsiveness } = profile.responsiveness.modes[mode];
    const text = `${LABEL_NAMES[mode]}: ${RESPONSE_TEXT[verdict]}`;
    return { id: `response-${mode}`, label: mode, verdict, text, estimate: responsiveness };
  });
  const leans = LABELS.map((label): Statement => {
    const estimate = profile.bias.labels[label];
    const verdict = standing(estimate);
    return { id: `lean-${label}`, label, verdict, text: `${LABEL_NAMES[label]}: ${LEAN_TEXT[verdict]}`, estimate };
  });
  return [...responses, ...leans];
}

/** The in-toto statement over the files that lie beside a card (C4). */
export function stateCard(
  card: Card,
  subjects: readonly { readonly name: string; readonly sha256: string }[],
): CardStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: CARD_PREDICATE_TYPE,
    predicate: {
      dashpot: card.dashpot,
      model: card.model.spec,
      format: card.format,
      set: card.set,
      bank: { id: card.bank.id, version: card.bank.version, sha256: card.bank.hash },
      plan: card.plan,
      seed: card.seed,
      answer: card.answer,
    },
  };
}
