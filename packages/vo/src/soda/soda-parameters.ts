import type { ParameterValues, VotableParam } from "../votable/field.ts";
import { serviceDescriptor } from "../votable/votable.ts";

export const SODA_SYNC = "ivo://ivoa.net/std/SODA#sync-1.0";
export const SODA_ASYNC = "ivo://ivoa.net/std/SODA#async-1.0";

/** Properties of an image that limit the values of its parameters. */
export interface SodaDomain {
  /** Identifier of the image. */
  readonly id: string;
  /** The smallest circle around the center that contains the footprint, ICRS degrees. */
  readonly circle: readonly [lon: number, lat: number, radius: number] | null;
  /** The footprint: alternating longitudes and latitudes. */
  readonly polygon: readonly number[] | null;
  /** Metres. */
  readonly band: readonly [number, number] | null;
  /** Modified Julian Dates, UTC. */
  readonly time: readonly [number, number] | null;
}

/** The described service. */
export interface SodaService {
  readonly kind: "sync" | "async";
  readonly accessUrl: string;
}

/**
 * A service descriptor for the images of a table: the identifier comes from its column (SODA 1.0,
 * 4.1).
 * @param idField XML ID of the FIELD
 */
export function sodaDescriptorForRows({ kind, accessUrl }: SodaService, idField: string): string {
  return serviceDescriptor({
    utype: "adhoc:service",
    id: `soda-${kind}`,
    name: `SODA ${kind}`,
    description: `${ACTIONS[kind]} the image of a row`,
    accessUrl,
    standardId: STANDARDS[kind],
    contentType: CONTENT_TYPES[kind],
    parameters: sodaParameters({ ref: idField }, {}),
  });
}

/**
 * A service descriptor for one image, with the values that make sense for it (SODA 1.0, 4.2).
 * @param id XML ID of the descriptor
 */
export function sodaDescriptorForImage(
  { kind, accessUrl }: SodaService,
  id: string,
  domain: SodaDomain,
): string {
  return serviceDescriptor({
    utype: "adhoc:service",
    id,
    name: `SODA ${kind} ${domain.id}`,
    description: `${ACTIONS[kind]} ${domain.id}`,
    accessUrl,
    standardId: STANDARDS[kind],
    contentType: CONTENT_TYPES[kind],
    parameters: sodaParameters({ value: domain.id }, domain),
  });
}

const STANDARDS = { sync: SODA_SYNC, async: SODA_ASYNC };
const CONTENT_TYPES = { sync: "image/fits", async: "text/xml" };
const ACTIONS = { sync: "Cut out a part of", async: "Queue cutouts of" };

/** The parameters with their three-factor semantics (SODA 1.0, 3.5). */
function sodaParameters(
  id: Pick<VotableParam, "ref" | "value">,
  { circle, polygon, band, time }: Partial<SodaDomain>,
): readonly VotableParam[] {
  return [
    {
      name: "ID",
      datatype: "char",
      ucd: "meta.ref.url;meta.curation",
      description: "Identifier of the image",
      ...id,
    },
    {
      name: "POS",
      datatype: "char",
      ucd: "pos.outline;obs",
      description: "CIRCLE, RANGE or POLYGON, ICRS degrees",
    },
    {
      name: "CIRCLE",
      datatype: "double",
      arraysize: 3,
      xtype: "circle",
      unit: "deg",
      ucd: "pos.outline;obs",
      description: "Longitude, latitude and radius, ICRS",
      ...withValues(circle && { max: circle.join(" ") }),
    },
    {
      name: "POLYGON",
      datatype: "double",
      arraysize: "*",
      xtype: "polygon",
      unit: "deg",
      ucd: "pos.outline;obs",
      description: "Longitudes and latitudes of the vertices in turn, ICRS",
      ...withValues(polygon && { max: polygon.join(" ") }),
    },
    {
      name: "BAND",
      datatype: "double",
      arraysize: 2,
      xtype: "interval",
      unit: "m",
      ucd: "em.wl;stat.interval",
      description: "Wavelengths",
      ...withValues(bounds(band)),
    },
    {
      name: "TIME",
      datatype: "double",
      arraysize: 2,
      xtype: "interval",
      unit: "d",
      ucd: "time.interval;obs.exposure",
      description: "Modified Julian Dates, UTC",
      ...withValues(bounds(time)),
    },
  ];
}

/**
 * The bounds of an interval parameter: MAX is the whole interval, which is the largest value (DALI
 * 1.1, 3.3.3 and SODA 1.0, 4.2).
 */
function bounds(interval: readonly [number, number] | null | undefined): ParameterValues | null | undefined {
  return interval && { max: interval.join(" ") };
}

function withValues(values: ParameterValues | null | undefined): Pick<VotableParam, "values"> {
  return values === null || values === undefined ? {} : { values };
}
