import type { FastifyReply, FastifyRequest } from "fastify";
import { SisError } from "../../../errors/sis-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { JobStore } from "../../../jobs/job-store.ts";
import type { ProductRouteOptions } from "../../responses/respond-with-product.ts";

export interface SodaAsyncOptions extends ProductRouteOptions {
  /** Undefined in a service without jobs. */
  readonly jobs: JobStore | undefined;
  /** Address of the list of jobs. */
  readonly asyncUrl: string;
}

/** Jobs of a client, for the routes below /async. */
export interface ClientJobs {
  readonly jobs: JobStore;
  readonly asyncUrl: string;
  ownerOf(request: FastifyRequest): string;
  /** The job that the path names. Errors: JOB_NOT_FOUND. */
  jobOf(request: FastifyRequest): Promise<Job>;
  /** The same, for a change. Errors: JOB_NOT_FOUND; VO_FORBIDDEN for the job of another client. */
  ownJobOf(request: FastifyRequest): Promise<Job>;
}

/** 303 with an absolute address, which clients such as Aladin need. */
export function seeOther(reply: FastifyReply, location: string): FastifyReply {
  return reply.code(303).header("location", location).send();
}

export function noJob(): SisError {
  return new SisError("JOB_NOT_FOUND", "There is no such job; it may have expired.");
}
