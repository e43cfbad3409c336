import { shownText } from "@sbnsis/vo";
import type { Catalog } from "../catalog/catalog.ts";
import type { ErrorCode } from "../errors/catalogue.ts";
import { isSisError } from "../errors/sis-error.ts";
import { asJson } from "../jobs/job.ts";
import type { JobHandler } from "../jobs/job-runner.ts";
import type { ProductService } from "../products/product.ts";
import type { PublisherIds } from "./publisher-did.ts";
import { sodaError } from "./soda-error.ts";
import { type SodaItem, type SodaJob, type SodaResult, sodaCutout, sodaRequest } from "./soda-job.ts";

/** What the handler needs. */
export interface SodaTools {
  readonly catalog: Catalog;
  readonly products: ProductService;
  readonly ids: PublisherIds;
}

/** Jobs may cut out whole frames. */
const MAXIMUM_PIXELS = 2 ** 31 - 1;

/** The text of a result without pixels (SODA 1.0, 6). */
const NO_PIXELS = "UsageError: No pixels of the image are in the region, BAND and TIME.\n";

/**
 * The handler that makes the products of SODA jobs, one after another. A failure becomes a result
 * that gives the reason; transient faults are thrown, so that the remaining products are retried.
 */
export function sodaHandler(tools: SodaTools): JobHandler {
  return async ({ job, items, turn, report }, signal) => {
    const { format = "fits" } = job.request as unknown as SodaJob;
    const make = async (item: SodaItem): Promise<{ readonly bytes: number; readonly value: SodaResult }> => {
      const cutout = sodaCutout(item);
      const [observation] = await tools.catalog.findObservations([tools.ids.lidOf(item.id)]);
      if (observation === undefined)
        return textResult(`UsageError: There is no image ${shownText(item.id)}.\n`);
      const request = sodaRequest(observation, cutout, { format, maximumPixels: MAXIMUM_PIXELS });
      if (request === undefined) return textResult(NO_PIXELS);
      const { size, mediaType } = await tools.products.get(request, {
        signal,
        client: job.owner,
        background: true,
      });
      return { bytes: size, value: { kind: "product", mediaType, request } };
    };
    for (const { item, value } of items) {
      await turn();
      const made = await make(value as unknown as SodaItem).catch((error: unknown) => {
        if (signal.aborted || !isSisError(error) || TRANSIENT.includes(error.code)) throw error;
        if (error.code === "REGION_OFF_IMAGE") return textResult(NO_PIXELS);
        return textResult(`${resultText(sodaError(error).text)}\n`);
      });
      const outcome = made.value.kind === "product" ? "done" : "failed";
      await report({ item, outcome, bytes: made.bytes, value: asJson(made.value) });
    }
  };
}

/** Transient faults of the service. An archive that is down affects its own images only. */
const TRANSIENT: readonly ErrorCode[] = [
  ...(["CANCELLED", "STOPPING", "OVERLOADED", "MEMORY_SHORT"] as const),
  ...(["CATALOG_UNAVAILABLE", "JOBS_UNAVAILABLE", "INTERNAL"] as const),
];

/** Results have only two codes (SODA 1.0, 6). */
function resultText(text: string): string {
  return text.replace(/^ServiceUnavailable: /, "Error: ");
}

function textResult(text: string): { readonly bytes: number; readonly value: SodaResult } {
  return { bytes: Buffer.byteLength(text), value: { kind: "text", text } };
}
