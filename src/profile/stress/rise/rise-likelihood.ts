import { gather, mixed, type Nodes, newNodes, placeNodes, weigh } from "./rise-nodes.ts";
import {
  type Candidate,
  decoded,
  encoded,
  LEAST_SPAN,
  LEAST_SPREAD,
  MOST_SPAN,
  MOST_SPREAD,
  moves,
  type Point,
  parametersOf,
  placesOf,
  type RiseParameters,
  stretch,
} from "./rise-shapes.ts";
import { type RiseTable, totals } from "./rise-table.ts";

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
