import { normalCdf } from "../../kernel/distributions.ts";
import { logistic } from "../../kernel/logistic-mass.ts";

/** Answers counted at doses, in families; rows of the same family and dose are added up. */
export interface DoseCounts {
  readonly dose: Float64Array;
  /** 0 to the row's trials, may be fractional. */
  readonly successes: Float64Array;
  readonly trials: Float64Array;
  /** Family of each row, numbered from 0. */
  readonly family: Int32Array;
  readonly families: number;
}

/** The same as a table of families × doses, row after row; families and doses without a trial are left out. */
export interface RiseTable {
  readonly families: number;
  /** Distinct, rising. */
  readonly doses: Float64Array;
  /** What a level is in units of the dose: a seventh of its range. */
  readonly level: number;
  readonly successes: Float64Array;
  readonly failures: Float64Array;
  /** Of all cells. */
  readonly trials: number;
}

/** How the share of successes rises with the dose. */
export const SHAPES = ["constant", "step", "logistic", "linear", "hinge"] as const;
export type Shape = (typeof SHAPES)[number];

/** Families are of one kind, or of two that differ in their centre. */
export interface Candidate {
  readonly shape: Shape;
  readonly classes: 1 | 2;
}

export interface RiseClass {
  /** Of the families. */
  readonly share: number;
  /**
   * Mean of the families' thresholds, as a dose: where half of the rise is done, of a hinge where it begins, of a step
   * where it happens. Beyond the doses it means never, or before all of them. Of a constant its logit.
   */
  readonly centre: number;
}

export interface RiseParameters {
  /** Shares before and after the rise; 0 and 1, and without meaning, for a constant. */
  readonly floor: number;
  readonly ceiling: number;
  /** From one tenth to nine tenths of the rise, as a dose; 0 for a constant and a step. */
  readonly span: number;
  /** Standard deviation of families' thresholds about their class's centre; of a constant in logits. */
  readonly spread: number;
  readonly classes: readonly RiseClass[];
}

/** In levels. What rises in less could not be told from a jump by doses that are one level apart. */
export const LEAST_SPAN = 1.5;
const MOST_SPAN = 16;
/** Of thresholds in levels, of a constant in logits. */
const LEAST_SPREAD = 0.03;
const MOST_SPREAD = 2.5;
/** Logit of 1e-4: how near to 0 and 1 floor and ceiling may come. */
const FARTHEST = 9.21;
/** In spans: 0.8 by 1, logit 1/9 to 9 by 1, and the upper half of such a curve, logit 11/9 to 19 by 1. */
const RATE = { linear: 0.8, logistic: 2 * Math.log(9), hinge: Math.log(19) - Math.log(11 / 9) } as const;
/** Standard deviations over which the nodes of a class are laid out, to either side. */
const REACH = 4;
const FEWEST_NODES = 5;

/** Errors: RangeError for lists of unequal length, doses that are not finite, and successes that are not 0 to trials. */
export function riseTable(counts: DoseCounts): RiseTable {
  requireCounts(counts);
  const { dose, successes, trials, family } = counts;
  const rows = Array.from(trials.keys()).filter((row) => (trials[row] as number) > 0);
  const doses = Float64Array.from(new Set(rows.map((row) => dose[row] as number))).sort();
  const present = Int32Array.from(new Set(rows.map((row) => family[row] as number))).sort();
  const counted = new Float64Array(present.length * doses.length);
  const hits = new Float64Array(counted.length);
  for (const row of rows) {
    const cell = present.indexOf(family[row] as number) * doses.length + doses.indexOf(dose[row] as number);
    counted[cell] = (counted[cell] as number) + (trials[row] as number);
    hits[cell] = (hits[cell] as number) + (successes[row] as number);
  }
  return {
    families: present.length,
    doses,
    level: doses.length > 1 ? ((doses.at(-1) as number) - (doses[0] as number)) / 7 : 1,
    successes: hits,
    failures: counted.map((of, cell) => of - (hits[cell] as number)),
    trials: counted.reduce((sum, of) => sum + of, 0),
  };
}

function requireCounts({ dose, successes, trials, family, families }: DoseCounts): void {
  const n = dose.length;
  if ([successes, trials, family].some((list) => list.length !== n))
    throw new RangeError(`expected ${n} rows in every list`);
  if (!dose.every(Number.isFinite)) throw new RangeError("expected finite doses, received another");
  const counted = (of: number, row: number) => (successes[row] as number) >= 0 && (successes[row] as number) <= of;
  if (!trials.every((of, row) => Number.isFinite(of) && counted(of, row)))
    throw new RangeError("expected 0 ≤ successes ≤ trials < ∞ in every row, received another");
  if (!family.every((one) => one >= 0 && one < families))
    throw new RangeError(`expected families below ${families}, received another`);
}

/** Share of the rise that is done so many spans beyond the centre; of a constant the share at a logit. */
export function riseDone(shape: Shape, beyond: number): number {
  if (shape === "logistic") return logistic(RATE.logistic * beyond);
  if (shape === "linear") return Math.min(1, Math.max(0, 0.5 + RATE.linear * beyond));
  if (shape === "hinge") return beyond > 0 ? 2 * logistic(RATE.hinge * beyond) - 1 : 0;
  if (shape === "step") return beyond >= 0 ? 1 : 0;
  return logistic(within(beyond));
}

/** Its derivative, where so much is done. */
function slopeAt(shape: Shape, beyond: number, done: number): number {
  if (shape === "logistic") return RATE.logistic * done * (1 - done);
  if (shape === "linear") return done > 0 && done < 1 ? RATE.linear : 0;
  if (shape === "hinge") return beyond > 0 ? (RATE.hinge / 2) * (1 - done * done) : 0;
  return moves(beyond) * done * (1 - done);
}

/** The log-likelihood of a candidate as a function of free numbers, each on a scale without ends. */
export interface RiseLikelihood {
  readonly candidate: Candidate;
  /** In nats, without the binomial coefficients; puts its derivatives into `gradient`. */
  value(at: Float64Array, gradient?: Float64Array): number;
  pointOf(parameters: RiseParameters): Float64Array;
  parametersAt(at: Float64Array): RiseParameters;
  /** Each family's threshold (of a constant, logit) that is expected given its answers; NaN of a step. */
  centresOf(at: Float64Array): Float64Array;
  /** Expected share of successes of each cell of the table, given its family's answers. */
  sharesOf(at: Float64Array): Float64Array;
}

/**
 * The likelihood of answers whose families each have a threshold of their own, drawn from N(centre, spread²) of their
 * class and integrated out, with floor, ceiling and span in common:
 * P = floor + (ceiling − floor) · done((dose − threshold)/span).
 *
 * The integral of smooth curves and constants is a sum over nodes that move with the spread, by the trapezoid rule; that
 * of a step is exact, since its likelihood only changes at doses. Families are independent; answers are given the family's
 * threshold. Cost of a value with derivatives: some 40 µs for eight families of eight doses and a spread of one level.
 */
export function riseLikelihood(table: RiseTable, candidate: Candidate): RiseLikelihood {
  const cells = candidate.shape === "constant" ? totals(table) : table;
  const nodes = newNodes(cells, candidate);
  const decode = (at: Float64Array) => decoded(cells, candidate, at);
  const place = (at: Float64Array) => {
    const point = decode(at);
    placeNodes(nodes, cells, candidate, point);
    return point;
  };
  return {
    candidate,
    value: (at, gradient) => {
      const point = place(at);
      let total = 0;
      for (let family = 0; family < cells.families; family += 1) {
        total += weigh(nodes, cells, family);
        if (gradient) gather(nodes, cells, family);
      }
      if (gradient) differentiate(nodes, cells, candidate, point, at, gradient);
      return total;
    },
    pointOf: (parameters) => encoded(cells, candidate, parameters),
    parametersAt: (at) => parametersOf(candidate, decode(at)),
    centresOf: (at) => {
      place(at);
      return Float64Array.from({ length: cells.families }, (_, family) => {
        weigh(nodes, cells, family);
        return mixed(nodes, nodes.threshold, 1, 0);
      });
    },
    sharesOf: (at) => {
      place(at);
      const shares = new Float64Array(table.successes.length);
      for (let cell = 0, of = table.doses.length; cell < shares.length; cell += 1) {
        if (cell % of === 0) weigh(nodes, cells, cell / of);
        shares[cell] = mixed(nodes, nodes.probability, nodes.columns, nodes.columns === 1 ? 0 : cell % of);
      }
      return shares;
    },
  };
}

/** A table of one column: how many of all answers of a family, whatever the dose. */
function totals({ families, doses, successes, failures, trials }: RiseTable): RiseTable {
  const sums = (counts: Float64Array) =>
    Float64Array.from({ length: families }, (_, family) =>
      counts.subarray(family * doses.length, (family + 1) * doses.length).reduce((sum, one) => sum + one, 0),
    );
  return {
    families,
    doses: new Float64Array(1),
    level: 1,
    successes: sums(successes),
    failures: sums(failures),
    trials,
  };
}

/** Parameters as the likelihood needs them. */
interface Point {
  readonly floor: number;
  /** Ceiling less floor, and its share of what is above the floor. */
  readonly height: number;
  readonly part: number;
  /** −1 for a constant: a level then lies as many spans beyond dose 0 as its logit is. */
  readonly span: number;
  readonly spread: number;
  readonly centres: readonly number[];
  /** Of the first class. */
  readonly share: number;
}

/** Where the numbers stand: floor, height, span where there are any; then spread, centre, second centre and share. */
function placesOf({ shape, classes }: Candidate): { readonly spread: number; readonly length: number } {
  const spread = shape === "constant" ? 0 : shape === "step" ? 2 : 3;
  return { spread, length: spread + 2 * classes };
}

function decoded({ doses, level }: RiseTable, candidate: Candidate, at: Float64Array): Point {
  const { shape, classes } = candidate;
  const { spread } = placesOf(candidate);
  const flat = shape === "constant";
  const floor = flat ? 0 : logistic(within(at[0] as number));
  const part = flat ? 1 : logistic(within(at[1] as number));
  const centre = (place: number) => (doses[0] as number) + level * (at[place] as number);
  return {
    floor,
    part,
    height: (1 - floor) * part,
    span: spread === 3 ? level * between(at[2] as number, LEAST_SPAN, MOST_SPAN) : flat ? -1 : 0,
    spread: level * between(at[spread] as number, LEAST_SPREAD, MOST_SPREAD),
    centres: classes === 1 ? [centre(spread + 1)] : [centre(spread + 1), centre(spread + 2)],
    share: classes === 1 ? 1 : logistic(at[spread + 3] as number),
  };
}

function encoded({ doses, level }: RiseTable, candidate: Candidate, parameters: RiseParameters): Float64Array {
  const { floor, ceiling, span, spread, classes } = parameters;
  const places = placesOf(candidate);
  const at = new Float64Array(places.length);
  if (places.spread >= 2) {
    at[0] = logitOf(floor);
    at[1] = logitOf((ceiling - floor) / (1 - floor));
  }
  if (places.spread === 3) at[2] = inside(span / level, LEAST_SPAN, MOST_SPAN);
  at[places.spread] = inside(spread / level, LEAST_SPREAD, MOST_SPREAD);
  classes.forEach(({ centre }, one) => {
    at[places.spread + 1 + one] = (centre - (doses[0] as number)) / level;
  });
  if (candidate.classes === 2) at[places.spread + 3] = logitOf(classes[0]?.share as number);
  return at;
}

function parametersOf({ shape }: Candidate, { floor, height, span, spread, centres, share }: Point): RiseParameters {
  return {
    floor,
    ceiling: floor + height,
    span: shape === "constant" ? 0 : span,
    spread,
    classes: centres.map((centre, one) => ({
      share: one === 0 ? share : 1 - share,
      centre: shape === "constant" ? within(centre) : centre,
    })),
  };
}

function within(logit: number): number {
  return Math.min(FARTHEST, Math.max(-FARTHEST, logit));
}

/** From any number to one between two ends, on a logarithmic scale, and back: what is at an end is moved inside. */
function between(free: number, least: number, most: number): number {
  return least * (most / least) ** logistic(free);
}

function inside(value: number, least: number, most: number): number {
  return logitOf(Math.log(value / least) / Math.log(most / least), 0.02);
}

export function logitOf(share: number, least = 0.002): number {
  const kept = Math.min(1 - least, Math.max(least, share));
  return Math.log(kept / (1 - kept));
}

/** Room for thresholds that a family may have: one row a node, one column a dose. */
interface Nodes {
  readonly columns: number;
  /** Greatest distance between nodes: twice as far as the answers of a family tell thresholds apart on the steepest curve. */
  readonly apart: number;
  count: number;
  /** First node of the second class. */
  second: number;
  threshold: Float64Array;
  /** Its distance from its class's centre: how it moves with the spread. */
  offset: Float64Array;
  /** Of the class's mass; of a step, with its derivatives by the centre and by the logarithm of the spread. */
  mass: Float64Array;
  massByCentre: Float64Array;
  massBySpread: Float64Array;
  logMass: Float64Array;
  /** Probability of each node given the family that was weighed last; and summed over those gathered. */
  posterior: Float64Array;
  members: Float64Array;
  /** Of each node and dose: share of the rise done, its derivative by spans beyond the centre, and those spans. */
  done: Float64Array;
  slope: Float64Array;
  beyond: Float64Array;
  probability: Float64Array;
  logProbability: Float64Array;
  logRest: Float64Array;
  /** Successes and failures of all families, by the posterior. */
  hits: Float64Array;
  misses: Float64Array;
}

function newNodes({ families, doses, level, trials }: RiseTable, { shape }: Candidate): Nodes {
  const columns = doses.length;
  const cell = trials / (families * columns);
  // The steepest logistic tells thresholds apart by 1 / (2.9 √(0.15 n)) levels, a constant logits by 2/√n.
  const apart = shape === "constant" ? Math.min(0.5, 4 / Math.sqrt(cell)) : Math.min(0.25, 1.76 / Math.sqrt(cell));
  const empty = { count: 0, second: 0, columns, apart: Math.max(0.02, apart) * level };
  return { ...empty, ...roomFor(64, columns) };
}

function roomFor(nodes: number, columns: number) {
  const [line, block] = [() => new Float64Array(nodes), () => new Float64Array(nodes * columns)];
  return {
    ...{ threshold: line(), offset: line(), mass: line(), massByCentre: line(), massBySpread: line(), logMass: line() },
    ...{ posterior: line(), members: line(), done: block(), slope: block(), beyond: block() },
    ...{ probability: block(), logProbability: block(), logRest: block(), hits: block(), misses: block() },
  };
}

function placeNodes(nodes: Nodes, { doses }: RiseTable, { shape }: Candidate, point: Point): void {
  nodes.count = 0;
  for (const centre of point.centres) {
    nodes.second = nodes.count;
    if (shape === "step") placeIntervals(nodes, doses, centre, point.spread);
    else placeLattice(nodes, doses, shape, centre, point);
  }
  if (point.centres.length === 1) nodes.second = nodes.count;
  const { mass, logMass, done, probability, logProbability, logRest, hits, misses, members } = nodes;
  for (let node = 0; node < nodes.count; node += 1) {
    const share = node < nodes.second ? point.share : 1 - point.share;
    logMass[node] = Math.log(Math.max(Number.MIN_VALUE, (mass[node] as number) * share));
    members[node] = 0;
  }
  const rest = 1 - point.floor - point.height;
  for (let at = 0; at < nodes.count * nodes.columns; at += 1) {
    const one = point.floor + point.height * (done[at] as number);
    probability[at] = one;
    logProbability[at] = Math.log(Math.max(Number.MIN_VALUE, one));
    logRest[at] = Math.log(Math.max(Number.MIN_VALUE, rest + point.height * (1 - (done[at] as number))));
    hits[at] = 0;
    misses[at] = 0;
  }
}

/** Nodes at equal distances about a centre. */
function placeLattice(nodes: Nodes, doses: Float64Array, shape: Shape, centre: number, { spread, span }: Point): void {
  const half = Math.max(FEWEST_NODES, Math.ceil((REACH * spread) / nodes.apart));
  const first = nodes.count;
  makeRoom(nodes, first + 2 * half + 1);
  const { threshold, offset, mass, massByCentre, massBySpread, done, slope, beyond, columns } = nodes;
  const masses = normalMasses(half);
  for (let step = 0; step <= 2 * half; step += 1) {
    const node = first + step;
    const away = (spread * REACH * (step - half)) / half;
    offset[node] = away;
    threshold[node] = centre + away;
    mass[node] = masses[step] as number;
    massByCentre[node] = 0;
    massBySpread[node] = 0;
    for (let column = 0, at = node * columns; column < columns; column += 1, at += 1) {
      const spans = ((doses[column] as number) - centre - away) / span;
      const share = riseDone(shape, spans);
      beyond[at] = spans;
      done[at] = share;
      slope[at] = slopeAt(shape, spans, share);
    }
  }
  nodes.count = first + 2 * half + 1;
}

const MASSES: Float64Array[] = [];

/** Normal densities at equal distances up to `REACH` standard deviations to either side, adding up to one. */
function normalMasses(half: number): Float64Array {
  const known = MASSES[half];
  if (known) return known;
  const density = Float64Array.from({ length: 2 * half + 1 }, (_, at) =>
    Math.exp(-(((at / half - 1) * REACH) ** 2) / 2),
  );
  const total = density.reduce((sum, one) => sum + one, 0);
  const masses = density.map((one) => one / total);
  MASSES[half] = masses;
  return masses;
}

/** One node for each number of doses before the step, with its exact mass. */
function placeIntervals(nodes: Nodes, doses: Float64Array, centre: number, spread: number): void {
  const first = nodes.count;
  makeRoom(nodes, first + doses.length + 1);
  const { threshold, offset, mass, massByCentre, massBySpread, done, slope, beyond, columns } = nodes;
  let [from, densityBelow, bendBelow] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (let before = 0; before <= columns; before += 1) {
    const node = first + before;
    const away = ((doses[before] ?? Number.POSITIVE_INFINITY) - centre) / spread;
    const density = Math.exp((-away * away) / 2) / Math.sqrt(2 * Math.PI);
    const bend = density === 0 ? 0 : away * density;
    offset[node] = 0;
    threshold[node] = Number.NaN;
    // From the nearer tail, which keeps its digits.
    mass[node] = from > 0 ? normalCdf(-from) - normalCdf(-away) : normalCdf(away) - normalCdf(from);
    massByCentre[node] = (densityBelow - density) / spread;
    massBySpread[node] = bendBelow - bend;
    [from, densityBelow, bendBelow] = [away, density, bend];
    for (let column = 0, at = node * columns; column < columns; column += 1, at += 1) {
      done[at] = column >= before ? 1 : 0;
      slope[at] = 0;
      beyond[at] = 0;
    }
  }
  nodes.count = first + columns + 1;
}

/** More room, what is there kept. */
function makeRoom(nodes: Nodes, count: number): void {
  if (nodes.mass.length >= count) return;
  const wider = roomFor(2 * count, nodes.columns);
  for (const name of Object.keys(wider) as (keyof typeof wider)[]) {
    wider[name].set(nodes[name]);
    nodes[name] = wider[name];
  }
}

/** Log-likelihood of a family; leaves the posterior of its nodes. */
function weigh(nodes: Nodes, { successes, failures }: RiseTable, family: number): number {
  const { count, columns, logMass, logProbability, logRest, posterior } = nodes;
  const from = family * columns;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let node = 0, at = 0; node < count; node += 1) {
    let total = logMass[node] as number;
    for (let column = 0; column < columns; column += 1, at += 1)
      total +=
        (successes[from + column] as number) * (logProbability[at] as number) +
        (failures[from + column] as number) * (logRest[at] as number);
    posterior[node] = total;
    if (total > greatest) greatest = total;
  }
  let sum = 0;
  for (let node = 0; node < count; node += 1) {
    const one = Math.exp((posterior[node] as number) - greatest);
    posterior[node] = one;
    sum += one;
  }
  for (let node = 0; node < count; node += 1) posterior[node] = (posterior[node] as number) / sum;
  return greatest + Math.log(sum);
}

/** Adds a weighed family's answers to the nodes. */
function gather(nodes: Nodes, { successes, failures }: RiseTable, family: number): void {
  const { count, columns, posterior, members, hits, misses } = nodes;
  const from = family * columns;
  for (let node = 0; node < count; node += 1) {
    const one = posterior[node] as number;
    if (one < 1e-12) continue;
    members[node] = (members[node] as number) + one;
    for (let column = 0, at = node * columns; column < columns; column += 1, at += 1) {
      hits[at] = (hits[at] as number) + one * (successes[from + column] as number);
      misses[at] = (misses[at] as number) + one * (failures[from + column] as number);
    }
  }
}

/** Derivatives of the log-likelihood: those of the complete one, expected over the posterior (Fisher's identity). */
function differentiate(
  nodes: Nodes,
  { families, level }: RiseTable,
  candidate: Candidate,
  point: Point,
  free: Float64Array,
  gradient: Float64Array,
): void {
  const { count, columns, second, offset, mass, massByCentre, massBySpread, members } = nodes;
  const { done, slope, beyond, probability, hits, misses } = nodes;
  const { floor, height, part, span, share } = point;
  let [byFloor, byHeight, bySpan, bySpread, byFirst, bySecond, first] = [0, 0, 0, 0, 0, 0, 0];
  for (let node = 0, at = 0; node < count; node += 1) {
    let moved = 0;
    for (let column = 0; column < columns; column += 1, at += 1) {
      const one = probability[at] as number;
      const score = (hits[at] as number) / one - (misses[at] as number) / (1 - one);
      byFloor += score;
      byHeight += score * (done[at] as number);
      bySpan -= score * height * (slope[at] as number) * (beyond[at] as number);
      moved += score * (slope[at] as number);
    }
    const per = (mass[node] as number) > 1e-300 ? (members[node] as number) / (mass[node] as number) : 0;
    const byThreshold = span === 0 ? 0 : (-height * moved) / span;
    bySpread += byThreshold * (offset[node] as number) + per * (massBySpread[node] as number);
    const byCentre = byThreshold + per * (massByCentre[node] as number);
    if (node < second) {
      byFirst += byCentre;
      first += members[node] as number;
    } else bySecond += byCentre;
  }
  const { spread } = placesOf(candidate);
  if (spread >= 2) {
    gradient[0] = moves(free[0] as number) * floor * (1 - floor) * (byFloor - part * byHeight);
    gradient[1] = moves(free[1] as number) * (1 - floor) * part * (1 - part) * byHeight;
  }
  if (spread === 3) gradient[2] = bySpan * stretch(free[2] as number, LEAST_SPAN, MOST_SPAN);
  gradient[spread] = bySpread * stretch(free[spread] as number, LEAST_SPREAD, MOST_SPREAD);
  gradient[spread + 1] = level * byFirst;
  if (candidate.classes === 1) return;
  gradient[spread + 2] = level * bySecond;
  gradient[spread + 3] = first - families * share;
}

/** Derivative of `within`. */
function moves(logit: number): 0 | 1 {
  return Math.abs(logit) < FARTHEST ? 1 : 0;
}

/** Derivative of the logarithm of `between`. */
function stretch(free: number, least: number, most: number): number {
  const share = logistic(free);
  return Math.log(most / least) * share * (1 - share);
}

/** Mean over the posterior of a column of the nodes. */
function mixed({ count, posterior }: Nodes, values: Float64Array, columns: number, column: number): number {
  let total = 0;
  for (let node = 0; node < count; node += 1)
    total += (posterior[node] as number) * (values[node * columns + column] as number);
  return total;
}
