import {
  DEFAULT_PROFILE,
  isOfBundle,
  packedName,
  type SurveyProfile,
  unfilteredBand,
} from "./survey-profile.ts";

const TRICAM = "NEAT TRI-CAM IMAGE";
const GEODSS = "NEAT GEODSS IMAGE";

/**
 * Near-Earth Asteroid Tracking. Its labels do not give the pixel scale; dark frames and the like
 * have different titles.
 */
export const NEAT_PROFILE: SurveyProfile = {
  ...DEFAULT_PROFILE,
  name: "neat",
  title: "NEAT",
  matches: (lid) => isOfBundle(lid, "gbo.ast.neat.survey"),
  imageHdu: 1,
  archivedName: packedName,
  reasonToSkip: ({ title }) =>
    title === TRICAM || title === GEODSS
      ? undefined
      : `a NEAT product that is not titled ${TRICAM} or ${GEODSS}`,
  // the labels of the first part of data_tricam give wrong sizes
  hasWrongAxes: ({ title }) => title === TRICAM,
  pixelScale: ({ title }) => (title === GEODSS ? 1.43 : 1.01) / 3600,
  band: unfilteredBand,
};
