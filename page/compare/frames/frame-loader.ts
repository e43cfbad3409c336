import { type Signal, signal } from "@preact/signals";
import { imageUrl } from "../../app/island.ts";
import { pauseBefore, request } from "../../app/service.ts";
import type { Decoder } from "../../drawing/pixels/decoder.ts";
import type { PlacedRow } from "../../sets/load-set.ts";
import { ComparedFrame } from "./compared-frame.ts";

const REQUESTS = 6;

/** Frames that arrive within this time appear together in lists of all frames, milliseconds. */
const REPORT_MS = 400;

/**
 * Forms of a cutout: a file to keep; packed, which rounds floats, with only the cards that the page
 * needs; or with those cards and exact values.
 */
type CutoutForm = "file" | "packed" | "exact";

const FORMS: Readonly<Record<CutoutForm, Readonly<Record<string, string>>>> = {
  file: {},
  packed: { pack: "rice", header: "minimal" },
  exact: { header: "minimal" },
};

/** Address of the cutout of a row. */
export function cutoutUrl({ obs_id, ra, dec }: PlacedRow, size: string, form: CutoutForm): string {
  return imageUrl(obs_id, { ra, dec, size, format: "fits", ...FORMS[form] });
}

/**
 * Loads the frames of a set, beginning with those next to the chosen one. Floats are rounded at
 * first, so that all frames appear soon, and then replaced by exact ones in the same order.
 */
export class FrameLoader {
  /** Changes whenever a frame has arrived or failed. */
  readonly version: Signal<number> = signal(0);
  readonly frames = new Map<number, ComparedFrame>();
  /** Error messages by row number. */
  readonly faults = new Map<number, string>();
  readonly #unrefined = new Map<number, string>();
  /** Bytes received. */
  bytes = 0;
  #rows: readonly PlacedRow[];
  readonly #size: string;
  readonly #decoder: Decoder;
  readonly #signal: AbortSignal;
  readonly #begun = new Set<number>();
  /** Frames whose exact values were requested. */
  readonly #refined = new Set<number>();
  #running = 0;
  #near = 0;
  #report: ReturnType<typeof setTimeout> | undefined;

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

  /** Replaces the rows when more of a set have been made. */
  set rows(rows: readonly PlacedRow[]) {
    this.#rows = rows;
    this.version.value++;
  }

  /** Why a frame stays rounded; undefined if it does not. */
  roundedBy(n: number): string | undefined {
    return this.#unrefined.get(n);
  }

  get isDone(): boolean {
    return this.frames.size + this.faults.size >= this.#rows.length;
  }

  /** Whether every frame has exact values or has failed. */
  get isExact(): boolean {
    return this.isDone && [...this.frames.values()].every((frame) => this.#isFinal(frame));
  }

  #isFinal({ n, cutout }: ComparedFrame): boolean {
    return cutout.image.isExact || this.#unrefined.has(n);
  }

  /** Loads the remaining frames, from the row at `index` outwards. */
  loadAround(index: number): void {
    this.#near = index;
    while (this.#running < REQUESTS && !this.#signal.aborted) {
      const next = this.#next();
      if (next === undefined) return;
      void this.#load(next);
    }
  }

  /** The nearest row not yet requested; if there is none, the nearest rounded frame. */
  #next(): PlacedRow | undefined {
    const count = this.#rows.length;
    const isRounded = ({ n }: PlacedRow) => {
      const frame = this.frames.get(n);
      return frame !== undefined && !frame.cutout.image.isExact && !this.#refined.has(n);
    };
    for (const isNext of [({ n }: PlacedRow) => !this.#begun.has(n), isRounded]) {
      for (let distance = 0; distance < count; distance++) {
        for (const index of [this.#near + distance, this.#near - distance]) {
          const row = this.#rows[((index % count) + count) % count]!;
          if (isNext(row)) return row;
        }
      }
    }
    return undefined;
  }

  async #load(row: PlacedRow): Promise<void> {
    const form = this.#begun.has(row.n) ? "exact" : "packed";
    (form === "exact" ? this.#refined : this.#begun).add(row.n);
    try {
      const bytes = await this.#requested(cutoutUrl(row, this.#size, form));
      this.bytes += bytes.byteLength;
      this.frames.set(row.n, new ComparedFrame(row, await this.#decoder.cutout(bytes)));
    } catch (error) {
      if (this.#signal.aborted) return;
      const text = error instanceof Error ? error.message : String(error);
      // a rounded frame can still be shown, marked as such
      if (form === "exact") this.#unrefined.set(row.n, text);
      else this.faults.set(row.n, text);
    }
    this.#changed(row);
    // a frame that was rounded may now be requested again
    this.loadAround(this.#near);
  }

  /**
   * Reports a change: that of the chosen frame at once, those of others together, because all lists
   * of frames are updated with each.
   */
  #changed({ n }: PlacedRow): void {
    const report = () => {
      clearTimeout(this.#report);
      this.#report = undefined;
      if (!this.#signal.aborted) this.version.value++;
    };
    if (n === this.#rows[this.#near]?.n || this.version.peek() === 0) report();
    else this.#report ??= setTimeout(report, REPORT_MS);
  }

  /** The bytes of a cutout; the next one is requested while these are being decoded. */
  async #requested(url: string): Promise<ArrayBuffer> {
    this.#running++;
    try {
      return await this.#bytesOf(url);
    } finally {
      this.#running--;
      this.loadAround(this.#near);
    }
  }

  /** The bytes of a cutout; retries after temporary faults. Errors: those of `request`. */
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
