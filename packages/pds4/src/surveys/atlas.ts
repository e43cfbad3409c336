import { DEFAULT_PROFILE } from "./default.ts";
import { isOfBundle, packedName, type SurveyProfile } from "./survey-profile.ts";

/**
 * Asteroid Terrestrial-impact Last Alert System: serves images and difference images, but no other
 * products of the bundle.
 */
export const ATLAS_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "atlas",
  matches: (lid) => isOfBundle(lid, "gbo.ast.atlas.survey"),
  imageHdu: 1,
  archivedName: packedName,
  reasonToSkip: ({ lid }) =>
    /\.(fits|diff)$/.test(lid)
      ? undefined
      : "an ATLAS product whose identifier ends in neither .fits nor .diff",
};
