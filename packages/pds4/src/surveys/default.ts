import { plainOrPacked, type SurveyProfile } from "./survey-profile.ts";

/** Any survey without its own profile: the label is authoritative. */
export const DEFAULT_PROFILE: SurveyProfile = {
  name: "default",
  title: undefined,
  matches: () => true,
  imageHdu: 0,
  reasonToSkip: () => undefined,
  dataFileNames: plainOrPacked,
  archivedName: (label) => label.file.name,
  pixelScale: (label) => label.pixelScale,
  hasWrongAxes: () => false,
  exposureOf: (lid) => lid,
  isDifference: () => false,
  band: () => undefined,
};
