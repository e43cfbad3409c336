import { MAXREC } from "../parameters/common.ts";
import type { VotableParam } from "../votable/field.ts";
import { serviceDescriptor } from "../votable/votable.ts";

/** Parameter values that occur in the catalogue, so that clients know them. */
export interface SiaOptions {
  readonly collections: readonly string[];
  readonly facilities: readonly string[];
  readonly instruments: readonly string[];
  readonly calibLevels: readonly number[];
  readonly formats: readonly string[];
}

/** Parameters with more values than this are listed without values. */
const MAXIMUM_OPTIONS = 200;

const text = (name: string, ucd: string, description: string, options?: readonly string[]): VotableParam => ({
  name,
  datatype: "char",
  ucd,
  description,
  ...(options !== undefined && options.length <= MAXIMUM_OPTIONS && { values: { options } }),
});

const interval = (
  name: string,
  unit: string | undefined,
  ucd: string,
  description: string,
): VotableParam => ({
  name,
  datatype: "double",
  arraysize: 2,
  xtype: "interval",
  ...(unit !== undefined && { unit }),
  ucd,
  description,
});

/** All parameters of SIA 2.0 (2.1) as a service descriptor of the service itself. */
export function siaDescriptor(accessUrl: string, options: SiaOptions): string {
  const { collections, facilities, instruments, calibLevels, formats } = options;
  return serviceDescriptor({
    utype: "adhoc:this",
    name: "SIA query",
    description: "Find images by place, time and more",
    accessUrl,
    standardId: "ivo://ivoa.net/std/SIA#query-2.0",
    contentType: "application/x-votable+xml",
    parameters: [
      text("POS", "pos.outline;obs", "CIRCLE, RANGE or POLYGON, ICRS degrees"),
      interval("BAND", "m", "em.wl;stat.interval", "Wavelengths"),
      interval("TIME", "d", "time.interval;obs.exposure", "Modified Julian Dates, UTC"),
      text("POL", "meta.code;phys.polarization", "Polarization"),
      interval("FOV", "deg", "phys.angSize;instr.fov", "Field of view"),
      interval("SPATRES", "arcsec", "pos.angResolution", "Seeing"),
      interval("SPECRP", undefined, "spect.resolution", "Spectral resolving power"),
      interval("EXPTIME", "s", "time.duration;obs.exposure", "Exposure time"),
      interval("TIMERES", "s", "time.resolution", "Resolution in time"),
      text("ID", "meta.ref.ivoid", "Identifier of an image"),
      text("COLLECTION", "meta.id", "Name of the survey", collections),
      text("FACILITY", "meta.id;instr.tel", "Telescope", facilities),
      text("INSTRUMENT", "meta.id;instr", "Instrument", instruments),
      text("DPTYPE", "meta.code.class", "Type of the data product", ["image", "cube"]),
      {
        name: "CALIB",
        datatype: "int",
        ucd: "meta.code;obs.calib",
        description: "Calibration level",
        value: "",
        values: { options: calibLevels.map(String) },
      },
      text("TARGET", "meta.id;src", "Target"),
      text("FORMAT", "meta.code.mime", "Media type at access_url", formats),
      {
        name: "MAXREC",
        datatype: "int",
        description: `Largest number of rows, at most ${MAXREC.largest}`,
        value: String(MAXREC.fallback),
      },
      text("RESPONSEFORMAT", "meta.code.mime", "How the rows are written"),
    ],
  });
}
