import { DEFAULT_PROFILE } from "./default.ts";
import { isOfBundle, type SurveyProfile } from "./survey-profile.ts";

/** Spacewatch: plain FITS files; only file_name gives their names in the right case. */
export const SPACEWATCH_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "spacewatch",
  matches: (lid) => isOfBundle(lid, "gbo.ast.spacewatch.survey"),
};
