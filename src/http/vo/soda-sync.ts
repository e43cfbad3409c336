import { readSodaSync, runIdOf, shownText } from "@sbnsis/vo";
import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { isSisError, SisError } from "../../errors/sis-error.ts";
import type { PublisherIds } from "../../soda/publisher-did.ts";
import { sodaRequest } from "../../soda/soda-job.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { type ProductRouteOptions, respondWithProduct } from "../responses/respond-with-product.ts";
import { givenParameters, refuseShapes } from "./request-parameters.ts";

export interface SodaSyncOptions extends ProductRouteOptions {
  readonly catalog: Catalog;
  /** Queue for database queries. */
  readonly queries: WorkQueue;
  readonly ids: PublisherIds;
  /** Longest side of a cutout in pixels. */
  readonly maximumPixels: number;
}

/** {sync} of SODA 1.0: one cutout, made, kept and sent like those of /images. */
export async function sodaSyncRoute(app: FastifyInstance, options: SodaSyncOptions): Promise<void> {
  const { catalog, queries, ids, maximumPixels, logger } = options;
  app.route({
    method: ["GET", "HEAD", "POST"],
    url: "/sync",
    handler: async (request, reply) => {
      const parameters = givenParameters(request);
      const cutout = readSodaSync(parameters);
      if (cutout.region !== undefined) refuseShapes(cutout.region.name, [cutout.region.shape]);
      const runId = runIdOf(parameters);
      if (runId !== undefined) logger.info({ job_id: request.id, run_id: runId });
      const [observation] = await queries.run(
        () => catalog.findObservations([ids.lidOf(cutout.id)]),
        clientSignal(reply),
      );
      if (observation === undefined)
        throw new SisError("IMAGE_NOT_FOUND", `There is no image ${shownText(cutout.id)}.`);
      const wanted = sodaRequest(observation, cutout, { format: cutout.format, maximumPixels });
      // no pixels: no content (SODA 1.0, 5.1)
      if (wanted === undefined) return reply.code(204).send();
      try {
        return await respondWithProduct(request, reply, wanted, false, options);
      } catch (error) {
        if (isSisError(error, "REGION_OFF_IMAGE")) return reply.code(204).send();
        throw error;
      }
    },
  });
}
