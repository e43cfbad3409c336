import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "../../concurrency/file-lock.ts";
import { diskBytes, enterBytes, writeLedger } from "./cache-ledger.ts";
import type { FoundFile, ProductCache } from "./product-cache.ts";
import { type CacheLimits, type SweepResult, sweepCache } from "./sweep-cache.ts";

/** Time between sweeps of one process, in milliseconds; half of it to all of it passes. */
const SWEEP_EVERY_MS = 600_000;
/** The first sweep is long after a worker is ready. */
const FIRST_SWEEP_MS = 60_000;
/** A sweep that a growing cache asks for follows the last one at this distance at the earliest. */
const SWEEP_PAUSE_MS = 5_000;
/** The same after sweeps that could remove nothing, each twice as late as the one before. */
const LONGEST_PAUSE_MS = 40_000;
/** Times of use are written at most this often for one file. */
const TOUCH_EVERY_MS = 60_000;
/** New files are entered into the ledger at most this often, all together. */
const ENTER_EVERY_MS = 250;
/** Files from this size on are entered at once, before they are written. */
const LARGE_BYTES = 4 * 2 ** 20;
/** A sweep begins a little below the bound, because products are made while it runs. */
const NEARLY_FULL = 0.95;

/** Room in the cache for a file that is being written. */
export interface CacheRoom {
  /** Reserves more where the file turns out to have `size` bytes; false where there is no room. */
  grow(size: number): boolean;
  /** Gives the room back, and counts the bytes of the finished file; 0 when none was written. */
  finish(actualSize: number): void;
}

/** Keeps the cache within its limits, in the background: one process at a time, of all that use the folder, looks at the files. */
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
  /** How many of them the ledger knows, of which sweep it is, and when the rest is entered. */
  #entered = 0;
  #sweep: number | undefined;
  #entering: NodeJS.Timeout | undefined;
  /** Bytes in the cache and reserved by all, as the ledger told last, and when. */
  #known = 0;
  #knownAt = Number.NEGATIVE_INFINITY;
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
    this.#enterSoon();
  }

  /**
   * Reserves room for a file that is about to be written, `size` bytes as far as that is known.
   * Undefined where the file would take the cache beyond its bound: then a sweep follows, and the
   * file must not be written.
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

  /** What the ledger does not know yet. */
  get #pending(): number {
    return this.#reserved + this.#added - this.#entered;
  }

  /** Sweeps soon: there is no room for a product. */
  roomNeeded(): void {
    this.#sweepIn(Math.max(0, this.#lastSweep + this.#pauseMs - performance.now()));
  }

  /** Sweeps now, unless another process does: then the answer is undefined. */
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
      // what was added meanwhile may count twice, rather than not
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

  /** Tells the ledger what this process has reserved and added, and learns what the others have. */
  #enter(): void {
    clearTimeout(this.#entering);
    this.#entering = undefined;
    if (this.#limits.maximumBytes === 0) return;
    this.#knownAt = performance.now();
    try {
      const { sweep } = enterBytes(this.#cache, 0);
      if (this.#sweep !== undefined && sweep !== this.#sweep) {
        // the sweep has counted the files; what is being written is told to its ledger anew
        this.#added = 0;
        this.#entered = 0;
      }
      const state = enterBytes(this.#cache, this.#pending);
      this.#sweep = sweep;
      this.#entered = this.#reserved + this.#added;
      // without a ledger the fill is unknown until the sweep that follows
      this.#known = state.bytes === Infinity ? 0 : state.bytes;
      if (this.#isNearlyFull(state.bytes)) this.roomNeeded();
    } catch {
      // a disk that takes nothing is counted by the next sweep
      this.#added = 0;
      this.#entered = this.#reserved;
    }
    // a sweep of another process must learn of it too
    if (this.#reserved > 0) this.#enterSoon();
  }

  /** 0 where there is no ledger yet, or the disk takes none. */
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
          // what was used a moment ago stays in a sweep, and may have to go in the next
          if (this.#isNearlyFull(this.#known)) this.roomNeeded();
          this.#sweepIn(SWEEP_EVERY_MS * (0.5 + Math.random() / 2));
        });
    }, milliseconds);
    this.#timer.unref();
  }
}
