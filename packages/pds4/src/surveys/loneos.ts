import { DEFAULT_PROFILE, isOfBundle, type SurveyProfile, unfilteredBand } from "./survey-profile.ts";

/** Lowell Observatory Near-Earth-Object Search: plain FITS files. */
export const LONEOS_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "loneos",
  title: "LONEOS",
  matches: (lid) => isOfBundle(lid, "gbo.ast.loneos.survey"),
  band: unfilteredBand,
};
