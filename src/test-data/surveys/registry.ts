import { SisError } from "../../errors/sis-error.ts";
import type { MadeSurvey } from "../frame-design.ts";
import { ATLAS } from "./atlas.ts";
import { CATALINA } from "./catalina.ts";
import { LONEOS } from "./loneos.ts";
import { NEAT } from "./neat.ts";
import { SKY } from "./sky.ts";
import { SPACEWATCH } from "./spacewatch.ts";

/** Every kind of generated data; together they are the default set. */
export const MADE_SURVEYS: readonly MadeSurvey[] = [SKY, NEAT, ATLAS, CATALINA, SPACEWATCH, LONEOS];

/** The kind of this name. Errors: USAGE. */
export function madeSurvey(name: string): MadeSurvey {
  const survey = MADE_SURVEYS.find((each) => each.name === name);
  if (survey !== undefined) return survey;
  const known = MADE_SURVEYS.map((each) => each.name).join(", ");
  throw new SisError("USAGE", `there are no test data for '${name.slice(0, 40)}'; allowed: ${known}`);
}
