import { band, DEFAULT_PROFILE, isOfBundle, SILICON_END, type SurveyProfile } from "./survey-profile.ts";

/** Spacewatch: plain FITS files; only file_name gives their names in the right case. */
export const SPACEWATCH_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "spacewatch",
  title: "Spacewatch",
  matches: (lid) => isOfBundle(lid, "gbo.ast.spacewatch.survey"),
  // a long-pass glass of Schott: its edge is at 515 nm
  band: (filter) => (filter === "OG-515" ? band(515, SILICON_END) : undefined),
};
