import { type Signal, signal } from "@preact/signals";
import { imageUrl } from "../app/island.ts";
import { pauseBefore, request } from "../app/service.ts";
import type { Decoder } from "../drawing/decoder.ts";
import { ComparedFrame, type PlacedRow } from "./compared-frame.ts";

const REQUESTS = 6;

/** The cutout of a row: packed, with the cards that the page needs. */
export function cutoutUrl({ obs_id, ra, dec }: PlacedRow, size: string, isPacked = true): string {
  const packing = isPacked ? { pack: "rice", header: "minimal" } : {};
  return imageUrl(obs_id, { ra, dec, size, format: "fits", ...packing });
}

/** Loads the frames of a set, those next to the chosen one first. */
export class FrameLoader {
  /** Changes whenever a frame has come or failed. */
  readonly version: Signal<number> = signal(0);
  readonly frames = new Map<number, ComparedFrame>();
  /** Sentences by number of the row. */
  readonly faults = new Map<number, string>();
  /** Bytes received. */
  bytes = 0;
  readonly #rows: readonly PlacedRow[];
  readonly #size: string;
  readonly #decoder: Decoder;
  readonly #signal: AbortSignal;
  readonly #begun = new Set<number>();
  #running = 0;
  #near = 0;

  /**
   * @param rows in the order in which they are shown
   * @param size of a cutout, as in /images
   */
  constructor(rows: readonly PlacedRow[], size: string, decoder: Decoder, signal: AbortSignal) {
    this.#rows = rows;
    this.#size = size;
    this.#decoder = decoder;
    this.#signal = signal;
  }

  get isDone(): boolean {
    return this.frames.size + this.faults.size >= this.#rows.length;
  }

  /** Loads what is left, from the neighbours of the row at `index` outwards. */
  loadAround(index: number): void {
    this.#near = index;
    while (this.#running < REQUESTS && !this.#signal.aborted) {
      const next = this.#next();
      if (next === undefined) return;
      void this.#load(next);
    }
  }

  #next(): PlacedRow | undefined {
    const count = this.#rows.length;
    for (let distance = 0; distance < count; distance++) {
      for (const index of [this.#near + distance, this.#near - distance]) {
        const row = this.#rows[((index % count) + count) % count]!;
        if (!this.#begun.has(row.n)) return row;
      }
    }
    return undefined;
  }

  async #load(row: PlacedRow): Promise<void> {
    this.#begun.add(row.n);
    this.#running++;
    try {
      const bytes = await this.#bytesOf(cutoutUrl(row, this.#size));
      this.bytes += bytes.byteLength;
      this.frames.set(row.n, new ComparedFrame(row, await this.#decoder.cutout(bytes)));
    } catch (error) {
      if (this.#signal.aborted) return;
      this.faults.set(row.n, error instanceof Error ? error.message : String(error));
    } finally {
      this.#running--;
    }
    this.version.value++;
    this.loadAround(this.#near);
  }

  /** The bytes of a cutout; faults that may pass are waited for. Errors: those of `request`. */
  async #bytesOf(url: string): Promise<ArrayBuffer> {
    for (let tries = 1; ; tries++) {
      try {
        return await (await request(url, { signal: this.#signal })).arrayBuffer();
      } catch (error) {
        const pause = this.#signal.aborted ? undefined : pauseBefore(error, tries);
        if (pause === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}
