import { shownText, usageError, VoError } from "../errors.ts";
import { runIdOf } from "../parameters/common.ts";
import type { GivenParameters } from "../parameters/given-parameters.ts";
import { type Interval, readInterval } from "../parameters/interval.ts";
import { readCircle, readPolygon, readPosition, type Shape } from "../parameters/shape.ts";

/** A region with the text that specified it. */
export interface SodaRegion {
  readonly shape: Shape;
  /** As in POS. */
  readonly text: string;
  /** The parameter that specified it. */
  readonly name: string;
}

/** One combination of the parameters of SODA 1.0 (3.3): one product. */
export interface SodaCutout {
  readonly id: string;
  readonly region?: SodaRegion;
  /** Metres. */
  readonly band?: Interval;
  /** Modified Julian Dates, UTC. */
  readonly time?: Interval;
}

/** Formats of cutouts. */
export type SodaFormat = "fits" | "jpeg" | "png";

/** The largest number of combinations of an asynchronous job. */
const MAXIMUM_COMBINATIONS = 1000;

const FORMATS: ReadonlyMap<string, SodaFormat> = new Map([
  ["fits", "fits"],
  ["image/fits", "fits"],
  ["application/fits", "fits"],
  ["image/jpeg", "jpeg"],
  ["image/png", "png"],
]);

/** Names of filters: requests without one are for whole files. */
const FILTERS = ["POS", "CIRCLE", "POLYGON", "BAND", "TIME"];
/** Names that do not affect what is cut out. */
const OTHERS = new Set(["ID", "POL", "RUNID", "RESPONSEFORMAT", "MAXREC", "PHASE", "REQUEST", "VERSION"]);

interface Parsed {
  readonly ids: readonly string[];
  readonly regions: readonly SodaRegion[];
  readonly bands: readonly Interval[];
  readonly times: readonly Interval[];
  readonly format: SodaFormat;
}

/**
 * The one product of a synchronous request. Errors: VO_USAGE; VO_MULTIPLE for more than one ID,
 * region, BAND or TIME.
 */
export function readSodaSync(parameters: GivenParameters): SodaCutout & { readonly format: SodaFormat } {
  const [first, second] = parameters.all("ID");
  if (second !== undefined) throw multiple("ID");
  const regions = ["POS", "CIRCLE", "POLYGON"].flatMap((name) => parameters.all(name));
  if (regions.length > 1) throw multiple("POS, CIRCLE and POLYGON together");
  for (const name of ["BAND", "TIME"]) if (parameters.all(name).length > 1) throw multiple(name);
  const { format, ...parsed } = parse(parameters, first === undefined ? [] : [first]);
  return { ...combinationsOf(parsed)[0]!, format };
}

/**
 * The products of an asynchronous job: all combinations, the last parameter varying fastest.
 * Errors: VO_USAGE.
 */
export function readSodaAsync(parameters: GivenParameters): {
  readonly cutouts: readonly SodaCutout[];
  readonly format: SodaFormat;
} {
  const { format, ...parsed } = parse(parameters, parameters.all("ID"));
  const { ids, regions, bands, times } = parsed;
  const count = [regions, bands, times].reduce((n, { length }) => n * Math.max(1, length), ids.length);
  if (count > MAXIMUM_COMBINATIONS) {
    const message = `The parameters have ${count} combinations; at most ${MAXIMUM_COMBINATIONS} are allowed.`;
    throw new VoError("VO_USAGE", message);
  }
  return { cutouts: combinationsOf(parsed), format };
}

function parse(parameters: GivenParameters, ids: readonly string[]): Parsed {
  if (ids.length === 0) throw new VoError("VO_USAGE", "ID is missing: the identifier of an image.");
  refuseMisspelt(parameters);
  runIdOf(parameters);
  const regions = [
    ...parameters.all("POS").map((text) => ({ shape: readPosition("POS", text), text, name: "POS" })),
    ...parameters
      .all("CIRCLE")
      .map((text) => ({ shape: readCircle("CIRCLE", text), text: `CIRCLE ${text}`, name: "CIRCLE" })),
    ...parameters
      .all("POLYGON")
      .map((text) => ({ shape: readPolygon("POLYGON", text), text: `POLYGON ${text}`, name: "POLYGON" })),
  ];
  const intervals = (name: string) => parameters.all(name).map((text) => readInterval(name, text));
  return { ids, regions, bands: intervals("BAND"), times: intervals("TIME"), format: formatOf(parameters) };
}

/** A misspelt CIRCLE must not fetch a whole frame. */
function refuseMisspelt(parameters: GivenParameters): void {
  if (FILTERS.some((name) => parameters.has(name))) return;
  const unknown = parameters.entries.find(([name]) => !OTHERS.has(name.toUpperCase()))?.[0];
  if (unknown === undefined) return;
  throw new VoError(
    "VO_USAGE",
    `${shownText(unknown)} is not a parameter of this service; allowed: ID, ${FILTERS.join(", ")}.`,
    { details: { parameter: shownText(unknown), allowed: FILTERS } },
  );
}

function formatOf(parameters: GivenParameters): SodaFormat {
  const text = parameters.one("RESPONSEFORMAT") ?? "fits";
  const format = FORMATS.get(text.split(";", 1)[0]!.trim().toLowerCase());
  if (format === undefined) throw usageError("RESPONSEFORMAT", text, [...FORMATS.keys()].join(", "));
  return format;
}

function combinationsOf({ ids, regions, bands, times }: Omit<Parsed, "format">): readonly SodaCutout[] {
  const orNone = <T>(values: readonly T[]) => (values.length === 0 ? [undefined] : values);
  return ids.flatMap((id) =>
    orNone(regions).flatMap((region) =>
      orNone(bands).flatMap((band) =>
        orNone(times).map((time) => ({
          id,
          ...(region !== undefined && { region }),
          ...(band !== undefined && { band }),
          ...(time !== undefined && { time }),
        })),
      ),
    ),
  );
}

function multiple(what: string): VoError {
  return new VoError("VO_MULTIPLE", `${what} may have only one value here; jobs at /async accept several.`);
}
