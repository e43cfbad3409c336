import {
  availabilityDocument,
  capabilitiesDocument,
  examplesDocument,
  GivenParameters,
  imageCapabilities,
  readSiaQuery,
  type ServiceExample,
} from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Observation } from "../../catalog/observations/observation.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { PublisherIds } from "../../soda/publisher-did.ts";
import type { Readiness } from "../readiness.ts";
import { clientSignal } from "../responses/client-signal.ts";

export interface VosiOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly jobs: JobStore | undefined;
  readonly probe: () => Promise<Readiness>;
  readonly voUrl: string;
  readonly ids: PublisherIds;
}

/** Number of images that are searched for one with a footprint. */
const SEARCHED = 20;

/** Size of the regions of the examples, degrees. */
const RADIUS = 0.01;

/** /capabilities, /availability and /examples. */
export async function vosiRoutes(app: FastifyInstance, options: VosiOptions): Promise<void> {
  const { catalog, queries, jobs, probe, voUrl, ids } = options;
  const capabilities = capabilitiesDocument(imageCapabilities(voUrl));
  const upSince = Date.now() - process.uptime() * 1000;
  app.route({
    method: ["GET", "HEAD"],
    url: "/capabilities",
    handler: async (_request, reply) => reply.type("text/xml").send(capabilities),
  });

  app.route({
    method: ["GET", "HEAD"],
    url: "/availability",
    handler: async (_request, reply) => {
      const [{ ready }, hasJobs] = await Promise.all([probe(), worksWithJobs(jobs)]);
      const notes = hasJobs ? [] : ["Jobs at /async are not available at the moment."];
      const text = availabilityDocument({ isAvailable: ready, upSince, notes });
      return reply.type("text/xml").header("cache-control", "no-store").send(text);
    },
  });

  app.route({
    method: ["GET", "HEAD"],
    url: "/examples",
    handler: async (_request, reply) => {
      const signal = clientSignal(reply);
      const example = await queries.run(() => exampleImage(catalog, signal), signal);
      if (example === undefined) throw new SisError("ROUTE_NOT_FOUND", "There are no images yet.");
      return reply.type("application/xhtml+xml").send(examplesDocument(examplesOf(example, ids)));
    },
  });
}

/** Whether the database of jobs can be used. */
async function worksWithJobs(jobs: JobStore | undefined): Promise<boolean> {
  if (jobs === undefined) return false;
  return await jobs.get("none").then(
    () => true,
    () => false,
  );
}

/** One of the first images, with a footprint if there is one. */
async function exampleImage(catalog: Catalog, signal: AbortSignal): Promise<Observation | undefined> {
  let first: Observation | undefined;
  for await (const batch of catalog.observations(readSiaQuery(new GivenParameters([])), {
    limit: SEARCHED,
    signal,
  })) {
    first ??= batch[0];
    const placed = batch.find(({ s_region }) => s_region !== null);
    if (placed !== undefined) return placed;
  }
  return first;
}

function examplesOf(
  { lid, s_ra, s_dec, obs_collection }: Observation,
  ids: PublisherIds,
): readonly ServiceExample[] {
  const id = ids.didOf(lid);
  const isPlaced = s_ra !== null && s_dec !== null;
  const place = isPlaced ? `${s_ra.toFixed(6)} ${s_dec.toFixed(6)} ${RADIUS}` : undefined;
  return [
    {
      id: "images-by-place",
      name: "Images of a position",
      capability: "ivo://ivoa.net/std/SIA#query-2.0",
      parameters: [
        ...(place === undefined ? [] : [["POS", `CIRCLE ${place}`] as const]),
        ["COLLECTION", obs_collection],
        ["MAXREC", "10"],
      ],
      text: "Images of one survey that show a position.",
    },
    {
      id: "cutout",
      name: "A cutout",
      capability: "ivo://ivoa.net/std/SODA#sync-1.0",
      parameters: [["ID", id], ...(place === undefined ? [] : [["CIRCLE", place] as const])],
      text: "The pixels of an image around a position, as a FITS file.",
    },
  ];
}
