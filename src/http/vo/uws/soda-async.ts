import { randomBytes } from "node:crypto";
import { EXECUTION, RETENTION, readListQuery, readPhaseChange, uwsJobList, VoError } from "@sbnsis/vo";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { SisError } from "../../../errors/sis-error.ts";
import { asJson } from "../../../jobs/job.ts";
import type { JobStore } from "../../../jobs/job-store.ts";
import { SODA_KIND } from "../../../soda/soda-job.ts";
import { clientKey } from "../../requests/client-address.ts";
import { givenParameters } from "../request-parameters.ts";
import { type ClientJobs, noJob, type SodaAsyncOptions, seeOther } from "./client-jobs.ts";
import { productParameters, runIdParameter, runJob } from "./uws-changes.ts";
import { uwsJobRoutes } from "./uws-job-routes.ts";
import { jobReference, jobUrl } from "./uws-view.ts";

/** Number of unfinished jobs that a client may have. */
const JOBS_PER_CLIENT = 100;

/** Jobs of a list without LAST. */
const LISTED_JOBS = 1000;

/** {async} of SODA 1.0: jobs of UWS 1.1, whose clients are known by their addresses. */
export async function sodaAsyncRoutes(app: FastifyInstance, options: SodaAsyncOptions): Promise<void> {
  const { asyncUrl, clientOf, logger } = options;
  const jobs = options.jobs ?? missingJobs();
  const ownerOf = (request: FastifyRequest) => clientKey(clientOf(request.raw).nearest);
  const jobOf = async (request: FastifyRequest) => {
    const { id } = request.params as { readonly id: string };
    const job = /^[0-9a-f]{32}$/.test(id) ? await jobs.get(id) : undefined;
    if (job?.kind !== SODA_KIND) throw noJob();
    return job;
  };
  const ownJobOf = async (request: FastifyRequest) => {
    const job = await jobOf(request);
    if (job.owner !== ownerOf(request))
      throw new VoError("VO_FORBIDDEN", "The job belongs to another client.");
    return job;
  };
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-cache");
  });

  app.route({
    method: ["GET", "HEAD"],
    url: "/async",
    handler: async (request, reply) => {
      const { phases, after, last } = readListQuery(givenParameters(request));
      const listed = await jobs.list({
        kind: SODA_KIND,
        owner: ownerOf(request),
        ...(phases !== undefined && { phases }),
        ...(after !== undefined && { createdAfter: after }),
        limit: Math.min(last ?? LISTED_JOBS, LISTED_JOBS),
        newest: true,
      });
      return reply.type("text/xml").send(uwsJobList(listed.map((job) => jobReference(job, asyncUrl))));
    },
  });

  app.route({
    method: "POST",
    url: "/async",
    handler: async (request, reply) => {
      const parameters = givenParameters(request);
      const phase = readPhaseChange(parameters);
      const run = runIdParameter(parameters);
      const job = await jobs.prepare({
        id: randomBytes(16).toString("hex"),
        kind: SODA_KIND,
        owner: ownerOf(request),
        ...run,
        request: asJson({ parameters: productParameters(parameters) }),
        keepMs: RETENTION.fallback,
        executionMs: EXECUTION.fallback * 1000,
        perOwner: JOBS_PER_CLIENT,
      });
      logger.info({ job_id: request.id, uws_job: job.id, ...(run.runId && { run_id: run.runId }) });
      if (phase === "RUN") await jobs.amend(job.id, runJob);
      return seeOther(reply, jobUrl(asyncUrl, job.id));
    },
  });

  const clientJobs: ClientJobs = { jobs, asyncUrl, ownerOf, jobOf, ownJobOf };
  await app.register(uwsJobRoutes, { ...options, clientJobs });
}

/** The jobs of a service without a database of jobs: every use is an error. */
function missingJobs(): JobStore {
  const refuse = async () => {
    throw new SisError("JOBS_UNAVAILABLE", "this service has no jobs");
  };
  return {
    ...{ submit: refuse, prepare: refuse, amend: refuse, phases: refuse, get: refuse, list: refuse },
    ...{ items: refuse, results: refuse, failedWith: refuse, events: refuse },
    ...{ abort: refuse, destroy: refuse, retry: refuse },
    close: async () => undefined,
  };
}
