import { hash } from "node:crypto";

const LISTED = 1;
const SEEN = 2;

/**
 * A hash of a text with 53 bits; the chance that any two of ten million texts collide is one in a
 * hundred.
 */
function digestOf(text: string): number {
  const digits = hash("sha1", text, "hex");
  // 0 marks an empty slot
  return Number.parseInt(digits.slice(0, 13), 16) * 2 + (Number.parseInt(digits[13]!, 16) & 1) || 1;
}

/**
 * Identifiers of millions of products in 9 bytes per slot of a table that is at most two thirds
 * full: listed, seen, or both.
 */
export class LidTable {
  #digests = new Float64Array(1 << 16);
  #flags = new Uint8Array(1 << 16);
  #size = 0;

  list(text: string): void {
    this.#mark(text, LISTED);
  }

  see(text: string): void {
    this.#mark(text, SEEN);
  }

  isListed(text: string): boolean {
    return (this.#flags[this.#find(digestOf(text))]! & LISTED) !== 0;
  }

  isSeen(text: string): boolean {
    return (this.#flags[this.#find(digestOf(text))]! & SEEN) !== 0;
  }

  #mark(text: string, flag: number): void {
    // the slot first: finding it may replace the arrays
    const place = this.#placeOf(text);
    this.#flags[place]! |= flag;
  }

  #find(digest: number): number {
    const mask = this.#digests.length - 1;
    let place = digest % this.#digests.length;
    while (this.#digests[place] !== 0 && this.#digests[place] !== digest) place = (place + 1) & mask;
    return place;
  }

  #placeOf(text: string): number {
    const digest = digestOf(text);
    let place = this.#find(digest);
    if (this.#digests[place] === digest) return place;
    if (3 * (this.#size + 1) > 2 * this.#digests.length) {
      this.#grow();
      place = this.#find(digest);
    }
    this.#digests[place] = digest;
    this.#size += 1;
    return place;
  }

  #grow(): void {
    const [digests, flags] = [this.#digests, this.#flags];
    this.#digests = new Float64Array(2 * digests.length);
    this.#flags = new Uint8Array(2 * digests.length);
    for (let i = 0; i < digests.length; i += 1) {
      if (digests[i] === 0) continue;
      const place = this.#find(digests[i]!);
      this.#digests[place] = digests[i]!;
      this.#flags[place] = flags[i]!;
    }
  }
}
