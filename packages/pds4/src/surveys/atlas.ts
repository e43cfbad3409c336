import {
  type Band,
  band,
  DEFAULT_PROFILE,
  isOfBundle,
  packedName,
  type SurveyProfile,
} from "./survey-profile.ts";

/** Cyan and orange (PESSTO: 4200 to 6500 and 5600 to 8200 angstroms). */
const BANDS: ReadonlyMap<string | undefined, Band> = new Map([
  ["c", band(420, 650)],
  ["o", band(560, 820)],
]);

/**
 * Asteroid Terrestrial-impact Last Alert System: serves images and difference images, but no other
 * products of the bundle.
 */
export const ATLAS_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "atlas",
  title: "ATLAS",
  matches: (lid) => isOfBundle(lid, "gbo.ast.atlas.survey"),
  imageHdu: 1,
  archivedName: packedName,
  reasonToSkip: ({ lid }) =>
    /\.(fits|diff)$/.test(lid)
      ? undefined
      : "an ATLAS product whose identifier ends with neither .fits nor .diff",
  exposureOf: (lid) => lid.replace(/\.(fits|diff)$/, ""),
  isDifference: (lid) => lid.endsWith(".diff"),
  band: (filter) => BANDS.get(filter),
};
