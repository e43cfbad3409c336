import { SisError } from "../../errors/sis-error.ts";
import type { MadeSurvey } from "../frame-design.ts";
import { ATLAS } from "./atlas.ts";
import { CATALINA } from "./catalina.ts";
import { LONEOS } from "./loneos.ts";
import { MOVING } from "./moving.ts";
import { NEAT } from "./neat.ts";
import { SKY } from "./sky.ts";
import { SPACEWATCH } from "./spacewatch.ts";

/** Every kind of generated data; together they are the default set. */
export const MADE_SURVEYS: readonly MadeSurvey[] = [SKY, NEAT, ATLAS, CATALINA, SPACEWATCH, LONEOS];

/** Kinds that are made only when they are named. */
const NAMED_SURVEYS: readonly MadeSurvey[] = [MOVING];

/** Names of all kinds. */
export const SURVEY_NAMES: readonly string[] = [...MADE_SURVEYS, ...NAMED_SURVEYS].map(({ name }) => name);

/** The kind of this name. Errors: USAGE. */
export function madeSurvey(name: string): MadeSurvey {
  const survey = [...MADE_SURVEYS, ...NAMED_SURVEYS].find((each) => each.name === name);
  if (survey !== undefined) return survey;
  throw new SisError(
    "USAGE",
    `there are no test data for '${name.slice(0, 40)}'; allowed: ${SURVEY_NAMES.join(", ")}`,
  );
}
