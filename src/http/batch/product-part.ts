import { createReadStream } from "node:fs";
import { SisError } from "../../errors/sis-error.ts";
import type { Product, ProductRequest, ProductService } from "../../products/product.ts";

/** A product of a row as it was made, and how to get it again. */
export interface KnownProduct {
  readonly request: ProductRequest;
  readonly size: number;
  readonly etag: string;
}

/** For whom products are made. */
export interface PartOptions {
  readonly signal: AbortSignal;
  readonly client: string;
}

/**
 * Reads a part of a product, both ends included; one that was evicted is made again. Errors:
 * SOURCE_CHANGED when it has changed, and those of making it.
 */
export async function* productPart(
  products: Pick<ProductService, "get">,
  known: KnownProduct,
  first: number,
  last: number,
  options: PartOptions,
): AsyncGenerator<Uint8Array> {
  for (let attempt = 1, at = first; ; attempt += 1) {
    const product = await products.get(known.request, options);
    if (product.etag !== known.etag || product.size !== known.size) {
      throw new SisError(
        "SOURCE_CHANGED",
        `the frame ${known.request.id} has changed since its row was made; retry the row`,
      );
    }
    try {
      for await (const bytes of partOf(product, at, last)) {
        yield bytes;
        at += bytes.length;
      }
      return;
    } catch (error) {
      // evicted between finding and reading it
      if (attempt > 1 || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

async function* partOf({ path, content }: Product, first: number, last: number): AsyncGenerator<Uint8Array> {
  if (typeof content === "function") yield* content(first, last);
  else if (content !== undefined) yield content.subarray(first, last + 1);
  else yield* createReadStream(path, { start: first, end: last }) as AsyncIterable<Uint8Array>;
}

/** All bytes of a product. */
export async function productBytes(product: Product): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of partOf(product, 0, product.size - 1)) parts.push(part);
  return Buffer.concat(parts);
}
