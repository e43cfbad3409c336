import { LRUCache } from "lru-cache";
import { type Product, SMALL_PRODUCT_BYTES } from "../../products/product.ts";

/**
 * Caches small products that were requested more than once, up to a number of bytes: a product that
 * is made and sent once would only evict them.
 */
export interface RecentProducts {
  find(product: Product): Buffer | undefined;
  keep(product: Product, bytes: Buffer): void;
}

/**
 * Entries are found by path, size and modification time, so a replaced file is a different entry.
 * With `maximumBytes` 0 nothing is kept.
 */
export function recentProducts(maximumBytes: number): RecentProducts {
  if (maximumBytes === 0) return { find: () => undefined, keep: () => undefined };
  const cache = new LRUCache<string, Buffer>({
    maxSize: maximumBytes,
    maxEntrySize: Math.min(SMALL_PRODUCT_BYTES, maximumBytes),
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
