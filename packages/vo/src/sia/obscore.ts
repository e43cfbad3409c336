import type { VotableField } from "../votable/field.ts";

type Options = Omit<VotableField, "name" | "datatype">;

const text = (
  name: string,
  ucd: string,
  utype: string | undefined,
  description: string,
  rest: Options = {},
) => field(name, "char", ucd, utype, description, rest);
const words = (name: string, ucd: string, utype: string | undefined, description: string) =>
  field(name, "unicodeChar", ucd, utype, description, {});
const real = (
  name: string,
  unit: string | undefined,
  ucd: string,
  utype: string | undefined,
  description: string,
  rest: Options = {},
) => field(name, "double", ucd, utype, description, { ...(unit !== undefined && { unit }), ...rest });
const count = (name: string, utype: string, description: string) =>
  field(name, "long", "meta.number", utype, description, {});

function field(
  name: string,
  datatype: VotableField["datatype"],
  ucd: string,
  utype: string | undefined,
  description: string,
  rest: Options,
): VotableField {
  return {
    name,
    id: name,
    datatype,
    ucd,
    ...(utype !== undefined && { utype: `obscore:${utype}` }),
    description,
    ...rest,
  };
}

const SPATIAL = "Char.SpatialAxis";
const TIME = "Char.TimeAxis";
const SPECTRAL = "Char.SpectralAxis";

/**
 * Columns of an SIA 2.0 response: those of ObsCore 1.1 (REC-ObsCore-v1.1-20170509, appendix C) in
 * its spelling, and five of this service.
 */
export const OBSCORE_FIELDS = [
  text("dataproduct_type", "meta.code.class", "ObsDataset.dataProductType", "Type of the data product"),
  field(
    "calib_level",
    "int",
    "meta.code;obs.calib",
    "ObsDataset.calibLevel",
    "Calibration level, from 0 (raw) to 4 (analysis product)",
    {},
  ),
  words("obs_collection", "meta.id", "DataID.collection", "Name of the survey"),
  text("obs_id", "meta.id", "DataID.observationID", "Exposure; its products share it"),
  text("obs_publisher_did", "meta.ref.ivoid", "Curation.publisherDID", "Identifier of the image"),
  text("access_url", "meta.ref.url", "Access.reference", "Where the image or its links are"),
  text("access_format", "meta.code.mime", "Access.format", "Media type of what is at access_url"),
  field("access_estsize", "long", "phys.size;meta.file", "Access.size", "Size of the file", {
    unit: "kbyte",
  }),
  words("target_name", "meta.id;src", "Target.name", "Target"),
  real("s_ra", "deg", "pos.eq.ra", `${SPATIAL}.Coverage.Location.Coord.Position2D.Value2.C1`, "Center", {
    ref: "icrs",
  }),
  real("s_dec", "deg", "pos.eq.dec", `${SPATIAL}.Coverage.Location.Coord.Position2D.Value2.C2`, "Center", {
    ref: "icrs",
  }),
  real(
    "s_fov",
    "deg",
    "phys.angSize;instr.fov",
    `${SPATIAL}.Coverage.Bounds.Extent.diameter`,
    "Diameter of the circle around the image",
  ),
  real("s_region", "deg", "pos.outline;obs.field", `${SPATIAL}.Coverage.Support.Area`, "Footprint", {
    arraysize: "*",
    xtype: "polygon",
    ref: "icrs",
  }),
  real("s_resolution", "arcsec", "pos.angResolution", `${SPATIAL}.Resolution.Refval.value`, "Seeing"),
  count("s_xel1", `${SPATIAL}.numBins1`, "Width of the image in pixels"),
  count("s_xel2", `${SPATIAL}.numBins2`, "Height of the image in pixels"),
  real(
    "t_min",
    "d",
    "time.start;obs.exposure",
    `${TIME}.Coverage.Bounds.Limits.StartTime`,
    "Start of the exposure, MJD",
    { ref: "utc" },
  ),
  real(
    "t_max",
    "d",
    "time.end;obs.exposure",
    `${TIME}.Coverage.Bounds.Limits.StopTime`,
    "End of the exposure, MJD",
    { ref: "utc" },
  ),
  real("t_exptime", "s", "time.duration;obs.exposure", `${TIME}.Coverage.Support.Extent`, "Exposure time"),
  real("t_resolution", "s", "time.resolution", `${TIME}.Resolution.Refval.value`, "Resolution in time"),
  count("t_xel", `${TIME}.numBins`, "Number of exposures"),
  real(
    "em_min",
    "m",
    "em.wl;stat.min",
    `${SPECTRAL}.Coverage.Bounds.Limits.LoLimit`,
    "Shortest wavelength of the band",
  ),
  real(
    "em_max",
    "m",
    "em.wl;stat.max",
    `${SPECTRAL}.Coverage.Bounds.Limits.HiLimit`,
    "Longest wavelength of the band",
  ),
  real(
    "em_res_power",
    undefined,
    "spect.resolution",
    `${SPECTRAL}.Resolution.ResolPower.refVal`,
    "Spectral resolving power",
  ),
  count("em_xel", `${SPECTRAL}.numBins`, "Number of bands"),
  text("o_ucd", "meta.ucd", "Char.ObservableAxis.ucd", "What the pixels measure"),
  text("pol_states", "meta.code;phys.polarization", "Char.PolarizationAxis.stateList", "Polarizations"),
  count("pol_xel", "Char.PolarizationAxis.numBins", "Number of polarizations"),
  words("facility_name", "meta.id;instr.tel", "Provenance.ObsConfig.Facility.name", "Telescope"),
  words("instrument_name", "meta.id;instr", "Provenance.ObsConfig.Instrument.name", "Instrument"),
  words("obs_title", "meta.title;obs", "DataID.title", "Title"),
  real("s_pixel_scale", "arcsec", "phys.angSize;instr.pixel", undefined, "Size of a pixel"),
  text(
    "dataproduct_subtype",
    "meta.code.class",
    "ObsDataset.dataProductSubtype",
    "Type of the data product in the survey",
  ),
  words("filter", "meta.id;instr.filter", undefined, "Filter as the label names it"),
  text("pds_collection", "meta.id", undefined, "Identifier of the PDS4 collection"),
  real("limiting_magnitude", "mag", "phot.mag;stat.max", undefined, "Limiting magnitude"),
  text("preview", "meta.ref.url;meta.preview", undefined, "A picture of the image"),
] as const satisfies readonly VotableField[];

/** The constants of every row of this service (ObsCore 1.1, appendix B). */
export const OBSCORE_CONSTANTS = {
  s_resolution: null,
  t_xel: 1,
  em_res_power: null,
  em_xel: 1,
  o_ucd: "phot.count",
  pol_states: null,
  pol_xel: 0,
};
