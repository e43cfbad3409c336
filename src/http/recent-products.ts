import { LRUCache } from "lru-cache";
import type { Product } from "../products/product.ts";

/** Files up to this size are read whole and sent in one write; larger ones are streamed. */
export const SMALL_FILE_BYTES = 2 ** 20;

/** Small products that were just sent, in memory, up to a number of bytes. */
export interface RecentProducts {
  find(product: Product): Buffer | undefined;
  keep(product: Product, bytes: Buffer): void;
}

/** Entries are found by path, size and modification time, so a file that was replaced is another one. `maximumBytes` 0 keeps nothing. */
export function recentProducts(maximumBytes: number): RecentProducts {
  if (maximumBytes === 0) return { find: () => undefined, keep: () => undefined };
  const cache = new LRUCache<string, Buffer>({
    maxSize: maximumBytes,
    maxEntrySize: Math.min(SMALL_FILE_BYTES, maximumBytes),
    sizeCalculation: (bytes) => Math.max(1, bytes.length),
  });
  return {
    find: (product) => cache.get(identity(product)),
    keep: (product, bytes) => {
      cache.set(identity(product), bytes);
    },
  };
}

function identity({ path, size, mtimeMs }: Product): string {
  return `${size}:${mtimeMs}:${path}`;
}
