import { LRUCache } from "lru-cache";
import { type Product, SMALL_PRODUCT_BYTES } from "../../products/product.ts";

/** Small products that were asked for again, in memory, up to a number of bytes: what is made and sent once would only push them out. */
export interface RecentProducts {
  find(product: Product): Buffer | undefined;
  keep(product: Product, bytes: Buffer): void;
}

/** Entries are found by path, size and modification time, so a file that was replaced is another one. `maximumBytes` 0 keeps nothing. */
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
