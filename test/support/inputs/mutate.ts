/** Numbers from 0 to `most` - 1, the same in every run with one seed (xorshift32). */
export function generator(seed: number): (most: number) => number {
  let state = Math.imul(seed, 2_654_435_761) | 1;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}

/**
 * Damages a copy of `input` in one to five ways: cuts, repeats, moves, fills, flips bits, sets
 * bytes (mostly among the first `head`).
 */
export function mutate(input: Uint8Array, random: (most: number) => number, head = 30): Uint8Array {
  let bytes = Uint8Array.from(input);
  for (let k = random(5); k >= 0; k--) {
    if (bytes.length === 0) break;
    const at = random(bytes.length);
    switch (random(7)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(random(at + 1))]);
        break;
      case 2:
        bytes.copyWithin(at, random(bytes.length), random(bytes.length));
        break;
      case 3:
        bytes.fill(random(2) * 255, at, at + random(40));
        break;
      case 4:
        bytes[at]! ^= 1 << random(8);
        break;
      default:
        bytes[random(Math.min(bytes.length, head))] = random(256);
    }
  }
  return bytes;
}
