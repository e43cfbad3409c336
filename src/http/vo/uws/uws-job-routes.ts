import {
  ACTIVE_PHASES,
  readWait,
  uwsJobDocument,
  uwsParametersDocument,
  uwsResultsDocument,
  uwsTime,
  VoError,
} from "@sbnsis/vo";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { SisError } from "../../../errors/sis-error.ts";
import type { Job, JobChange } from "../../../jobs/job.ts";
import { clientSignal } from "../../responses/client-signal.ts";
import { respondWithProduct } from "../../responses/respond-with-product.ts";
import { givenParameters } from "../request-parameters.ts";
import { type ClientJobs, noJob, type SodaAsyncOptions, seeOther } from "./client-jobs.ts";
import { JobWatch } from "./job-watch.ts";
import { addParameters, changeDestruction, changeDuration, phaseChange, runJob } from "./uws-changes.ts";
import { errorText, jobUrl, jobView, parametersOf, resultNamed, resultsOf } from "./uws-view.ts";

export interface UwsJobOptions extends SodaAsyncOptions {
  readonly clientJobs: ClientJobs;
}

const TEXT = "text/plain; charset=utf-8";

/** A job and its parts (UWS 1.1, 2.2.1). */
export async function uwsJobRoutes(app: FastifyInstance, options: UwsJobOptions): Promise<void> {
  const { jobs, asyncUrl, jobOf, ownJobOf } = options.clientJobs;
  const watch = new JobWatch(jobs);
  const read = (url: string, handler: RouteHandlerMethod) =>
    app.route({ method: ["GET", "HEAD"], url: `/async/:id${url}`, handler });
  const readText = (url: string, text: (job: Job) => string) =>
    read(url, async (request, reply) => reply.type(TEXT).send(text(await jobOf(request))));
  const post = (url: string, handler: RouteHandlerMethod) =>
    app.route({ method: "POST", url: `/async/:id${url}`, handler });
  /** A change of the client's own job; the response leads back to it. */
  const change = (url: string, decide: (request: FastifyRequest) => (job: Job) => JobChange) =>
    post(url, async (request, reply) => {
      const { id } = await ownJobOf(request);
      if ((await jobs.amend(id, decide(request))) === undefined) throw noJob();
      return seeOther(reply, jobUrl(asyncUrl, id));
    });
  const destroy = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = await ownJobOf(request);
    await jobs.destroy(id);
    return seeOther(reply, asyncUrl);
  };

  /** The job, once its phase is another one or the client has waited long enough. */
  const awaited = async (request: FastifyRequest, reply: FastifyReply): Promise<Job> => {
    const job = await jobOf(request);
    const wait = readWait(givenParameters(request));
    const isActive = ACTIVE_PHASES.includes(job.phase);
    if (wait === undefined || !isActive || (wait.phase !== undefined && wait.phase !== job.phase)) return job;
    await watch.changed(job.id, job.phase, wait.seconds * 1000, clientSignal(reply));
    return await jobOf(request);
  };

  read("", async (request, reply) => {
    const job = await awaited(request, reply);
    return reply.type("text/xml").send(uwsJobDocument(await jobView(jobs, job, asyncUrl)));
  });
  post("", async (request, reply) => {
    const action = givenParameters(request).one("ACTION");
    if (action === "DELETE") return await destroy(request, reply);
    await jobOf(request);
    throw new VoError("VO_FORBIDDEN", "A job accepts ACTION=DELETE; its parts accept their own values.");
  });
  app.route({ method: "DELETE", url: "/async/:id", handler: destroy });

  readText("/phase", ({ phase }) => phase);
  post("/phase", async (request, reply) => {
    const { id } = await ownJobOf(request);
    const isRun = phaseChange(givenParameters(request)) === "RUN";
    const changed = isRun ? await jobs.amend(id, runJob) : await jobs.abort(id);
    if (changed === undefined) throw noJob();
    return seeOther(reply, jobUrl(asyncUrl, id));
  });
  readText("/executionduration", ({ executionMs }) => String(Math.ceil(executionMs / 1000)));
  change("/executionduration", (request) => changeDuration(givenParameters(request)));
  readText("/destruction", ({ destruction }) => uwsTime(destruction));
  change("/destruction", (request) => changeDestruction(givenParameters(request)));
  readText("/quote", () => "");
  readText("/owner", () => "");
  readText("/error", ({ error }) => {
    if (error === null) throw new SisError("ROUTE_NOT_FOUND", "The job has no error.");
    return `${errorText(error)}\n`;
  });
  read("/parameters", async (request, reply) =>
    reply.type("text/xml").send(uwsParametersDocument(parametersOf(await jobOf(request)))),
  );
  change("/parameters", (request) => addParameters(givenParameters(request)));
  read("/results", async (request, reply) => {
    const results = await resultsOf(jobs, await jobOf(request), asyncUrl);
    return reply.type("text/xml").send(uwsResultsDocument(results));
  });
  read("/results/:name", async (request, reply) => {
    const { id } = await jobOf(request);
    const { name } = request.params as { readonly name: string };
    const result = await resultNamed(jobs, id, name);
    if (result === undefined) throw new SisError("ROUTE_NOT_FOUND", "The job has no result of this name.");
    if (result.kind === "text") return reply.type(TEXT).send(result.text);
    return respondWithProduct(request, reply, result.request, false, options);
  });
}
