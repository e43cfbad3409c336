import { type Static, Type } from "typebox";
import { archiveVariables } from "./archive-variables.ts";
import { databaseVariables } from "./database-variables.ts";
import { storeVariables } from "./store-settings.ts";

import { integer, type TextSchema, type TextValue, text } from "./text-value.ts";

/**
 * Every variable of the service, in the order of the `.env` template. Types, validation, the
 * template and docs/configuration.md are derived from this schema. An empty value means the
 * default.
 */
const settingsSchema = Type.Object({
  SBNSIS_LOG_FILE: text("Log file, relative to the working directory.", "./logging/sbnsis.log"),
  SBNSIS_ACCESS_LOG: text("Access log in the combined format. Empty: no access log.", ""),
  TEST_DATA_PATH: text("Folder for the generated test data set.", "./data/test"),
  SBNSIS_CUTOUT_CACHE: text(
    "Cache folder. Products are stored in a private subfolder, sbnsis-products (mode 0700). A folder that other users can change is not used.",
    "./cache",
  ),
  SBNSIS_CACHE_MAX_BYTES: integer(
    "Maximum size of the cache (products and files fetched from archives), in bytes. The least recently used files are removed first. 0: no limit.",
    10_737_418_240,
    0,
    1_125_899_906_842_624,
  ),
  SBNSIS_CACHE_MAX_AGE: integer(
    "Time after which a cached product that has not been requested is removed, in seconds. 0: never.",
    2_592_000,
    0,
    3_153_600_000,
  ),
  SBNSIS_MEMORY_CACHE_BYTES: integer(
    "Memory that each worker uses to cache recently sent small products, in bytes. 0: none.",
    33_554_432,
    0,
    4_294_967_296,
  ),
  MAXIMUM_CUTOUT_SIZE: integer("Maximum width and height of a cutout, in pixels.", 1024, 1, 65_535),
  SBNSIS_COMPUTE_THREADS: integer("Compute threads per worker.", 1, 1, 256),
  SBNSIS_REMOTE_THREADS: integer(
    "Threads per worker for images on remote archives; they spend most of their time waiting.",
    4,
    1,
    256,
  ),
  SBNSIS_QUEUE_LENGTH: integer(
    "Maximum number of products that may wait for a thread in each worker; further requests get 503.",
    64,
    1,
    100_000,
  ),
  SBNSIS_TASK_SECONDS: integer(
    "Maximum time a thread may spend on one product, in seconds. After that the client gets an error, and the thread is replaced if it does not stop.",
    300,
    1,
    86_400,
  ),
  SBNSIS_MEMORY_BYTES: integer(
    "Memory per worker for unpacked and decoded data, in bytes. A product that needs more than this is refused; others wait until enough is free.",
    671_088_640,
    16_777_216,
    1_099_511_627_776,
  ),
  ...archiveVariables,
  ...databaseVariables,
  SBNSIS_NODE_NAME: text(
    "Name of this machine where several run the service. It is added to every log line, as a label to every metric, and to locks and jobs. Empty: locks and jobs have the host name, log lines and metrics no name.",
    "",
    {
      pattern: "^[A-Za-z0-9._-]{1,64}$",
      "x-allowed": "up to 64 letters, digits, dots, hyphens and underscores",
    },
  ),
  SBNSIS_ROLES: text(
    "What this machine does, separated by commas: serve (responds to clients) and jobs (runs jobs). Without serve, only /health, /ready and /metrics respond; without jobs, submitted jobs are accepted, but left to other machines.",
    "serve,jobs",
    {
      pattern: "^\\s*(serve|jobs)(\\s*,\\s*(serve|jobs))*\\s*$",
      "x-allowed": "serve, jobs, or both separated by a comma",
    },
  ),
  LIVE_GUNICORN_INSTANCES: integer(
    "Number of worker processes. Negative: one per CPU core.",
    -1,
    -1024,
    1024,
  ),
  SBNSIS_SPARE_WORKER: Type.Boolean({
    description: "Whether a spare process is kept ready (about 130 MB) to replace a dead worker immediately.",
    default: true,
  }),
  SBNSIS_DRAIN_SECONDS: integer(
    "Time a stopping worker may take to finish its responses, in seconds. Stop timeouts of systemd and containers must be longer.",
    15,
    1,
    3600,
  ),
  SBNSIS_LAMEDUCK_SECONDS: integer(
    "Time for which the service still accepts requests after SIGTERM or sbnsis stop, while /ready returns 503, so that a load balancer can stop sending requests, in seconds. SBNSIS_DRAIN_SECONDS begins afterwards.",
    0,
    0,
    600,
  ),
  SBNSIS_RATE_LIMIT: integer(
    "Requests per minute allowed for each client address; further requests get 429. 0: no limit.",
    0,
    0,
    1_000_000,
  ),
  SBNSIS_RATE_BURST: integer(
    "Requests that a client may make in a burst before the rate limit applies.",
    60,
    1,
    1_000_000,
  ),
  SBNSIS_BATCH_ROWS: integer("Maximum number of rows of a batch.", 2000, 1, 1_000_000),
  SBNSIS_BATCH_BYTES: integer(
    "Maximum size of a list posted to /batch, in bytes.",
    4_194_304,
    1024,
    268_435_456,
  ),
  SBNSIS_BATCH_PIXELS: integer(
    "Maximum total number of pixels of all cutouts of a batch.",
    400_000_000,
    1,
    1_000_000_000_000,
  ),
  SBNSIS_BATCH_PER_CLIENT: integer(
    "Number of batches that a client may have waiting or running; further ones get 429.",
    2,
    1,
    10_000,
  ),
  SBNSIS_BATCH_RUNNING: integer(
    "Number of batches that may be waiting or running for all clients together; further ones get 429.",
    8,
    1,
    100_000,
  ),
  SBNSIS_PAGE: Type.Boolean({
    description:
      "Whether the service has pages for browsers: a start page, the pages below /view/ and the guide.",
    default: true,
  }),
  SBNSIS_CATCH_URL: text(
    "Address of the API of CATCH, whose jobs the page and POST /batch open by their ids, such as https://catch-api.example.org. Only this host is contacted. Empty: only lists written by CATCH can be opened.",
    "",
    { pattern: "^https?://[^\\s?#@;,']+$", "x-allowed": "a URL with http or https" },
  ),
  SBNSIS_MAX_AGE: integer(
    "Time for which browsers and proxies may use a product without checking whether it has changed, in seconds (Cache-Control: max-age). 0: they always check.",
    120,
    0,
    31_536_000,
  ),
  SBNSIS_JOBS_DATABASE: text(
    "Database of jobs, such as lists of cutouts: a SQLite file on a local disk, created by the first job, or a PostgreSQL URL for several machines. Unlike the catalog, it is written to.",
    "./jobs.db",
    {
      pattern: "^(?:postgres(?:ql)?://\\S+|(?![A-Za-z][A-Za-z0-9+.-]*://).+)$",
      "x-allowed": "a file, or postgresql://user:password@host:port/database",
    },
  ),
  SBNSIS_JOBS_LEASE_SECONDS: integer(
    "Time after which another worker takes over the work of one that was killed or hangs, in seconds. With PostgreSQL, the minimum is 10, and it can take up to 5 seconds longer.",
    15,
    1,
    3600,
  ),
  ...storeVariables,
  SBNSIS_IVOA_AUTHORITY: text(
    "Registered authority of the image identifiers in the Virtual Observatory: ivo://AUTHORITY/sbnsis?LID. Empty: identifiers are LIDs, and /vo/registry.xml does not exist.",
    "",
    {
      pattern: "^(?:[A-Za-z0-9][A-Za-z0-9._~-]{2,})?$",
      "x-allowed": "at least three letters, digits, dots, hyphens, underscores and tildes",
    },
  ),
  SBNSIS_IVOA_CONTACT: text(
    "Contact of the service in registries of the Virtual Observatory, as Name <address>.",
    "",
    {
      pattern: "^(?:[^<>]*[^<>\\s]\\s*<[^<>@\\s]+@[^<>@\\s]+>)?$",
      "x-allowed": "Name <address@example.org>",
    },
  ),
  SBNSIS_SODA_MAX_PIXELS: integer(
    "Maximum width and height of a cutout at /vo/sync, in pixels; jobs at /vo/async may cut out whole images.",
    4096,
    1,
    65_535,
  ),
  TRUSTED_PROXIES: text(
    "Addresses and networks of the reverse proxies whose X-Forwarded-For header is trusted, separated by commas. Empty: none.",
    "",
    {
      pattern: "^[0-9A-Fa-f.:/,\\s]*$",
      "x-allowed": "addresses and networks separated by commas, such as 127.0.0.1, ::1, 10.0.0.0/8",
    },
  ),
  SBNSIS_STALL_SECONDS: integer(
    "Time after which a connection is closed if the client has not read any of its response, in seconds.",
    60,
    1,
    3600,
  ),
  APP_NAME: text("Name of the service, shown by sbnsis start.", "sbnsis-service", {
    pattern: "^[A-Za-z0-9._-]+$",
    "x-allowed": "letters, digits, dots, hyphens and underscores",
  }),
  API_HOST: text(
    "Address to listen on. IPv6 addresses may be written with or without brackets.",
    "127.0.0.1",
    { minLength: 1 },
  ),
  API_PORT: integer("Port to listen on.", 5000, 1, 65_535),
  BASE_HREF: text("Path prefix of every route.", "/", {
    pattern: "^[A-Za-z0-9._~/-]*$",
    "x-allowed": "a path of letters, digits and . _ ~ - / such as /api",
  }),
  PUBLIC_URL: text(
    "Public base URL of the service, used in the links that it returns.",
    "https://sbnsurveys.astro.umd.edu/api",
    { pattern: "^https?://[^\\s]+$", "x-allowed": "a URL with http or https" },
  ),
  IS_DAEMON: Type.Boolean({
    description:
      "Whether the service runs in the background. Set by sbnsis start; the value in .env is ignored.",
    default: true,
  }),
  IS_PRODUCTION: Type.Boolean({
    description:
      "Whether links use PUBLIC_URL. Set by sbnsis start, except with --dev; the value in .env is ignored.",
    default: false,
  }),
});

/** Variables that `start` sets itself: they are not in the template and are ignored in `.env`. */
export const SET_BY_START: ReadonlySet<string> = new Set<keyof Variables>(["IS_DAEMON", "IS_PRODUCTION"]);

/** Variables whose values are never shown. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set<keyof Variables>([
  "DB_PASSWORD",
  "SBNSIS_JOBS_DATABASE",
  "SBNSIS_S3_ACCESS_KEY_ID",
  "SBNSIS_S3_SECRET_ACCESS_KEY",
  "SBNSIS_S3_SESSION_TOKEN",
  "SBNSIS_STORE_S3_ACCESS_KEY_ID",
  "SBNSIS_STORE_S3_SECRET_ACCESS_KEY",
]);

/** Names of all variables, in order. */
export const SETTING_NAMES = Object.keys(settingsSchema.properties) as readonly (keyof Variables)[];

/** The variables as written, typed. */
export type Variables = Static<typeof settingsSchema>;

/** The schema of one variable; all have a default and a description. */
export type SettingSchema = TextSchema & { readonly default: TextValue; readonly description: string };

export function settingSchema(name: keyof Variables): SettingSchema {
  // typebox's types omit the keywords that every property above has
  return settingsSchema.properties[name] as unknown as SettingSchema;
}
