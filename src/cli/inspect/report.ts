import { terminalLine } from "../../observe/terminal-text.ts";
import type { InspectedFile, InspectedHdu } from "./describe-file.ts";
import type { SkyDescription } from "./describe-sky.ts";
import type { ImageStatistics } from "./image-statistics.ts";

/** A report of a file for human readers: a paragraph for each HDU. */
export function reportText({ file, size, hdus, warnings }: InspectedFile): string {
  const head = `${file}: ${size} bytes, ${hdus.length} HDU${hdus.length === 1 ? "" : "s"} shown`;
  return [head, ...warnings.map((text) => `  warning  ${text}`), ...hdus.flatMap(hduLines)]
    .map(terminalLine)
    .join("\n");
}

function hduLines(hdu: InspectedHdu): string[] {
  const { compression, wcs, statistics, error } = hdu;
  return [
    `HDU ${hdu.index}  ${hdu.name ?? "(no name)"}${hdu.version === 1 ? "" : `, version ${hdu.version ?? "unreadable"}`}`,
    `  data     ${dataOf(hdu)}`,
    ...(compression === null
      ? []
      : [
          `  packed   ${compression.codec} in tiles of ${compression.tile.join(" x ")}${compression.quantize === null ? "" : `, quantized floats, ${compression.quantize}`}`,
        ]),
    ...(scalingOf(hdu) === "" ? [] : [`  scaling  ${scalingOf(hdu)}`]),
    ...(wcs === null ? [] : skyLines(wcs)),
    ...(statistics === undefined ? [] : statisticsLines(statistics)),
    ...hdu.sky.map(
      ({ x, y, lon, lat }) =>
        `  sky      pixel ${x}, ${y} is at ${lon === null ? "no place on the sky" : `${lon}, ${lat} deg`}`,
    ),
    ...hdu.pixel.map(
      ({ ra, dec, x, y }) =>
        `  pixel    ${ra}, ${dec} deg is at ${x === null ? "no place on the map" : `pixel ${x}, ${y}`}`,
    ),
    ...hdu.warnings.map((text) => `  warning  ${text}`),
    ...(error === undefined ? [] : [`  error    ${error.code}: ${error.message}`]),
  ];
}

function dataOf({ type, naxis, bitpix }: InspectedHdu): string {
  if (bitpix === null) return "unknown";
  if (type === "bintable" || type === "table")
    return `${type === "table" ? "ASCII" : "binary"} table of ${naxis[1] ?? 0} rows, ${naxis[0] ?? 0} bytes each`;
  const what = type === "groups" ? "random groups" : type;
  return naxis.length === 0 ? `${what} without data` : `${what} of ${naxis.join(" x ")}, BITPIX ${bitpix}`;
}

function scalingOf({ bscale, bzero, blank }: InspectedHdu): string {
  return [
    ...(bscale === null || bscale === 1 ? [] : [`BSCALE ${bscale}`]),
    ...(bzero === null || bzero === 0 ? [] : [`BZERO ${bzero}`]),
    ...(blank === null ? [] : [`BLANK ${blank}`]),
  ].join(", ");
}

function skyLines({
  ctype,
  frame,
  equinox,
  distortion,
  centre,
  scaleArcsec,
  footprint,
}: SkyDescription): string[] {
  const place = (ra: number, dec: number) => `${ra.toFixed(6)}, ${dec.toFixed(6)}`;
  return [
    `  wcs      ${ctype.join(" ")}, ${frame}${equinox === null ? "" : ` ${equinox}`}, distortion ${distortion}, ${scaleArcsec.map((scale) => scale.toFixed(4)).join(" x ")} arcsec per pixel`,
    `  centre   ${centre === null ? "not on the sky" : `${place(centre.ra, centre.dec)} deg ICRS`}`,
    ...(footprint === null ? [] : [`  corners  ${footprint.map(([ra, dec]) => place(ra, dec)).join("   ")}`]),
  ];
}

function statisticsLines({ min, max, mean, sum, first, blank, dtype }: ImageStatistics): string[] {
  const shown = (value: number | null) => value ?? "none";
  return [
    `  values   ${dtype}, ${shown(min)} to ${shown(max)}, mean ${shown(mean)}, sum ${shown(sum)}, first ${shown(first)}, ${blank} blank`,
  ];
}

/**
 * Placeholder for digits until the document is written: JSON.stringify never produces this text
 * otherwise.
 */
const DIGITS = /"\\u0001(-?\d+)\\u0001"/g;

/**
 * A report of a file as one JSON document. JSON has no infinite numbers: they are the strings
 * "Infinity", "-Infinity" and "NaN". Integers of 64 bits are written with all their digits.
 */
export function reportJson(report: InspectedFile): string {
  const text = JSON.stringify(report, (_, value: unknown) => {
    if (typeof value === "bigint") return `\u0001${value}\u0001`;
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });
  return text.replace(DIGITS, "$1");
}
