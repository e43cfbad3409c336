/** Fewer values are simply sorted. */
const FEW = 8192;

/** Values from which the range of the bins is taken. */
const GUIDES = 1024;

/** Bins between the ends of most values; two more have the values beyond. */
const BINS = 2 ** 15;

/**
 * The values with given ranks, from 0, in the sorted order of all, without sorting them: they are
 * counted in bins, and only the bins with these ranks are sorted.
 * @param values finite
 */
export function valuesAtRanks(values: Float64Array, ranks: readonly number[]): readonly number[] {
  const binOf = values.length < FEW ? undefined : binsOf(values);
  if (binOf === undefined) {
    const sorted = values.slice().sort();
    return ranks.map((rank) => sorted[rank]!);
  }
  const { from, perBin } = binOf;
  const bins = new Uint16Array(values.length);
  const counts = new Uint32Array(BINS + 2);
  for (let i = 0; i < values.length; i++) {
    const place = (values[i]! - from) * perBin;
    const bin = place < 0 ? 0 : place < BINS ? 1 + (place | 0) : BINS + 1;
    bins[i] = bin;
    counts[bin]!++;
  }
  const wanted = new Map<number, { readonly before: number; readonly members: Float64Array; at: number }>();
  const chosen = ranks.map((rank) => {
    let [bin, before] = [0, 0];
    while (before + counts[bin]! <= rank) before += counts[bin++]!;
    if (!wanted.has(bin)) wanted.set(bin, { before, members: new Float64Array(counts[bin]!), at: 0 });
    return bin;
  });
  const isWanted = new Uint8Array(BINS + 2);
  for (const bin of wanted.keys()) isWanted[bin] = 1;
  for (let i = 0; i < values.length; i++) {
    if (isWanted[bins[i]!] === 0) continue;
    const bin = wanted.get(bins[i]!)!;
    bin.members[bin.at++] = values[i]!;
  }
  for (const { members } of wanted.values()) members.sort();
  return ranks.map((rank, i) => {
    const { before, members } = wanted.get(chosen[i]!)!;
    return members[rank - before]!;
  });
}

/** Bins over most of the values; undefined when most are equal. */
function binsOf(values: Float64Array): { readonly from: number; readonly perBin: number } | undefined {
  const step = values.length / GUIDES;
  const guides = Float64Array.from({ length: GUIDES }, (_, i) => values[Math.floor(i * step)]!).sort();
  const [from, to] = [guides[GUIDES >> 6]!, guides[GUIDES - 1 - (GUIDES >> 6)]!];
  const perBin = BINS / (to - from);
  return to > from && Number.isFinite(perBin) ? { from, perBin } : undefined;
}
