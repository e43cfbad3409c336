import { ATLAS_PROFILE } from "./atlas.ts";
import { CATALINA_PROFILE } from "./catalina.ts";
import { LONEOS_PROFILE } from "./loneos.ts";
import { NEAT_PROFILE } from "./neat.ts";
import { SPACEWATCH_PROFILE } from "./spacewatch.ts";
import { DEFAULT_PROFILE, type SurveyProfile } from "./survey-profile.ts";

/**
 * Every survey with its own profile. To add one, add a file here and a line below
 * (docs/adding-a-survey.md).
 */
const SURVEY_PROFILES: readonly SurveyProfile[] = [
  NEAT_PROFILE,
  ATLAS_PROFILE,
  CATALINA_PROFILE,
  SPACEWATCH_PROFILE,
  LONEOS_PROFILE,
];

/**
 * The profile for a product's survey, chosen by logical identifier; the default profile for unknown
 * surveys.
 */
export function surveyProfile(lid: string): SurveyProfile {
  return SURVEY_PROFILES.find((profile) => profile.matches(lid)) ?? DEFAULT_PROFILE;
}
