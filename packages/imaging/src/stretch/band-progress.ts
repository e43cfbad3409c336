/** Cells before those of the bands. */
const TAKEN = 0;
const MISSING = 1;
const FIRST_BAND = 2;

/**
 * How far the bands of a frame are, for one thread or several that share the memory of it: 32-bit
 * cells, read and written by Atomics only.
 *
 *     +---------+-----------+--------+--------+-----+----------+
 *     | taken   | missing   | band 0 | band 1 | ... | band n-1 |
 *     +---------+-----------+--------+--------+-----+----------+
 *       bands     pixels      1 once its levels are stored,
 *       taken     without     0 before; counted in the order
 *       so far    a value     in which bands are taken
 *
 * A thread takes the next band by incrementing `taken`, which may pass n; stores its levels; adds
 * its missing pixels; and sets the band's cell last, so that any thread that sees it set sees the
 * levels.
 */
export class BandProgress {
  readonly #cells: Int32Array;

  /** @param memory from {@link BandProgress.memoryFor}, here or in another thread */
  constructor(memory: ArrayBufferLike) {
    this.#cells = new Int32Array(memory);
  }

  /** Memory of the progress of a number of bands, none of them taken. */
  static memoryFor(bands: number, isShared: boolean): ArrayBufferLike {
    const bytes = 4 * (FIRST_BAND + bands);
    return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  }

  /** Number of bands. */
  get bands(): number {
    return this.#cells.length - FIRST_BAND;
  }

  /** Number of pixels without a value in the bands that are present. */
  get missing(): number {
    return Atomics.load(this.#cells, MISSING);
  }

  /** Takes the next band; undefined when all are taken. */
  take(): number | undefined {
    const band = Atomics.add(this.#cells, TAKEN, 1);
    return band < this.bands ? band : undefined;
  }

  /** Stops all threads from taking another band. */
  stop(): void {
    Atomics.store(this.#cells, TAKEN, this.bands);
  }

  /** Reports that a band is present, with a number of pixels without a value. */
  add(band: number, missing: number): void {
    Atomics.add(this.#cells, MISSING, missing);
    Atomics.store(this.#cells, FIRST_BAND + band, 1);
  }

  isPresent(band: number): boolean {
    return Atomics.load(this.#cells, FIRST_BAND + band) !== 0;
  }
}
