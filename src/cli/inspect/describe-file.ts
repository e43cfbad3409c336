import {
  type ByteSource,
  describeImage,
  type FitsFile,
  type Hdu,
  headerInteger,
  headerNumber,
  type ImageDescription,
  imageHeader,
  inheritedHeader,
  openFits,
} from "@sbnsis/fits";
import { axisLengths } from "@sbnsis/fits/internal";
import { isSisError, type KnownError, SisError } from "../../errors/sis-error.ts";
import {
  describeSky,
  type PixelPlace,
  pixelPlace,
  readSky,
  type SkyDescription,
  type SkyPlace,
  skyPlace,
} from "./describe-sky.ts";
import { type ImageStatistics, imageStatistics } from "./image-statistics.ts";

/** What to report about a file. */
export interface InspectRequest {
  /** Only this HDU, from 0. */
  readonly hdu?: number;
  readonly statistics: boolean;
  /** Pixels (from 1) to convert to sky positions, and ICRS positions to convert to pixels. */
  readonly sky: readonly (readonly [number, number])[];
  readonly pixel: readonly (readonly [number, number])[];
  readonly signal?: AbortSignal;
}

/**
 * An HDU as `sbnsis inspect --json` shows it. For a compressed image, type, bitpix, naxis and
 * scaling are those of the image.
 */
export interface InspectedHdu {
  readonly index: number;
  readonly name: string | null;
  /** EXTVER; null when it cannot be read. */
  readonly version: number | null;
  readonly type: Hdu["kind"];
  readonly bitpix: number | null;
  /** NAXIS1 first. */
  readonly naxis: readonly number[];
  readonly compression: {
    readonly codec: string;
    readonly tile: readonly number[];
    readonly quantize: string | null;
  } | null;
  readonly bscale: number | null;
  readonly bzero: number | null;
  readonly blank: number | bigint | null;
  readonly wcs: SkyDescription | null;
  readonly statistics?: ImageStatistics;
  readonly warnings: readonly string[];
  readonly sky: readonly PixelPlace[];
  readonly pixel: readonly SkyPlace[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface InspectedFile {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly hdus: readonly InspectedHdu[];
  /** Problems that concern no single HDU. */
  readonly warnings: readonly string[];
}

/**
 * Describes a file, each HDU on its own: a damaged one says so in `error` and does not hide the
 * others.
 * Errors: FITS_NO_SUCH_HDU, FITS_CORRUPT when the file is not a FITS file at all, those of the
 * source.
 */
export async function describeFile(
  source: ByteSource,
  name: string,
  request: InspectRequest,
): Promise<InspectedFile> {
  const { signal } = request;
  const file = await openFits(source, { recover: true, ...(signal !== undefined && { signal }) });
  const count = file.hdus.length + file.damaged.length;
  if (request.hdu !== undefined && request.hdu >= count)
    throw new SisError("FITS_NO_SUCH_HDU", `the file has ${count} HDUs, the first being number 0`);
  const hdus: InspectedHdu[] = [];
  for (let index = 0; index < count; index++) {
    if (request.hdu !== undefined && request.hdu !== index) continue;
    const hdu = file.hdus.find((each) => each.index === index);
    hdus.push(hdu === undefined ? damagedHdu(file, index) : await inspectHdu(source, file, hdu, request));
  }
  return { file: name, size: file.size, hdus, warnings: file.warnings };
}

const NOTHING = {
  index: 0,
  name: null,
  version: 1,
  type: "image",
  bitpix: null,
  naxis: [],
  compression: null,
  bscale: null,
  bzero: null,
  blank: null,
  wcs: null,
  warnings: [],
  sky: [],
  pixel: [],
} as const;

function damagedHdu({ damaged }: FitsFile, index: number): InspectedHdu {
  const { error } = damaged.find((each) => each.index === index)!;
  return { ...NOTHING, index, type: index === 0 ? "image" : "other", error: errorOf(error) };
}

async function inspectHdu(
  source: ByteSource,
  { size, hdus }: FitsFile,
  hdu: Hdu,
  request: InspectRequest,
): Promise<InspectedHdu> {
  const { index, kind, name = null, version = null, header, dataOffset, dataLength } = hdu;
  const base = {
    ...NOTHING,
    index,
    name,
    version,
    type: kind,
    bitpix: headerInteger(header, "BITPIX") ?? null,
    naxis: axisLengths(header, "NAXIS"),
  };
  const primary = hdus.find((each) => each.index === 0);
  const end = dataOffset + dataLength;
  const cut =
    end > size
      ? errorOf(new SisError("FITS_TRUNCATED", `its data end at byte ${end}, the file at byte ${size}`))
      : undefined;
  try {
    const image = await describeImage(source, hdu, request);
    const found =
      image === undefined ? base : { ...base, ...(await inspectImage(source, hdu, image, primary, request)) };
    return cut === undefined ? found : { ...found, error: cut };
  } catch (error) {
    if (!isSisError(error) || !error.code.startsWith("FITS_")) throw error;
    return { ...base, error: errorOf(error) };
  }
}

async function inspectImage(
  source: ByteSource,
  hdu: Hdu,
  image: ImageDescription,
  primary: Hdu | undefined,
  { statistics, sky, pixel, signal }: InspectRequest,
) {
  const warnings: string[] = [];
  const header = imageHeader(hdu);
  const wcs = await readSky(
    source,
    primary === undefined ? header : inheritedHeader(header, primary),
    warnings,
  );
  const { storage, bitpix, naxis } = image;
  return {
    type: "image" as const,
    bitpix,
    naxis,
    compression:
      storage.kind === "plain"
        ? null
        : { codec: storage.codec, tile: storage.tile, quantize: storage.quantization?.method ?? null },
    bscale: headerNumber(hdu.header, "BSCALE") ?? 1,
    bzero: headerNumber(hdu.header, "BZERO") ?? 0,
    blank: image.blank ?? null,
    wcs: wcs === undefined ? null : describeSky(wcs, naxis),
    warnings,
    sky: wcs === undefined ? [] : sky.map((place) => pixelPlace(wcs, place)),
    pixel: wcs === undefined ? [] : pixel.map((place) => skyPlace(wcs, place)),
    ...(statistics && (await statisticsOf(source, image, signal))),
  };
}

async function statisticsOf(source: ByteSource, image: ImageDescription, signal: AbortSignal | undefined) {
  try {
    return { statistics: await imageStatistics(source, image, signal === undefined ? {} : { signal }) };
  } catch (error) {
    if (!isSisError(error) || !error.code.startsWith("FITS_")) throw error;
    return { error: errorOf(error) };
  }
}

function errorOf({ code, message }: KnownError): { readonly code: string; readonly message: string } {
  return { code, message };
}
