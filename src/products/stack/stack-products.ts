import { hasCode } from "@sbnsis/fits";
import { SisError } from "../../errors/sis-error.ts";
import { type CachedFile, cachedPath, type ProductCache } from "../cache/product-cache.ts";
import type { FrameDescription } from "../frame-description.ts";
import type { MadeProducts } from "../make/made-products.ts";
import type { ProductMaker } from "../make/product-maker.ts";
import type { GetOptions, Product } from "../product.ts";
import { stackKey } from "../request/product-key.ts";
import { mediaTypeOf } from "../request/product-name.ts";
import { planBlink, planStack } from "./plan-stack.ts";
import type { DescribedRow, SkippedRow } from "./stack-geometry.ts";
import { type BlinkRequest, STACK_LIMITS, type StackRequest, type StackRow } from "./stack-request.ts";

/** What stacks are made with. */
export interface StackProductsParts {
  readonly cache: ProductCache;
  readonly made: MadeProducts;
  readonly maker: ProductMaker;
  /** Version of the service: included in products and in their keys. */
  readonly version: string;
  /** The frame of an image of the catalog. */
  readonly describe: (id: string, options: GetOptions) => Promise<FrameDescription>;
}

/** Frames that are described at a time. */
const AT_A_TIME = 8;

/** Stacks and animations, from the cache or newly made. */
export class StackProducts {
  readonly #parts: StackProductsParts;

  constructor(parts: StackProductsParts) {
    this.#parts = parts;
  }

  /**
   * Finds or makes a stack or an animation. A row that fails is left out, and the product lists it;
   * if all fail, the error is that of the first.
   * Errors: STACK_INVALID, STACK_NOISE, IMAGE_NOT_FOUND, OFF_IMAGE, NO_CELESTIAL_WCS,
   * PICTURE_FAILED, SOURCE_*, FITS_*, WCS_*, OVERLOADED, CANCELLED.
   */
  async get(request: StackRequest | BlinkRequest, { signal, client }: GetOptions = {}): Promise<Product> {
    const { cache, made, maker, version } = this.#parts;
    const most = request.kind === "stack" ? STACK_LIMITS.stackFrames : STACK_LIMITS.blinkFrames;
    if (request.rows.length > most || request.rows.length === 0) {
      throw new SisError("STACK_INVALID", `There are ${request.rows.length} rows; 1 to ${most} are allowed.`);
    }
    const { described, failed } = await this.#describeRows(
      request.rows,
      signal === undefined ? {} : { signal },
    );
    const name = `${(request.target ?? request.kind).replace(/[^A-Za-z0-9._-]+/g, "_")}_${request.kind}.${request.format}`;
    const plan =
      request.kind === "stack"
        ? planStack(request, described, failed, version, facts(request, version))
        : planBlink(request, described, failed, version);
    const key = stackKey(
      described.map(({ frame }) => frame.source),
      { request, skipped: plan.skipped, version },
    );
    const path = cachedPath(cache, key, `.${request.format}`);
    const product = ({ size, mtimeMs, bytes }: CachedFile, isNew: boolean): Product => ({
      path,
      size,
      mtimeMs,
      ...(bytes !== undefined && { content: bytes }),
      lastModifiedMs: undefined,
      etag: `"${key.slice(0, 32)}"`,
      mediaType: mediaTypeOf(path),
      downloadFilename: name,
      origin: isNew ? "made" : "cache",
    });
    const bytes = request.kind === "stack" ? 10 * plan.side ** 2 : plan.frames.length * plan.side ** 2;
    const found = await made.get(
      {
        key,
        path,
        kind: request.kind,
        make: (pathFor, all) => maker.makeStack(plan, pathFor(bytes), { signal: all, client }),
      },
      signal,
    );
    return product(found.file, found.made);
  }

  async #describeRows(
    rows: readonly StackRow[],
    options: GetOptions,
  ): Promise<{ readonly described: readonly DescribedRow[]; readonly failed: readonly SkippedRow[] }> {
    const found: (DescribedRow | undefined)[] = new Array(rows.length);
    const failed: SkippedRow[] = [];
    let first: unknown;
    let next = 0;
    const work = async () => {
      while (next < rows.length) {
        const k = next++;
        const row = rows[k]!;
        const n = row.n ?? k + 1;
        try {
          const frame = await this.#parts.describe(row.id, options);
          if (frame.sky?.wcs.frame.toIcrs === undefined) {
            throw new SisError(
              "NO_CELESTIAL_WCS",
              "The coordinates of this image have no known relation to ICRS.",
            );
          }
          found[k] = { n, row, frame };
        } catch (error) {
          if (!hasCode(error) || hasCode(error, "CANCELLED", "OVERLOADED")) {
            // the others start nothing new
            next = rows.length;
            throw error;
          }
          first ??= error;
          failed.push({ row: n, code: error.code });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, rows.length) }, work));
    options.signal?.throwIfAborted();
    const described = found.filter((each) => each !== undefined);
    if (described.length === 0) throw first;
    return { described, failed };
  }
}

function facts({ target }: StackRequest, version: string) {
  return {
    ...(target !== undefined && { title: target }),
    creator: `SBN Survey Image Service ${version}`,
  };
}
