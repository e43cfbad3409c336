import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "../../concurrency/file-lock.ts";
import { diskBytes, enterBytes, writeLedger } from "./cache-ledger.ts";
import type { FoundFile, ProductCache } from "./product-cache.ts";
import { type CacheLimits, type SweepResult, sweepCache } from "./sweep-cache.ts";

/**
 * Time between sweeps of one process, in milliseconds; the actual pause is between half of it and
 * all of it.
 */
const SWEEP_EVERY_MS = 600_000;
/** Delay of the first sweep, in milliseconds: long after a worker is ready. */
const FIRST_SWEEP_MS = 60_000;
/** Minimum pause before a sweep that is requested by a growing cache, in milliseconds. */
const SWEEP_PAUSE_MS = 5_000;
/** Maximum of that pause, which doubles after each sweep that could remove nothing. */
const LONGEST_PAUSE_MS = 40_000;
/** Times of use are written at most this often per file, in milliseconds. */
const TOUCH_EVERY_MS = 60_000;
/** New files are entered into the ledger together, at most this often, in milliseconds. */
const ENTER_EVERY_MS = 250;
/** Files of at least this size are entered at once, before they are written. */
const LARGE_BYTES = 4 * 2 ** 20;
/** A sweep starts slightly below the limit, because products are made while it runs. */
const NEARLY_FULL = 0.95;

/** Space reserved in the cache for a file that is being written. */
export interface CacheRoom {
  /**
   * Reserves more if the file turns out to have `size` bytes; returns false if there is no room.
   */
  grow(size: number): boolean;
  /** Releases the reservation and counts the bytes of the finished file; 0 if none was written. */
  finish(actualSize: number): void;
}

/**
 * Keeps the cache within its limits in the background: one process at a time, of all that use the
 * folder, scans the files.
 */
export class CacheKeeper {
  readonly #cache: ProductCache;
  readonly #limits: CacheLimits;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;
  #lastSweep = Number.NEGATIVE_INFINITY;
  #pauseMs = SWEEP_PAUSE_MS;
  /** Bytes that this process has reserved, and those it has added since the last sweep. */
  #reserved = 0;
  #added = 0;
  /**
   * How many of them are in the ledger, which sweep that is from, and when the rest will be
   * entered.
   */
  #entered = 0;
  #sweep: number | undefined;
  #entering: NodeJS.Timeout | undefined;
  /** Bytes in the cache and reserved by all processes, as last read from the ledger, and when. */
  #known = 0;
  #knownAt = Number.NEGATIVE_INFINITY;
  #sweeping: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(cache: ProductCache, limits: CacheLimits) {
    this.#cache = cache;
    this.#limits = limits;
    this.#sweepIn(FIRST_SWEEP_MS * (0.5 + Math.random() / 2));
  }

  /** Records that a file is being used: recently used files are kept. */
  used({ path, usedMs, mtimeMs }: FoundFile): void {
    const now = Date.now();
    // a time in the future predates a correction of the clock
    if (Math.abs(now - usedMs) < TOUCH_EVERY_MS) return;
    // products have times in whole seconds, which this preserves exactly; on a read-only disk
    // nothing is evicted either
    utimes(path, now / 1000, mtimeMs / 1000).catch(() => undefined);
  }

  /** Records that a file was added. */
  added(size: number): void {
    if (this.#limits.maximumBytes === 0) return;
    this.#added += diskBytes(size);
    this.#enterSoon();
  }

  /**
   * Reserves space for a file that is about to be written, of `size` bytes as far as known.
   * Undefined if the file would take the cache beyond its limit: a sweep follows then, and the file
   * must not be written.
   */
  reserve(size: number): CacheRoom | undefined {
    const { maximumBytes } = this.#limits;
    let reserved = 0;
    const grow = (wanted: number) => {
      const more = Math.max(0, diskBytes(wanted) - reserved);
      if (maximumBytes === 0 || more === 0) return true;
      if (!this.#hasRoom(more)) return false;
      this.#reserved += more;
      reserved += more;
      if (more >= LARGE_BYTES) this.#enter();
      else this.#enterSoon();
      return true;
    };
    const finish = (actualSize: number) => {
      this.#reserved -= reserved;
      reserved = 0;
      if (actualSize > 0) this.added(actualSize);
      else this.#enterSoon();
    };
    return grow(size) ? { grow, finish } : undefined;
  }

  #hasRoom(bytes: number): boolean {
    const { maximumBytes } = this.#limits;
    if (bytes > maximumBytes) return false;
    if (bytes >= LARGE_BYTES || performance.now() - this.#knownAt >= ENTER_EVERY_MS) this.#enter();
    if (this.#known + this.#pending + bytes <= maximumBytes) return true;
    this.roomNeeded();
    return false;
  }

  /** Bytes that are not in the ledger yet. */
  get #pending(): number {
    return this.#reserved + this.#added - this.#entered;
  }

  /** Requests an early sweep: there is no room for a product. */
  roomNeeded(): void {
    this.#sweepIn(Math.max(0, this.#lastSweep + this.#pauseMs - performance.now()));
  }

  /** Sweeps now, unless another process is sweeping: returns undefined then. */
  async sweep(): Promise<SweepResult | undefined> {
    this.#lastSweep = performance.now();
    await mkdir(this.#cache.root, { recursive: true });
    const lock = await tryLock(join(this.#cache.root, "sweep.lock"));
    if (lock === undefined) return undefined;
    try {
      const before = this.#ledgerBytes();
      const { maximumBytes, maximumAgeMs } = this.#limits;
      const result = await sweepCache(this.#cache, {
        maximumBytes: Math.ceil(NEARLY_FULL * maximumBytes),
        maximumAgeMs,
      });
      // what was added meanwhile may count twice, which is better than not at all
      const total = result.bytes + Math.max(0, this.#ledgerBytes() - before);
      this.#known = total;
      await writeLedger(this.#cache, total);
      this.#pauseMs = result.removed > 0 ? SWEEP_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 2 * this.#pauseMs);
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

  #enterSoon(): void {
    this.#entering ??= setTimeout(() => this.#enter(), ENTER_EVERY_MS).unref();
  }

  /**
   * Enters what this process has reserved and added into the ledger, and reads the total of all
   * processes.
   */
  #enter(): void {
    clearTimeout(this.#entering);
    this.#entering = undefined;
    if (this.#limits.maximumBytes === 0) return;
    this.#knownAt = performance.now();
    try {
      const { sweep } = enterBytes(this.#cache, 0);
      if (this.#sweep !== undefined && sweep !== this.#sweep) {
        // the sweep has counted the files; what is being written must be entered into its new
        // ledger
        this.#added = 0;
        this.#entered = 0;
      }
      const state = enterBytes(this.#cache, this.#pending);
      this.#sweep = sweep;
      this.#entered = this.#reserved + this.#added;
      // without a ledger, the total is unknown until the sweep that follows
      this.#known = state.bytes === Infinity ? 0 : state.bytes;
      if (this.#isNearlyFull(state.bytes)) this.roomNeeded();
    } catch {
      // if the disk cannot be written to, the next sweep counts instead
      this.#added = 0;
      this.#entered = this.#reserved;
    }
    // it must also be entered into the ledger of another process's sweep
    if (this.#reserved > 0) this.#enterSoon();
  }

  /** 0 if there is no ledger yet, or it cannot be written. */
  #ledgerBytes(): number {
    try {
      const { bytes } = enterBytes(this.#cache, 0);
      return bytes === Infinity ? 0 : bytes;
    } catch {
      return 0;
    }
  }

  #isNearlyFull(bytes: number): boolean {
    const { maximumBytes } = this.#limits;
    return maximumBytes > 0 && bytes > NEARLY_FULL * maximumBytes;
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
          // a sweep keeps what was used a moment ago, so another one may be needed
          if (this.#isNearlyFull(this.#known)) this.roomNeeded();
          this.#sweepIn(SWEEP_EVERY_MS * (0.5 + Math.random() / 2));
        });
    }, milliseconds);
    this.#timer.unref();
  }
}
