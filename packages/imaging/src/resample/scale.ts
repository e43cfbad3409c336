/**
 * Width and height of a picture whose longer side is limited to `longer` pixels; never larger than
 * before.
 */
export function reducedSize(
  width: number,
  height: number,
  longer: number | undefined,
): readonly [number, number] {
  const side = Math.max(width, height);
  if (longer === undefined || longer >= side) return [width, height];
  const shrink = (length: number): number => Math.max(1, Math.round((length * longer) / side));
  return [shrink(width), shrink(height)];
}

/** Takes the grey rows of a picture one by one, the top row first. */
export interface GreyRows {
  /** Memory for the grey levels of the next row; all of them must be stored. */
  line(): Uint8Array;
  /** Reports that the row is complete. */
  done(): void;
}

/**
 * Takes the grey rows of a picture and reduces it by area averaging: each pixel is the mean of the
 * area it covers, rounded. Rows of a picture that keeps its size go directly to `next`.
 */
export function reduceRows(
  from: readonly [number, number],
  to: readonly [number, number],
  next: GreyRows,
): GreyRows {
  if (from[0] === to[0] && from[1] === to[1]) return next;
  const reducer = new AreaReducer(from, to, next);
  const line = new Uint8Array(from[0]);
  return { line: () => line, done: () => reducer.add(line) };
}

class AreaReducer {
  readonly #from: readonly [number, number];
  readonly #to: readonly [number, number];
  readonly #next: GreyRows;
  readonly #line: Float64Array;
  readonly #sum: Float64Array;
  #row = 0;
  #outRow = 0;

  constructor(from: readonly [number, number], to: readonly [number, number], next: GreyRows) {
    this.#from = from;
    this.#to = to;
    this.#next = next;
    this.#line = new Float64Array(to[0]);
    this.#sum = new Float64Array(to[0]);
  }

  /** Adds the next row, from[0] pixels. */
  add(pixels: Uint8Array): void {
    averageLine(pixels, this.#line);
    const rows = this.#from[1] / this.#to[1];
    let top = this.#row;
    const bottom = ++this.#row;
    while (top < bottom && this.#outRow < this.#to[1]) {
      const end = this.#outRow === this.#to[1] - 1 ? this.#from[1] : (this.#outRow + 1) * rows;
      const until = Math.min(bottom, end);
      const weight = (until - top) / rows;
      for (let i = 0; i < this.#sum.length; i++) this.#sum[i]! += weight * this.#line[i]!;
      if (end <= bottom) this.#flush();
      top = until;
    }
  }

  #flush(): void {
    this.#outRow++;
    const line = this.#next.line();
    for (let i = 0; i < this.#sum.length; i++) line[i] = Math.round(this.#sum[i]!);
    this.#next.done();
    this.#sum.fill(0);
  }
}

/** Reduces a row to `line.length` means. */
function averageLine(pixels: Uint8Array, line: Float64Array): void {
  const size = pixels.length / line.length;
  for (let i = 0; i < line.length; i++) {
    const start = i * size;
    const end = i === line.length - 1 ? pixels.length : start + size;
    const first = Math.floor(start);
    const last = Math.min(pixels.length, Math.ceil(end)) - 1;
    let sum = pixels[first]! * (Math.min(first + 1, end) - start);
    for (let k = first + 1; k < last; k++) sum += pixels[k]!;
    if (last > first) sum += pixels[last]! * (end - last);
    line[i] = sum / (end - start);
  }
}

/**
 * Enlarges 8-bit pixels by an integer factor: each becomes a square of `zoom` x `zoom`.
 * @param size width and height before
 * @param channels interleaved values of a pixel
 */
export function enlarged(
  pixels: Uint8Array,
  [width, height]: readonly [number, number],
  channels: 1 | 3,
  zoom: number,
): Uint8Array {
  const line = width * zoom * channels;
  const out = new Uint8Array(line * height * zoom);
  for (let row = 0; row < height; row++) {
    const first = row * zoom * line;
    let at = first;
    for (let i = row * width * channels; i < (row + 1) * width * channels; i += channels) {
      for (let copy = 0; copy < zoom; copy++) {
        for (let channel = 0; channel < channels; channel++) out[at++] = pixels[i + channel]!;
      }
    }
    for (let copy = 1; copy < zoom; copy++) out.copyWithin(first + copy * line, first, first + line);
  }
  return out;
}
