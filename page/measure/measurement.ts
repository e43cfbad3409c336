import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { distanceText, numberText } from "../ui/sexagesimal.ts";
import { decimalOf } from "../ui/written-numbers.ts";
import { adesRecord } from "./ades-record.ts";
import { type CircleMeasurement, measureCircle, type ValueAt } from "./circle.ts";
import { distance } from "./distance.ts";
import { type Histogram, histogram } from "./histogram.ts";
import { type ProfilePoint, profile } from "./profile.ts";

const TOOLS = ["mark", "distance", "circle", "line"] as const;
export type Tool = (typeof TOOLS)[number];

/** A measurement between two sky positions, which are equal for a mark. */
export interface Measurement {
  readonly kind: Tool;
  readonly from: SkyPlace;
  readonly to: SkyPlace;
}

/** A frame to measure. Pixels count from 0. */
export interface MeasuredFrame {
  readonly pixelAt: (place: SkyPlace) => { readonly x: number; readonly y: number } | undefined;
  readonly skyAt: (x: number, y: number) => SkyPlace | undefined;
  readonly valueAt: ValueAt;
  /** Predicted position of the object. */
  readonly object?: SkyPlace | undefined;
  readonly unit: string;
  /** Middle of the exposure, MJD (UTC), and the object's name, if known. */
  readonly mid?: number | undefined;
  readonly target?: string | undefined;
}

/** A measured number with its name, as shown and copied. */
type Finding = readonly [name: string, value: string];

/** The results of a measurement. */
export interface Findings {
  readonly list: readonly Finding[];
  readonly profile?: readonly ProfilePoint[];
  readonly circle?: CircleMeasurement;
  /** Histogram of the values in a circle, from the lowest to the highest. */
  readonly histogram?: Histogram;
  /** The measured position in ADES; undefined without the time of the exposure. */
  readonly ades?: string | undefined;
}

/** Bins of the histogram of a circle. */
const BINS = 64;

/** Sky annulus of a circle, in radii. */
const INNER = 2;
const OUTER = 3;
/** Largest radius of a circle and largest length of a line, pixels. */
export const LARGEST_RADIUS = 256;
export const LONGEST_LINE = 4096;

const degrees = (value: number) => value.toFixed(6);

/** Evaluates a measurement on a frame; undefined if a position is not on it. */
export function findings({ kind, from, to }: Measurement, frame: MeasuredFrame): Findings | undefined {
  const a = frame.pixelAt(from);
  const b = frame.pixelAt(to);
  if (a === undefined || b === undefined) return undefined;
  const { arcsec, pa } = distance(from, to);
  const unit = frame.unit === "" ? "" : ` ${frame.unit}`;
  const place: readonly Finding[] = [
    ["RA, Dec", `${degrees(from.ra)}, ${degrees(from.dec)}`],
    ["x, y", `${(a.x + 1).toFixed(2)}, ${(a.y + 1).toFixed(2)}`],
  ];
  if (kind === "mark") {
    const value = frame.valueAt(Math.round(a.x), Math.round(a.y));
    return {
      list: [...place, ["value", `${numberText(value)}${unit}`], ...fromObject(from, frame)],
      ades: adesRecord(from, frame),
    };
  }
  const between: readonly Finding[] = [
    ["distance", distanceText(arcsec)],
    ["position angle", `${pa.toFixed(2)}°`],
  ];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (kind === "distance") return { list: [...between, ["pixels", length.toFixed(2)]] };
  if (kind === "line") {
    if (length > LONGEST_LINE) return { list: [...between, ["profile", tooLarge(length, LONGEST_LINE)]] };
    const points = profile(frame.valueAt, [a.x, a.y], [b.x, b.y]);
    return { list: between, profile: points };
  }
  if (length > LARGEST_RADIUS)
    return { list: [...place, ["radius", `${distanceText(arcsec)}: ${tooLarge(length, LARGEST_RADIUS)}`]] };
  const radius = Math.max(0.5, length);
  const circle = measureCircle(frame.valueAt, { ...a, radius, inner: INNER * radius, outer: OUTER * radius });
  const centroid = circle.centroid && frame.skyAt(circle.centroid.x, circle.centroid.y);
  return {
    circle,
    ...(circle.pixels > 0 && {
      histogram: histogram(circle.values, circle.minimum, circle.maximum, BINS),
    }),
    ...(centroid !== undefined && { ades: adesRecord(centroid, frame) }),
    list: [
      ...place,
      ["radius", `${radius > length ? "" : `${distanceText(arcsec)}, `}${radius.toFixed(2)} px`],
      [
        "pixels",
        circle.missing === 0 ? String(circle.pixels) : `${circle.pixels}, ${circle.missing} without a value`,
      ],
      ["sum", `${numberText(circle.sum)}${unit}`],
      ["mean", `${numberText(circle.mean)}${unit}`],
      ["median", `${numberText(circle.median)}${unit}`],
      ["lowest, highest", `${numberText(circle.minimum)}, ${numberText(circle.maximum)}${unit}`],
      [
        `sky, ${INNER} to ${OUTER} radii`,
        `${numberText(circle.sky)} ± ${numberText(circle.skySigma)}${unit}`,
      ],
      ["sum above the sky", `${numberText(circle.flux)} ± ${numberText(circle.fluxError)}${unit}`],
      ...(circle.centroid === undefined || centroid === undefined
        ? ([
            ["centroid", circle.skyPixels === 0 ? "none: no sky" : "none: nothing is above the sky"],
          ] as const)
        : ([
            ["centroid RA, Dec", `${degrees(centroid.ra)}, ${degrees(centroid.dec)}`],
            ["centroid x, y", `${(circle.centroid.x + 1).toFixed(3)}, ${(circle.centroid.y + 1).toFixed(3)}`],
            ...fromObject(centroid, frame),
          ] as const)),
    ],
  };
}

function tooLarge(pixels: number, most: number): string {
  return `${pixels.toFixed(0)} px are not measured, at most ${most} px`;
}

function fromObject(place: SkyPlace, { object }: MeasuredFrame): readonly Finding[] {
  if (object === undefined) return [];
  const { arcsec, pa } = distance(object, place);
  return [["from the prediction", `${distanceText(arcsec)} at ${pa.toFixed(1)}°`]];
}

/** A histogram as CSV: the lower and upper edge of each bin, and its number of values. */
export function histogramCsv({ from, to, counts }: Histogram): string {
  const edge = (k: number) => numberText(from + ((to - from) * k) / counts.length);
  return ["from,to,pixels", ...counts.map((count, k) => `${edge(k)},${edge(k + 1)},${count}`), ""].join("\n");
}

/** The results as CSV: names and values, or the points of a line. */
export function findingsCsv({ list, profile: points }: Findings): string {
  if (points !== undefined) {
    const lines = points.map(
      (point) =>
        `${point.distance.toFixed(3)},${(point.x + 1).toFixed(3)},${(point.y + 1).toFixed(3)},${point.value}`,
    );
    return ["distance_px,x,y,value", ...lines, ""].join("\n");
  }
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [...list.map(([name, value]) => `${quoted(name)},${quoted(value)}`), ""].join("\n");
}

/** Measurements as written in an address: kind:ra,dec or kind:ra,dec,ra,dec, separated by `|`. */
export function measurementsText(measurements: readonly Measurement[]): string {
  const five = (value: number) => String(Number(value.toFixed(6)));
  return measurements
    .map(({ kind, from, to }) =>
      [
        `${kind}:${five(from.ra)}`,
        five(from.dec),
        ...(kind === "mark" ? [] : [five(to.ra), five(to.dec)]),
      ].join(","),
    )
    .join("|");
}

/** Maximum number of measurements in an address. */
export const MAX_MEASUREMENTS = 8;

/** Reads measurementsText. Errors: a RangeError that names what cannot be read. */
export function measurementsOf(text: string): readonly Measurement[] {
  if (text === "") return [];
  return text.split("|").map((part) => {
    const [kind, rest = ""] = part.split(":", 2);
    const numbers = rest.split(",").map(decimalOf);
    const [ra, dec, toRa = ra, toDec = dec] = numbers;
    const tool = TOOLS.find((each) => each === kind);
    const isPlaces = numbers.length === (tool === "mark" ? 2 : 4) && numbers.every(Number.isFinite);
    if (tool === undefined || !isPlaces || Math.abs(dec!) > 90 || Math.abs(toDec!) > 90) {
      throw new RangeError(
        `m=${part} is not a measurement: mark:ra,dec, or circle, line or distance:ra,dec,ra,dec in degrees`,
      );
    }
    return { kind: tool, from: { ra: ra!, dec: dec! }, to: { ra: toRa!, dec: toDec! } };
  });
}
