import type { Catalog } from "../catalog/catalog.ts";
import type { Settings } from "../config/settings-groups.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Logger } from "../observe/logger.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Samples } from "../observe/samples.ts";
import type { ProductService } from "../products/product.ts";
import type { ResultStore } from "./batch/result-store.ts";
import type { BuiltPage } from "./page/built-page.ts";
import type { TakeTurn } from "./plugins/rate-limit.ts";

/** What the application depends on. It does not close any of it. */
export interface AppParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly products: ProductService;
  readonly logger: Logger;
  /** Jobs that outlast a request; without them there are no batches. */
  readonly jobs?: JobStore;
  /**
   * Store from which clients download files of finished batches; without it, this service sends
   * them.
   */
  readonly results?: ResultStore;
  /** The built page for browsers; without it, no page is served. */
  readonly page?: BuiltPage;
  /** Version of the service, for the OpenAPI document. */
  readonly version: string;
  /** Counters of this process; defaults to new ones. */
  readonly metrics?: Metrics;
  /** Metrics of the other processes of the service, for GET /metrics; defaults to none. */
  readonly otherSamples?: () => Promise<Samples>;
  /**
   * Whether the service is about to end and takes requests only until clients have noticed;
   * defaults to never.
   */
  readonly isLeaving?: () => boolean;
  /**
   * Counts requests of clients against SBNSIS_RATE_LIMIT across all processes; defaults to counting
   * those of this process.
   */
  readonly takeTurn?: TakeTurn;
}
