import { surveyProfile } from "@sbnsis/pds4";
import { outlineOf } from "@sbnsis/wcs/internal";
import { surveyName } from "../derived-values.ts";
import { cornersOfText, type ReadValue } from "../model/rows.ts";
import type { Observation } from "./observation.ts";

/** Columns of a row, in order. */
const COLUMNS = [
  ...["id", "obs_id", "collection", "facility", "instrument", "data_product_type", "calibration_level"].map(
    (name) => `image.${name}`,
  ),
  ...["target", "pixel_scale", "image_url"].map((name) => `image.${name}`),
  ...["version_id", "title", "start_mjd", "stop_mjd", "exposure", "filter", "limiting_magnitude"].map(
    (name) => `image_detail.${name}`,
  ),
  ...["corners", "file_size", "axis1", "axis2", "survey", "em_min", "em_max", "s_ra", "s_dec", "s_fov"].map(
    (name) => `image_detail.${name}`,
  ),
];

/** The select list of observations: what `readObservation` reads. The first column is the id. */
export const OBSERVATION_COLUMNS = COLUMNS.join(", ");

/** The observation in a row of OBSERVATION_COLUMNS. */
export function readObservation(row: readonly ReadValue[]): Observation {
  const [, lid, collection, facility, instrument, type, level, target, scale, imageUrl] = row as Text;
  const [version, title, start, stop, exposure, filter, magnitude] = row.slice(10, 17) as Text;
  const [corners, size, axis1, axis2, survey, emMin, emMax, ra, dec, fov] = row.slice(17) as Text;
  const profile = surveyProfile(lid!);
  const outline = cornersOfText(corners ?? null);
  return {
    lid: lid!,
    version: version ?? null,
    image_url: imageUrl ?? null,
    file_size: numberOrNull(size),
    dataproduct_type: type!,
    dataproduct_subtype: profile.isDifference(lid!) ? "difference" : null,
    calib_level: Math.max(1, Number(level ?? 1)),
    obs_collection: survey ?? surveyName({ obsId: lid!, collection: collection! }),
    obs_id: profile.exposureOf(lid!),
    access_estsize: size === null || size === undefined ? null : Math.ceil(Number(size) / 1000),
    target_name: target ?? null,
    s_ra: numberOrNull(ra),
    s_dec: numberOrNull(dec),
    s_fov: numberOrNull(fov),
    s_region: outline === null ? null : outlineOf(outline).flat(),
    s_xel1: numberOrNull(axis1),
    s_xel2: numberOrNull(axis2),
    t_min: numberOrNull(start),
    t_max: numberOrNull(stop),
    t_exptime: numberOrNull(exposure),
    t_resolution: numberOrNull(exposure),
    em_min: numberOrNull(emMin),
    em_max: numberOrNull(emMax),
    facility_name: facility!,
    instrument_name: instrument!,
    obs_title: title ?? null,
    s_pixel_scale: scale === null || scale === undefined ? null : Number(scale) * 3600,
    filter: filter ?? null,
    pds_collection: collection!,
    limiting_magnitude: numberOrNull(magnitude),
  };
}

/** Values of a row: numbers are converted where they are used. */
type Text = readonly (string | null | undefined)[];

function numberOrNull(value: string | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
