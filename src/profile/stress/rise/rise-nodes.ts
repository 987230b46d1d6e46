import { normalCdf } from "../../../kernel/distributions.ts";
import { type Candidate, type Point, riseDone, type Shape, slopeAt } from "./rise-shapes.ts";
import type { RiseTable } from "./rise-table.ts";

/** Standard deviations over which the nodes of a class are laid out, to either side. */
const REACH = 4;
const FEWEST_NODES = 5;

/** Room for thresholds that a family may have: one row a node, one column a dose. */
export interface Nodes {
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

export function newNodes({ families, doses, level, trials }: RiseTable, { shape }: Candidate): Nodes {
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

export function placeNodes(nodes: Nodes, { doses }: RiseTable, { shape }: Candidate, point: Point): void {
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
export function weigh(nodes: Nodes, { successes, failures }: RiseTable, family: number): number {
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
export function gather(nodes: Nodes, { successes, failures }: RiseTable, family: number): void {
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

/** Mean over the posterior of a column of the nodes. */
export function mixed({ count, posterior }: Nodes, values: Float64Array, columns: number, column: number): number {
  let total = 0;
  for (let node = 0; node < count; node += 1)
    total += (posterior[node] as number) * (values[node * columns + column] as number);
  return total;
}
