/** Repeatable random numbers. */
export interface SeededRandom {
  /** From 0 (inclusive) to 1. */
  next(): number;
  /** From `low` (inclusive) to `high`. */
  between(low: number, high: number): number;
}

/** Random numbers from a seed of 32 bits (mulberry32). */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, between: (low, high) => low + next() * (high - low) };
}

/** Combines several numbers and names into one seed, so that every frame has its own. */
export function mixedSeed(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join("/")) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return hash >>> 0;
}

const TABLE = 2 ** 16;
let normals: Float32Array | undefined;

/** Standard normal deviates by the method of Box and Muller, always the same. */
function normalTable(): Float32Array {
  if (normals !== undefined) return normals;
  const random = seededRandom(0x5b15);
  const made = new Float32Array(TABLE);
  for (let i = 0; i < TABLE; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    const angle = 2 * Math.PI * random.next();
    made[i] = radius * Math.cos(angle);
    made[i + 1] = radius * Math.sin(angle);
  }
  normals = made;
  return made;
}

/**
 * A source of noise: adds normal deviates of width `sigma` to the values of a row. Deviates come
 * from a table, as frames have 10^8 pixels.
 */
export function noiseSource(seed: number): (row: Float64Array, sigma: number) => void {
  const table = normalTable();
  let state = (seed ^ 0x9e3779b9) | 1;
  return (row, sigma) => {
    for (let i = 0; i < row.length; i++) {
      // xorshift32 (Marsaglia 2003)
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      row[i] = row[i]! + sigma * table[(state >>> 8) & (TABLE - 1)]!;
    }
  };
}
