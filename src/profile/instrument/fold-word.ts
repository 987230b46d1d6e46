const IRREGULAR = `
be: been; begin: began begun; bind: bound; break: broke broken; bring: brought; build: built; buy: bought; catch: caught;
child: children; choose: chose chosen choice choices; come: came; cut: cutting; deal: dealt; decide: decision decisions;
draw: drew drawn; drive: drove driven; eat: ate eaten; fall: fell fallen; feel: felt; fight: fought; find: found;
foot: feet; forget: forgot forgotten; get: got gotten; give: gave given gift gifts; go: went gone; grow: grew grown;
hear: heard; hide: hid hidden; hold: held; keep: kept; know: knew known; lay: laid; lead: led; leave: left; lend: lent;
lie: lain lying; life: lives; lose: lost loss losses; make: made; man: men; mean: meant; meet: met; obey: obedience;
pay: paid; person: people; read: reading; ride: rode ridden; rise: rose risen; run: ran; say: said; see: saw seen;
seek: sought; sell: sold sale sales; send: sent; set: setting; shake: shook; sit: sat; sleep: slept; speak: spoke spoken;
spend: spent; stand: stood; steal: stole stolen; swap: swapping; take: took taken; teach: taught; tell: told;
think: thought; throw: threw thrown; understand: understood; wear: wore worn; weigh: weight weights; win: won;
wife: wives; write: wrote written; half: halves; shelf: shelves
`;

const BASE_FORMS: ReadonlyMap<string, string> = new Map(
  IRREGULAR.split(";").flatMap((entry) => {
    const [base, forms] = entry.split(":").map((part) => part.trim());
    return (forms ?? "").split(/\s+/).map((form) => [form, base ?? form] as const);
  }),
);

const SUFFIXES = ["ings", "ing", "edly", "ied", "ed", "ies", "es", "s", "ly", "ers", "er", "ions", "ion"] as const;

/**
 * Folds an English word to a key that its inflected forms share: irregular forms by a table, then one suffix, a final
 * e or y and a doubled consonant off. A key is not a word; rare unrelated words may share one, which a check of
 * overlap should rather see than miss.
 */
export function foldWord(word: string): string {
  const lower = word
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/'s$|'$/, "");
  return BASE_FORMS.has(lower) ? shortened(BASE_FORMS.get(lower) as string) : shortened(lower);
}

function shortened(word: string): string {
  const suffix = SUFFIXES.find((end) => word.endsWith(end) && word.length - end.length >= 3);
  const stem = suffix === undefined ? word : word.slice(0, -suffix.length);
  const open = stem.length > 3 ? stem.replace(/[ey]$/, "") : stem;
  return open.length > 3 && open.at(-1) === open.at(-2) ? open.slice(0, -1) : open;
}
