import type { VotableColumn } from "../responses/votable.ts";
import type { SearchRow } from "./search-response.ts";

/**
 * A column of a tabular response: VOTable text from labels can be any Unicode; links and times are
 * ASCII.
 */
interface SearchColumn extends VotableColumn {
  readonly name: keyof SearchRow;
}

const rowColumns: readonly SearchColumn[] = [
  {
    name: "obs_id",
    datatype: "unicodeChar",
    ucd: "meta.id;meta.main",
    description: "PDS4 logical identifier",
  },
  { name: "collection", datatype: "unicodeChar", ucd: "meta.id", description: "Collection of the image" },
  { name: "facility", datatype: "unicodeChar", ucd: "meta.id;instr.tel", description: "Facility" },
  { name: "instrument", datatype: "unicodeChar", ucd: "meta.id;instr", description: "Instrument" },
  { name: "dptype", datatype: "unicodeChar", ucd: "meta.code.class", description: "Data product type" },
  {
    name: "calibration_level",
    datatype: "int",
    ucd: "meta.code;obs.calib",
    description: "1 partially processed, 2 calibrated, 3 derived",
  },
  { name: "target", datatype: "unicodeChar", ucd: "meta.id;src", description: "Target" },
  {
    name: "pixel_scale",
    datatype: "double",
    unit: "deg",
    ucd: "phys.angSize;instr.pixel",
    description: "Degrees per pixel",
  },
  { name: "access_url", datatype: "char", ucd: "meta.ref.url", description: "URL of the image" },
  {
    name: "start",
    datatype: "char",
    ref: "utc",
    ucd: "time.start;obs.exposure",
    description: "Start of the exposure (UTC), as written in the label",
  },
  {
    name: "stop",
    datatype: "char",
    ref: "utc",
    ucd: "time.end;obs.exposure",
    description: "End of the exposure (UTC), as written in the label",
  },
  {
    name: "exposure",
    datatype: "double",
    unit: "s",
    ucd: "time.duration;obs.exposure",
    description: "Exposure time",
  },
  { name: "filter", datatype: "unicodeChar", ucd: "meta.id;instr.filter", description: "Filter" },
  {
    name: "corners",
    datatype: "double",
    length: 8,
    unit: "deg",
    xtype: "polygon",
    ref: "icrs",
    ucd: "pos.outline;obs.field",
    description: "Right ascension and declination of the four corners, in order around the image",
  },
];

const placeColumns: readonly SearchColumn[] = [
  {
    name: "cutout_url",
    datatype: "char",
    ucd: "meta.ref.url",
    description: "URL of a FITS cutout around the searched position",
  },
  {
    name: "preview_url",
    datatype: "char",
    ucd: "meta.ref.url",
    description: "URL of the same cutout as a picture with north up",
  },
];

/** Columns of a search response, in the order of the members of a JSON row. */
export function searchColumns(hasPlace: boolean): readonly SearchColumn[] {
  return hasPlace ? [...rowColumns, ...placeColumns] : rowColumns;
}

/**
 * A value as text of a table cell: the numbers of an array separated by spaces, a missing value
 * empty.
 */
export function cellText(value: SearchRow[keyof SearchRow]): string {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.flat().join(" ") : String(value);
}
