import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { diskBytes, enterBytes, writeLedger } from "./cache-ledger.ts";
import { tryLock } from "./file-lock.ts";
import type { FoundFile, ProductCache } from "./product-cache.ts";
import { type CacheLimits, type SweepResult, sweepCache } from "./sweep-cache.ts";

/** Time between sweeps of one process, in milliseconds; half of it to all of it passes. */
const SWEEP_EVERY_MS = 600_000;
/** The first sweep is long after a worker is ready. */
const FIRST_SWEEP_MS = 60_000;
/** A sweep that a growing cache asks for follows the last one at this distance at the earliest. */
const SWEEP_PAUSE_MS = 5_000;
/** Times of use are written at most this often for one file. */
const TOUCH_EVERY_MS = 60_000;
/** New files are entered into the ledger at most this often, all together. */
const ENTER_EVERY_MS = 250;
/** A sweep begins a little below the bound, because products are made while it runs. */
const NEARLY_FULL = 0.95;

/** Keeps the cache within its limits, in the background: one process at a time, of all that use the folder, looks at the files. */
export class CacheKeeper {
  readonly #cache: ProductCache;
  readonly #limits: CacheLimits;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;
  #lastSweep = Number.NEGATIVE_INFINITY;
  /** Bytes that are not in the ledger yet, and when they will be. */
  #added = 0;
  #entering: NodeJS.Timeout | undefined;
  #sweeping: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(cache: ProductCache, limits: CacheLimits) {
    this.#cache = cache;
    this.#limits = limits;
    this.#sweepIn(FIRST_SWEEP_MS * (0.5 + Math.random() / 2));
  }

  /** Notes that a file is used now: what is used stays. */
  used({ path, usedMs, mtimeMs }: FoundFile): void {
    const now = Date.now();
    // a time in the future is of a clock that was put back since
    if (Math.abs(now - usedMs) < TOUCH_EVERY_MS) return;
    // products have times in whole seconds, which this keeps exactly; on a read-only disk nothing is evicted either
    utimes(path, now / 1000, mtimeMs / 1000).catch(() => undefined);
  }

  /** Notes that a file was added. */
  added(size: number): void {
    if (this.#limits.maximumBytes === 0) return;
    this.#added += diskBytes(size);
    this.#entering ??= setTimeout(() => this.#enter(), ENTER_EVERY_MS).unref();
  }

  /** Sweeps soon: there is no room for a product. */
  roomNeeded(): void {
    this.#sweepIn(Math.max(0, this.#lastSweep + SWEEP_PAUSE_MS - performance.now()));
  }

  /** Sweeps now, unless another process does: then the answer is undefined. */
  async sweep(): Promise<SweepResult | undefined> {
    this.#lastSweep = performance.now();
    await mkdir(this.#cache.root, { recursive: true });
    const lock = await tryLock(join(this.#cache.root, "sweep.lock"));
    if (lock === undefined) return undefined;
    try {
      // begun anew before the files are counted, so that those made meanwhile count twice rather than not; a full disk takes no ledger, but needs the sweep
      await writeLedger(this.#cache, 0).catch(() => undefined);
      const { maximumBytes, maximumAgeMs } = this.#limits;
      const result = await sweepCache(this.#cache, {
        maximumBytes: Math.ceil(NEARLY_FULL * maximumBytes),
        maximumAgeMs,
      });
      await writeLedger(this.#cache, result.bytes);
      return result;
    } finally {
      lock.release();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#enter();
    await this.#sweeping;
  }

  #enter(): void {
    clearTimeout(this.#entering);
    this.#entering = undefined;
    if (this.#added === 0) return;
    try {
      const bytes = enterBytes(this.#cache, this.#added);
      if (bytes > NEARLY_FULL * this.#limits.maximumBytes) this.roomNeeded();
    } catch {
      // a disk that takes nothing is counted by the next sweep
    }
    this.#added = 0;
  }

  #sweepIn(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.#closed || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch(() => undefined)
        .finally(() => {
          this.#due = Infinity;
          this.#sweepIn(SWEEP_EVERY_MS * (0.5 + Math.random() / 2));
        });
    }, milliseconds);
    this.#timer.unref();
  }
}
