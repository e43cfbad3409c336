import type { ByteRange, ByteSource } from "@sbnsis/fits";
import { checkRange, rangeViews } from "@sbnsis/fits/internal";
import { LRUCache } from "lru-cache";

/** Limits of a block cache. */
export interface BlockCacheOptions {
  /** Memory for blocks. */
  readonly maximumBytes: number;
  /** Bytes of a block. */
  readonly blockBytes: number;
}

/**
 * Caches blocks of any number of sources up to a limit; the least recently used ones are dropped
 * first.
 */
export class BlockCache {
  readonly blockBytes: number;
  readonly maximumBytes: number;
  readonly #blocks: LRUCache<string, Uint8Array>;

  constructor({ maximumBytes, blockBytes }: BlockCacheOptions) {
    this.blockBytes = blockBytes;
    this.maximumBytes = maximumBytes;
    this.#blocks = new LRUCache({
      maxSize: Math.max(1, maximumBytes),
      maxEntrySize: Math.max(1, maximumBytes),
      sizeCalculation: (block) => Math.max(1, block.length),
    });
  }

  /** Number of cached bytes. */
  get size(): number {
    return this.#blocks.calculatedSize;
  }

  /** Block `index` (from 0) of the source with this key. */
  get(key: string, index: number): Uint8Array | undefined {
    return this.#blocks.get(`${index} ${key}`);
  }

  /** Stores a copy, so that a block does not keep the buffer alive that it came in. */
  set(key: string, index: number, block: Uint8Array): void {
    if (this.maximumBytes >= block.length) this.#blocks.set(`${index} ${key}`, block.slice());
  }
}

/** Runs longer than this share of the cache bypass it: they would evict everything else. */
const LARGEST_SHARE = 1 / 4;

/**
 * Caches the blocks of a source in `cache` under `key`, which must identify one state of one file.
 * Missing blocks are read together from the underlying source; ranges too long for the cache are
 * read as they are.
 */
export function cachedSource(source: ByteSource, cache: BlockCache, key: string): ByteSource {
  return {
    size: (options) => source.size(options),
    async read(ranges, options = {}) {
      options.signal?.throwIfAborted();
      const size = await source.size(options);
      for (const range of ranges) checkRange(range, size);
      const keeps = ({ length }: ByteRange) => length <= cache.maximumBytes * LARGEST_SHARE;
      if (!ranges.some(keeps)) return source.read(ranges, options);
      const views = rangeViews(ranges, options.into);
      const blocks = knownBlocks(ranges.filter(keeps), cache, key);
      const runs = missingRuns(blocks, cache.blockBytes, size);
      const long = ranges.filter((range) => !keeps(range));
      const requested = [...runs, ...long];
      const signal = options.signal === undefined ? {} : { signal: options.signal };
      const read = requested.length === 0 ? [] : await source.read(requested, signal);
      for (const [i, run] of runs.entries()) keepRun(run, read[i] as Uint8Array, blocks, cache, key);
      let next = runs.length;
      for (const [i, range] of ranges.entries()) {
        const view = views[i] as Uint8Array;
        if (keeps(range)) assemble(range, view, blocks, cache.blockBytes);
        else view.set(read[next++] as Uint8Array);
      }
      return views;
    },
  };
}

/** The blocks that ranges touch; undefined for those that are not cached. */
function knownBlocks(
  ranges: readonly ByteRange[],
  cache: BlockCache,
  key: string,
): Map<number, Uint8Array | undefined> {
  const blocks = new Map<number, Uint8Array | undefined>();
  for (const { offset, length } of ranges) {
    for (let i = Math.floor(offset / cache.blockBytes); i * cache.blockBytes < offset + length; i++) {
      if (!blocks.has(i)) blocks.set(i, cache.get(key, i));
    }
  }
  return blocks;
}

/** Ranges of the missing blocks, with adjacent ones merged. */
function missingRuns(
  blocks: ReadonlyMap<number, Uint8Array | undefined>,
  blockBytes: number,
  size: number,
): readonly ByteRange[] {
  const missing = [...blocks.keys()].filter((i) => blocks.get(i) === undefined).sort((a, b) => a - b);
  const runs: ByteRange[] = [];
  for (const i of missing) {
    const offset = i * blockBytes;
    const length = Math.min(blockBytes, size - offset);
    const last = runs.at(-1);
    if (last !== undefined && last.offset + last.length === offset) {
      runs[runs.length - 1] = { offset: last.offset, length: last.length + length };
    } else {
      runs.push({ offset, length });
    }
  }
  return runs;
}

function keepRun(
  run: ByteRange,
  bytes: Uint8Array,
  blocks: Map<number, Uint8Array | undefined>,
  cache: BlockCache,
  key: string,
): void {
  for (let at = 0; at < run.length; at += cache.blockBytes) {
    const block = bytes.subarray(at, Math.min(at + cache.blockBytes, run.length));
    const index = (run.offset + at) / cache.blockBytes;
    blocks.set(index, block);
    cache.set(key, index, block);
  }
}

function assemble(
  { offset, length }: ByteRange,
  view: Uint8Array,
  blocks: ReadonlyMap<number, Uint8Array | undefined>,
  blockBytes: number,
): void {
  let done = 0;
  while (done < length) {
    const at = offset + done;
    const index = Math.floor(at / blockBytes);
    const from = at - index * blockBytes;
    const part = (blocks.get(index) as Uint8Array).subarray(from, from + length - done);
    view.set(part, done);
    done += part.length;
  }
}
