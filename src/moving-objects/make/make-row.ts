import { readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Header, parseHeader } from "@sbnsis/fits";
import { pixelToIcrs, type Wcs } from "@sbnsis/wcs";
import { offsetAlong, positionAngle, type SkyPoint, separation } from "@sbnsis/wcs/internal";
import type { Catalog, ImageDetail } from "../../catalog/catalog.ts";
import { ERROR_CATALOGUE, type ErrorEntry } from "../../errors/catalogue.ts";
import { isSisError, type KnownError, publicDetailOf, SisError, statusOf } from "../../errors/sis-error.ts";
import type { FrameDescription } from "../../products/frame-description.ts";
import type { Photometry } from "../../products/photometry.ts";
import { type CutoutPlace, cutoutPlace } from "../../products/plan/place-cutout.ts";
import type { GetOptions, Product, ProductRequest, ProductService } from "../../products/product.ts";
import { type BatchFormat, type BatchOptions, rowSize } from "../batch-request.ts";
import type { BatchRow, RowProduct } from "../batch-row.ts";
import type { ObjectRow, RowWarning } from "../object-row.ts";
import { isoTime, type MidTime, midTime } from "../time/mid-time.ts";
import { emptyBatchRow } from "./row-facts.ts";
import { rowRequests } from "./row-products.ts";
import { readCutout, type SkyLevel } from "./sky-level.ts";

/** The tools for making rows. */
export interface RowTools {
  readonly catalog: Pick<Catalog, "findImage" | "findDetail">;
  readonly products: Pick<ProductService, "get" | "describe">;
  /** MAXIMUM_CUTOUT_SIZE. */
  readonly maximumCutoutSize: number;
  /** Receives the bytes of each product; defaults to leaving them in the cache only. */
  readonly take?: (row: BatchRow, format: BatchFormat, bytes: Uint8Array) => Promise<void>;
}

/** A made row. */
export interface MadeRow {
  readonly row: BatchRow;
  /** Sum of its products. */
  readonly bytes: number;
  /** Whether making it again may succeed. */
  readonly isRetryable: boolean;
}

/** Faults of the service itself, which say nothing about the row. */
const FAULTS = [
  "CANCELLED",
  "STOPPING",
  "OVERLOADED",
  "MEMORY_SHORT",
  "CATALOG_UNAVAILABLE",
  "CATALOG_SCHEMA",
  "INTERNAL",
] as const;

/** Whether an error is a fault of the service itself, which says nothing about the row. */
export const isFault = (error: unknown): boolean => !isSisError(error) || isSisError(error, ...FAULTS);

/** Error of a row, or undefined for a fault of the service. */
function rowError(error: unknown): KnownError | undefined {
  return isSisError(error) && !isFault(error) ? error : undefined;
}

/** Trails longer than this are marked, pixels. */
const TRAIL_PIXELS = 2;

/** Where and when a row is. */
interface Placed {
  readonly detail: ImageDetail | undefined;
  readonly mid: MidTime | undefined;
  readonly ra: number;
  readonly dec: number;
  readonly frame: FrameDescription;
  readonly place: CutoutPlace;
}

const headerOf = (frame: FrameDescription): Header => parseHeader(frame.header.bytes);

async function place(
  row: ObjectRow,
  options: BatchOptions,
  tools: RowTools,
  get: GetOptions,
): Promise<Placed> {
  const id = row.obs_id!;
  const [detail, frame] = await Promise.all([
    tools.catalog.findDetail(id),
    tools.products.describe?.(id, get),
  ]);
  if (frame === undefined) throw new SisError("INTERNAL", "the products cannot describe frames");
  const mid = midTime(id, detail, () => headerOf(frame));
  let { ra, dec } = row as { ra: number; dec: number };
  if (
    options.center === "exposure" &&
    mid !== undefined &&
    row.mjd !== null &&
    row.rate !== null &&
    row.pa !== null
  ) {
    const hours = (mid.mjd - row.mjd) * 24;
    [ra, dec] = offsetAlong([ra, dec], row.pa, (row.rate * hours) / 3600);
  }
  const limits = { maximumCutoutSize: tools.maximumCutoutSize };
  return {
    detail,
    mid,
    ra,
    dec,
    frame,
    place: cutoutPlace(frame, { ra, dec, size: rowSize(row, options) }, limits),
  };
}

/** Scale, orientation and parity of an image at a pixel, from its neighbors. */
function orientation(wcs: Wcs, x: number, y: number) {
  const at = pixelToIcrs(wcs, x, y);
  const right = pixelToIcrs(wcs, x + 1, y);
  const up = pixelToIcrs(wcs, x, y + 1);
  if (at === undefined || right === undefined || up === undefined) {
    return { scale_arcsec: null, north_pa: null, parity: null };
  }
  const here: SkyPoint = [at.ra, at.dec];
  const [alongX, alongY]: readonly [SkyPoint, SkyPoint] = [
    [right.ra, right.dec],
    [up.ra, up.dec],
  ];
  const [xAngle, yAngle] = [positionAngle(here, alongX), positionAngle(here, alongY)];
  // turning from x to y: on the sky, position angles grow from north to east, against the axes
  const turn = Math.sin(((xAngle - yAngle) * Math.PI) / 180);
  const area = separation(here, alongX) * separation(here, alongY) * Math.abs(turn);
  return { scale_arcsec: Math.sqrt(area) * 3600, north_pa: yAngle, parity: turn < 0 ? 1 : -1 };
}

/** The bytes of a product, wherever they are. */
async function bytesOf({ content, path, size }: Product): Promise<Uint8Array> {
  if (content === undefined) {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new SisError("SOURCE_CHANGED", "a product was evicted before it was read", { cause });
    });
    if (bytes.length !== size)
      throw new SisError("SOURCE_CHANGED", "a product was replaced before it was read");
    return bytes;
  }
  if (typeof content !== "function") return content;
  const parts: Uint8Array[] = [];
  for await (const part of content(0, size - 1)) parts.push(part);
  return Buffer.concat(parts);
}

async function product(
  products: Pick<ProductService, "get">,
  request: ProductRequest,
  options: GetOptions,
): Promise<{ readonly product: Product; readonly bytes: Uint8Array }> {
  const once = async () => {
    const found = await products.get(request, options);
    return { product: found, bytes: await bytesOf(found) };
  };
  // it can be evicted, or its source replaced, between finding and reading it: retry once
  return await once().catch((error: unknown) => {
    if (isSisError(error, "SOURCE_CHANGED")) return once();
    throw error;
  });
}

function warningsOf(
  row: ObjectRow,
  facts: Pick<BatchRow, "dt_s" | "exposure" | "trail_arcsec" | "scale_arcsec" | "inside">,
  sideArcsec: number,
): readonly RowWarning[] {
  const { dt_s, exposure, trail_arcsec, scale_arcsec, inside } = facts;
  const found: RowWarning[] = [...row.warnings];
  if (dt_s !== null && row.rate === null && Math.abs(dt_s) > (exposure ?? 0) / 2) found.push("TIME_MISMATCH");
  if (trail_arcsec !== null && scale_arcsec !== null && trail_arcsec > TRAIL_PIXELS * scale_arcsec)
    found.push("TRAILED");
  if (inside !== null && inside < 1) found.push("EDGE");
  if (row.unc_a !== null && 2 * row.unc_a > sideArcsec) found.push("ELLIPSE_LARGER");
  return found;
}

function zeroPointFacts({ zeroPoint }: Photometry): Pick<BatchRow, "zp" | "zp_from"> {
  return { zp: zeroPoint?.value ?? null, zp_from: zeroPoint ? `header:${zeroPoint.keyword}` : null };
}

/** @param scale arcseconds per pixel */
function widthFacts({ width }: Photometry, scale: number | null): Pick<BatchRow, "fwhm" | "fwhm_from"> {
  const factor = width?.unit === "pixel" ? scale : 1;
  if (width === undefined || factor === null) return { fwhm: null, fwhm_from: null };
  return { fwhm: width.value * factor, fwhm_from: `header:${width.keyword}` };
}

function factsOf(row: ObjectRow, { detail, mid, ra, dec, frame, place: at }: Placed) {
  const { centre, requested, box } = at;
  const [width, height] = frame.naxis;
  const { wcs } = frame.sky!;
  const exposure = mid?.exposure ?? detail?.exposure ?? null;
  const trail_arcsec = row.rate === null || exposure === null ? null : (row.rate * exposure) / 3600;
  const facts = {
    filter: detail?.filter ?? null,
    exposure,
    start: detail?.startTime ?? null,
    stop: detail?.stopTime ?? null,
    mid: mid === undefined ? null : isoTime(mid.mjd),
    mid_mjd: mid?.mjd ?? null,
    mid_from: mid?.from ?? null,
    dt_s: mid === undefined || row.mjd === null ? null : (row.mjd - mid.mjd) * 86_400,
    ra,
    dec,
    x: centre.x + 1,
    y: centre.y + 1,
    cut_x: centre.x - box.start[0] + 1,
    cut_y: centre.y - box.start[1] + 1,
    cut_w: box.shape[0],
    cut_h: box.shape[1],
    inside: (box.shape[0] * box.shape[1]) / (requested[0] * requested[1]),
    edge_px: Math.min(centre.x + 0.5, width - 0.5 - centre.x, centre.y + 0.5, height - 0.5 - centre.y),
    trail_arcsec,
    ...orientation(wcs, centre.x, centre.y),
    ...zeroPointFacts(frame.photometry),
  };
  const seeing = row.fwhm === null ? widthFacts(frame.photometry, facts.scale_arcsec) : {};
  // a row without a time of its own has that of its exposure
  const timed =
    mid === undefined && row.mjd !== null
      ? { mid: isoTime(row.mjd), mid_mjd: row.mjd, mid_from: "given" }
      : {};
  const side = Math.min(...requested) * (facts.scale_arcsec ?? 0);
  return { ...facts, ...seeing, ...timed, warnings: warningsOf(row, facts, side) };
}

/** What clients may read of an error. */
function errorFacts(error: KnownError) {
  const { publicCode }: ErrorEntry = ERROR_CATALOGUE[error.code];
  return { code: publicCode ?? error.code, detail: publicDetailOf(error) };
}

/** Errors with these statuses are transient: faults of the archive, or of the moment. */
const isTransient = (error: KnownError): boolean => [502, 503, 504].includes(statusOf(error));

/**
 * Makes one row: its products, which stay in the cache, and its line of the manifest. Errors of the
 * row, its frame or the archive are part of the result.
 * Errors: faults of the service itself: CANCELLED, OVERLOADED, MEMORY_SHORT, CATALOG_UNAVAILABLE,
 * CATALOG_SCHEMA, INTERNAL.
 */
export async function makeRow(
  row: ObjectRow,
  options: BatchOptions,
  tools: RowTools,
  get: GetOptions = {},
): Promise<MadeRow> {
  const started = performance.now();
  const finish = (facts: Partial<BatchRow>): BatchRow => ({
    ...facted,
    ...facts,
    made: Date.now(),
    ms: Math.round((performance.now() - started) * 100) / 100,
  });
  const record = row.obs_id === null ? undefined : await tools.catalog.findImage(row.obs_id);
  let facted = emptyBatchRow(row, record);
  if (row.code !== null) return { row: finish({ status: "failed" }), bytes: 0, isRetryable: false };
  let placed: Placed;
  try {
    placed = await place(row, options, tools, get);
  } catch (error) {
    const known = rowError(error);
    if (known === undefined) throw error;
    return {
      row: finish({ status: "failed", ...errorFacts(known) }),
      bytes: 0,
      isRetryable: isTransient(known),
    };
  }
  facted = { ...facted, ...factsOf(row, placed) };
  const { ra, dec } = placed;
  const { exposure } = facted;
  const products: RowProduct[] = [];
  let failure: KnownError | undefined;
  let cutout: SkyLevel | undefined;
  for (const { format, request, query } of rowRequests(row, options, { ra, dec, exposure })) {
    try {
      const made = await product(tools.products, request, get);
      const { etag, downloadFilename: filename } = made.product;
      products.push({ format, bytes: made.bytes.length, etag, crc32: crc32(made.bytes), filename, query });
      if (format === "fits") cutout = await readCutout(made.bytes);
      await tools.take?.(facted, format, made.bytes);
    } catch (error) {
      failure = rowError(error);
      if (failure === undefined) throw error;
    }
  }
  const bytes = products.reduce((sum, one) => sum + one.bytes, 0);
  const status = failure === undefined ? "done" : products.length > 0 ? "partial" : "failed";
  return {
    row: finish({
      status,
      products,
      ...(cutout !== undefined && {
        sky: cutout.sky,
        sigma: cutout.sigma,
        valid_fraction: cutout.validFraction,
      }),
      ...(failure !== undefined && errorFacts(failure)),
    }),
    bytes,
    isRetryable: failure !== undefined && isTransient(failure),
  };
}
