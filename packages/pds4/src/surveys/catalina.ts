import {
  DEFAULT_PROFILE,
  isOfBundle,
  packedName,
  type SurveyProfile,
  unfilteredBand,
} from "./survey-profile.ts";

/**
 * Catalina Sky Survey (703, G96, I52, V06): labels name `X.arch`, the archive holds `X.arch.fz`.
 */
export const CATALINA_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "catalina",
  title: "Catalina",
  matches: (lid) => isOfBundle(lid, "gbo.ast.catalina.survey"),
  imageHdu: 1,
  archivedName: packedName,
  band: unfilteredBand,
};
