import {
  GivenParameters,
  readDestruction,
  readExecutionDuration,
  readPhaseChange,
  readSodaAsync,
  runIdOf,
  VoError,
} from "@sbnsis/vo";
import { isSisError, publicDetailOf } from "../../../errors/sis-error.ts";
import { asJson, type Job, type JobChange } from "../../../jobs/job.ts";
import { type SodaJob, sodaItem } from "../../../soda/soda-job.ts";
import { refuseShapes } from "../request-parameters.ts";

/** Parameters of the job itself rather than of its products. */
const OF_JOB: ReadonlySet<string> = new Set([
  ...["PHASE", "RUNID", "ACTION", "WAIT", "EXECUTIONDURATION", "DESTRUCTION"],
]);

/** Most characters of the parameters of a job: those of the largest form. */
const MAXIMUM_CHARACTERS = 4_194_304;

/** The parameters of the products among those of a request. */
export function productParameters(parameters: GivenParameters): SodaJob["parameters"] {
  return parameters.entries.filter(([name]) => !OF_JOB.has(name.toUpperCase()));
}

/**
 * More parameters for a job that has not been run (UWS 1.1, 2.1.6). Errors: VO_FORBIDDEN in other
 * phases; VO_USAGE for more of them than a form can have.
 */
export function addParameters(parameters: GivenParameters): (job: Job) => JobChange {
  return (job) => {
    if (job.phase !== "PENDING")
      throw new VoError("VO_FORBIDDEN", `The parameters of a job that is ${job.phase} cannot be changed.`);
    const { parameters: given } = job.request as unknown as SodaJob;
    const all = [...given, ...productParameters(parameters)];
    const characters = all.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (characters > MAXIMUM_CHARACTERS) {
      const message = `The parameters of the job have ${characters} characters; at most ${MAXIMUM_CHARACTERS} are allowed.`;
      throw new VoError("VO_USAGE", message);
    }
    return { request: asJson({ parameters: all }) };
  };
}

/** Errors: VO_USAGE without EXECUTIONDURATION; VO_FORBIDDEN for a job that has ended. */
export function changeDuration(parameters: GivenParameters): (job: Job) => JobChange {
  const seconds = readExecutionDuration(parameters);
  if (seconds === undefined) throw new VoError("VO_USAGE", "EXECUTIONDURATION is missing.");
  return ({ phase, ended }) => {
    if (ended !== null) throw new VoError("VO_FORBIDDEN", `The job is ${phase}; its duration is over.`);
    return { executionMs: seconds * 1000 };
  };
}

/** Errors: VO_USAGE without DESTRUCTION. */
export function changeDestruction(parameters: GivenParameters): (job: Job) => JobChange {
  const destruction = readDestruction(parameters, Date.now());
  if (destruction === undefined) throw new VoError("VO_USAGE", "DESTRUCTION is missing.");
  return () => ({ destruction });
}

/** RUN or ABORT. Errors: VO_USAGE without either. */
export function phaseChange(parameters: GivenParameters): "RUN" | "ABORT" {
  const change = readPhaseChange(parameters);
  if (change === undefined) throw new VoError("VO_USAGE", "PHASE is missing; allowed: RUN or ABORT.");
  return change;
}

/**
 * Runs a job: its parameters are checked now, and end it with an error if they are invalid (UWS
 * 1.1, 2.2.3.5). One that is waiting or running is left unchanged. Errors: VO_FORBIDDEN for one
 * that has ended.
 */
export function runJob(job: Job): JobChange {
  if (job.ended !== null)
    throw new VoError("VO_FORBIDDEN", `The job is ${job.phase} and cannot be run again.`);
  if (job.phase !== "PENDING") return {};
  const { parameters } = job.request as unknown as SodaJob;
  try {
    const { cutouts, format } = readSodaAsync(new GivenParameters(parameters));
    for (const { region } of cutouts) if (region !== undefined) refuseShapes(region.name, [region.shape]);
    return {
      items: cutouts.map((cutout) => asJson(sodaItem(cutout))),
      request: asJson({ parameters, format }),
    };
  } catch (error) {
    if (!isSisError(error)) throw error;
    return { error: { code: "VO_USAGE", detail: publicDetailOf(error) } };
  }
}

/** RUNID of a new job. Errors: VO_USAGE. */
export function runIdParameter(parameters: GivenParameters): { readonly runId?: string } {
  const runId = runIdOf(parameters);
  return runId === undefined ? {} : { runId };
}
