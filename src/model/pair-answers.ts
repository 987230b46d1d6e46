/** Who acts, 0 or 1, in order; `groups` are the places where a new moment begins: what lies within one is simultaneous. */
export interface Sequence {
  readonly parties: readonly (0 | 1)[];
  readonly groups: readonly number[];
}

interface Run {
  readonly party: 0 | 1;
  readonly places: readonly number[];
}

/**
 * The place that answers each place, or is answered by it; −1 where there is none.
 *
 * A run of one party's acts is answered by the run of the other that follows it, act by act: the last acts of a longer
 * first run, the first acts of a longer second one, whose rest then waits for an answer itself. Acts of both parties in
 * one moment are paired with one another, the first with the first, and answer nothing before it; the rest waits. Within a moment, party 0 has to stand first.
 */
export function pairAnswers(sequence: Sequence): Int32Array {
  const partner = new Int32Array(sequence.parties.length).fill(-1);
  if (sequence.groups.length === sequence.parties.length) pairOneByOne(sequence.parties, partner);
  else pairMoments(momentsOf(sequence), partner);
  return partner;
}

/** As `pairMoments` where nothing is simultaneous, hence what waits for an answer lies side by side; many times as fast. */
function pairOneByOne(parties: Sequence["parties"], partner: Int32Array): void {
  let open = 0;
  let waiting = 0;
  let start = 0;
  while (start < parties.length) {
    let end = start + 1;
    while (end < parties.length && parties[end] === parties[start]) end += 1;
    const pairs = Math.min(waiting, end - start);
    for (let index = 0; index < pairs; index += 1) link(partner, open + waiting - pairs + index, start + index);
    open = start + pairs;
    waiting = end - open;
    start = end;
  }
}

function pairMoments(moments: readonly (readonly Run[])[], partner: Int32Array): void {
  let open: Run | null = null;
  for (const [first, second] of moments) {
    if (first && second) open = joinMoment(first, second, partner);
    else if (first && open?.party === first.party) open = concatenate(open, first);
    else if (first) open = open ? join(open, first, partner) : first;
  }
}

function link(partner: Int32Array, one: number, other: number): void {
  partner[one] = other;
  partner[other] = one;
}

/** Runs of one party as one entry, moments of both parties as two. */
function momentsOf({ parties, groups }: Sequence): Run[][] {
  const moments: Run[][] = [];
  groups.forEach((start, index) => {
    const end = groups[index + 1] ?? parties.length;
    const runs = ([0, 1] as const).flatMap((party) => {
      const places = placesOf(parties, party, start, end);
      return places.length > 0 ? [{ party, places }] : [];
    });
    const last = moments.at(-1);
    const single = last?.length === 1 ? last[0] : undefined;
    const [run, other] = runs;
    if (run && !other && single?.party === run.party) moments[moments.length - 1] = [concatenate(single, run)];
    else moments.push(runs);
  });
  return moments;
}

function placesOf(parties: readonly (0 | 1)[], party: 0 | 1, start: number, end: number): number[] {
  const places: number[] = [];
  for (let place = start; place < end; place += 1) if (parties[place] === party) places.push(place);
  return places;
}

function concatenate(left: Run, right: Run): Run {
  return { party: left.party, places: [...left.places, ...right.places] };
}

/** Pairs a run with the one that answers it; what is left of the answer is open. */
function join(asked: Run, answered: Run, partner: Int32Array): Run | null {
  const pairs = Math.min(asked.places.length, answered.places.length);
  for (let index = 0; index < pairs; index += 1) {
    link(partner, asked.places[asked.places.length - pairs + index] as number, answered.places[index] as number);
  }
  const left = answered.places.slice(pairs);
  return left.length > 0 ? { party: answered.party, places: left } : null;
}

/** Pairs the acts of one moment; what is left of the longer run is open. */
function joinMoment(zero: Run, one: Run, partner: Int32Array): Run | null {
  const pairs = Math.min(zero.places.length, one.places.length);
  for (let index = 0; index < pairs; index += 1)
    link(partner, zero.places[index] as number, one.places[index] as number);
  const longer = zero.places.length > pairs ? zero : one;
  const left = longer.places.slice(pairs);
  return left.length > 0 ? { party: longer.party, places: left } : null;
}
