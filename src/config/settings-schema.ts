import { type Static, Type } from "typebox";
import type { TextSchema, TextValue } from "./text-value.ts";

const text = (description: string, fallback: string, options: object = {}) =>
  Type.String({ description, default: fallback, ...options });
const integer = (description: string, fallback: number, minimum: number, maximum: number) =>
  Type.Integer({ description, default: fallback, minimum, maximum });

/**
 * Every variable of the service, in the order of the `.env` template. Types, validation, the template and docs/configuration.md
 * come from this schema. An empty value means the default.
 */
const settingsSchema = Type.Object({
  SBNSIS_LOG_FILE: text("Log file, relative to the working directory.", "./logging/sbnsis.log"),
  SBNSIS_ACCESS_LOG: text("Access log in combined format; empty: none is written.", ""),
  TEST_DATA_PATH: text("Folder of the generated test data set.", "./data/test"),
  SBNSIS_CUTOUT_CACHE: text(
    "Folder in which products are stored, in one of its own that only the service's user may enter. One that other users can change is not used.",
    "./cache",
  ),
  SBNSIS_CACHE_MAX_BYTES: integer(
    "Room for products and for files fetched from archives in SBNSIS_CUTOUT_CACHE, in bytes; what was used least recently goes first. 0: no bound.",
    10_737_418_240,
    0,
    1_125_899_906_842_624,
  ),
  SBNSIS_CACHE_MAX_AGE: integer(
    "How long a product that nobody asks for stays there, in seconds; 0: for ever.",
    2_592_000,
    0,
    3_153_600_000,
  ),
  SBNSIS_MEMORY_CACHE_BYTES: integer(
    "Memory that each worker may use to keep small products it has just sent, in bytes; 0: none.",
    33_554_432,
    0,
    4_294_967_296,
  ),
  MAXIMUM_CUTOUT_SIZE: integer("Largest side of a cutout, in pixels.", 1024, 1, 65_535),
  SBNSIS_COMPUTE_THREADS: integer("Threads of each worker that make products.", 1, 1, 256),
  SBNSIS_REMOTE_THREADS: integer(
    "Threads of each worker that make products of images on archives; they mostly wait.",
    4,
    1,
    256,
  ),
  SBNSIS_QUEUE_LENGTH: integer(
    "Products that may wait for a thread in each worker; one more is answered 503.",
    64,
    1,
    100_000,
  ),
  SBNSIS_TASK_SECONDS: integer(
    "How long a thread may work on one product, in seconds. After that it is replaced, and the client gets an error.",
    300,
    1,
    86_400,
  ),
  SBNSIS_MEMORY_BYTES: integer(
    "Memory that each worker may use for what its threads unpack and decode, in bytes. A product that needs more alone is refused; others wait until there is enough.",
    671_088_640,
    16_777_216,
    1_099_511_627_776,
  ),
  SBNSIS_DATA_ROOTS: text(
    "Folders below which local image files must lie, separated by colons; symbolic links are resolved first. Empty: anywhere.",
    "",
  ),
  SBNSIS_FOLLOW_LINKS: Type.Boolean({
    description:
      "Whether symbolic links in an archive may lead out of it. An archive is the folder of an image's label, or the nearest one above that holds the image too; links on the way to it are always followed. With SBNSIS_DATA_ROOTS, links may lead to anything below these.",
    default: false,
  }),
  SBNSIS_ALLOWED_HOSTS: text(
    "Hosts from which images are fetched by http, https and s3, separated by commas: host (any port), host:port, or *.domain for all hosts below a domain; redirects keep to them too. Empty: any host.",
    "",
    {
      pattern: "^[A-Za-z0-9.*:\\[\\]_,\\s-]*$",
      "x-allowed": "hosts separated by commas, such as archive.example.org, *.example.net, [::1]:8080",
    },
  ),
  SBNSIS_REDIRECT_HOSTS: text(
    "Hosts that redirects of archives may lead to besides the archive itself and the hosts that the catalogue names, in the form of SBNSIS_ALLOWED_HOSTS; when that is set, redirects keep to it alone. A public archive never leads to a loopback, link-local or private address.",
    "",
    {
      pattern: "^[A-Za-z0-9.*:\\[\\]_,\\s-]*$",
      "x-allowed": "hosts separated by commas, such as store.example.org, *.example.net, [::1]:8080",
    },
  ),
  SBNSIS_S3_ENDPOINT: text(
    "Base URL of the S3 store for s3://bucket/key, which is asked as endpoint/bucket/key; empty: Amazon's of the region.",
    "",
    { pattern: "^https?://[^\\s?#@]+$", "x-allowed": "a URL with http or https" },
  ),
  SBNSIS_S3_REGION: text("Region of the S3 store, part of every signature.", "us-east-1", {
    pattern: "^[A-Za-z0-9-]+$",
    "x-allowed": "letters, digits and hyphens",
  }),
  SBNSIS_S3_ACCESS_KEY_ID: text("Access key of the S3 store; empty: requests are not signed.", ""),
  SBNSIS_S3_SECRET_ACCESS_KEY: text("Secret of the access key.", ""),
  SBNSIS_S3_SESSION_TOKEN: text("Token that temporary access keys need; empty: none.", ""),
  SBNSIS_REMOTE_CONNECT_TIMEOUT_MS: integer(
    "How long a connection to an archive may take to come about, in milliseconds.",
    5000,
    50,
    300_000,
  ),
  SBNSIS_REMOTE_IDLE_TIMEOUT_MS: integer(
    "How long an archive may send nothing while an answer is due, in milliseconds.",
    15_000,
    50,
    300_000,
  ),
  SBNSIS_REMOTE_DEADLINE_MS: integer(
    "How long one read from an archive may take with all its retries, in milliseconds.",
    60_000,
    100,
    3_600_000,
  ),
  SBNSIS_REMOTE_RETRIES: integer(
    "How often a request to an archive is tried again after a broken connection or an answer 5xx.",
    4,
    0,
    20,
  ),
  SBNSIS_REMOTE_REVALIDATE_MS: integer(
    "How long a file on an archive is believed to be what it was before the archive is asked again, in milliseconds; 0: it is asked for each product.",
    300_000,
    0,
    86_400_000,
  ),
  SBNSIS_DOWNLOAD_DEADLINE_MS: integer(
    "How long the download of a whole file may take with all its retries, in milliseconds.",
    600_000,
    100,
    86_400_000,
  ),
  SBNSIS_DOWNLOAD_MAX_BYTES: integer(
    "Largest file that is fetched whole from an archive, in bytes.",
    4_294_967_296,
    1,
    1_099_511_627_776,
  ),
  SBNSIS_BLOCK_CACHE_BYTES: integer(
    "Memory that each reader of remote files may use to keep blocks it has read, in bytes; 0: none.",
    33_554_432,
    0,
    4_294_967_296,
  ),
  DB_DIALECT: text("Database: sqlite or postgresql.", "sqlite", {
    pattern: "^(sqlite|postgres(ql)?)(\\+[a-z0-9_]+)?$",
    "x-allowed": "sqlite, postgresql (also as SQLAlchemy writes it: postgresql+psycopg2)",
  }),
  DB_HOST: text("Database host; empty: UNIX socket. PostgreSQL only.", ""),
  DB_USERNAME: text(
    "Database user. Serving only reads, so a read-only user is enough. Percent-encoded like DB_PASSWORD.",
    "",
  ),
  DB_PASSWORD: text(
    "Password of the database user, percent-encoded as in a URL: %40 is @, and a percent sign before two hexadecimal digits is written %25.",
    "",
  ),
  DB_DATABASE: text("Database file (sqlite) or database name (postgresql).", "./default.db"),
  DB_SSLMODE: text(
    "Encryption of the connection to PostgreSQL, as libpq's sslmode; empty: PGSSLMODE, or else prefer.",
    "",
    { enum: ["", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"] },
  ),
  DB_SSLROOTCERT: text(
    "File with the certificates that PostgreSQL's is verified with, or system for those that Node.js trusts; empty: PGSSLROOTCERT, or else ~/.postgresql/root.crt.",
    "",
  ),
  DB_POOLER: text(
    "What pools connections between the service and PostgreSQL, such as PgBouncer: none, session (session pooling) or transaction (transaction pooling).",
    "none",
    { enum: ["none", "session", "transaction"] },
  ),
  LIVE_GUNICORN_INSTANCES: integer(
    "Number of worker processes; negative: as many as CPU cores.",
    -1,
    -1024,
    1024,
  ),
  SBNSIS_SPARE_WORKER: Type.Boolean({
    description:
      "Whether one more process is kept prepared, with the memory that this takes, to replace at once a worker that dies.",
    default: true,
  }),
  SBNSIS_DRAIN_SECONDS: integer(
    "How long a worker that shall end may use to finish what it is answering; systemd and containers must wait longer.",
    15,
    1,
    3600,
  ),
  SBNSIS_LAMEDUCK_SECONDS: integer(
    "How long the service goes on taking requests after it was told to end (SIGTERM, stop), while /ready answers 503, so that a load balancer sends no more; added to SBNSIS_DRAIN_SECONDS.",
    0,
    0,
    600,
  ),
  SBNSIS_RATE_LIMIT: integer(
    "Requests per minute that the service answers to one client, by its address; more are answered 429. 0: no limit.",
    0,
    0,
    1_000_000,
  ),
  SBNSIS_RATE_BURST: integer(
    "Requests that a client may make at once before the rate limit counts.",
    60,
    1,
    1_000_000,
  ),
  SBNSIS_MAX_AGE: integer(
    "How long browsers and proxies may use a product without asking again whether it has changed, in seconds; 0: they always ask.",
    120,
    0,
    31_536_000,
  ),
  TRUSTED_PROXIES: text(
    "Addresses and networks of web servers in front, separated by commas, whose X-Forwarded-For tells the client's address. Empty: none.",
    "",
    {
      pattern: "^[0-9A-Fa-f.:/,\\s]*$",
      "x-allowed": "addresses and networks separated by commas, such as 127.0.0.1, ::1, 10.0.0.0/8",
    },
  ),
  SBNSIS_STALL_SECONDS: integer(
    "How long a client may take no byte of its answer until its connection is closed.",
    60,
    1,
    3600,
  ),
  APP_NAME: text("Name of the service.", "sbnsis-service", {
    pattern: "^[A-Za-z0-9._-]+$",
    "x-allowed": "letters, digits, dots, hyphens and underscores",
  }),
  API_HOST: text("Address to listen on; of IPv6 with or without brackets.", "127.0.0.1", { minLength: 1 }),
  API_PORT: integer("Port to listen on.", 5000, 1, 65_535),
  BASE_HREF: text("Path prefix of every route.", "/", {
    pattern: "^[A-Za-z0-9._~/-]*$",
    "x-allowed": "a path of letters, digits and . _ ~ - / such as /api",
  }),
  PUBLIC_URL: text(
    "Base of access_url in production: where clients reach the service.",
    "https://sbnsurveys.astro.umd.edu/api",
    { pattern: "^https?://[^\\s]+$", "x-allowed": "a URL with http or https" },
  ),
  IS_DAEMON: Type.Boolean({
    description: "Set by start, which does not heed it here: whether the service runs in the background.",
    default: true,
  }),
  IS_PRODUCTION: Type.Boolean({
    description:
      "Set by start, which does not heed it here: whether links are made with PUBLIC_URL, as they are except with --dev.",
    default: false,
  }),
});

/** Variables that `start` sets itself: they are not in the template, and what `.env` says of them does not count. */
export const SET_BY_START: ReadonlySet<string> = new Set<keyof Variables>(["IS_DAEMON", "IS_PRODUCTION"]);

/** Variables whose values are shown to nobody. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set<keyof Variables>([
  "DB_PASSWORD",
  "SBNSIS_S3_ACCESS_KEY_ID",
  "SBNSIS_S3_SECRET_ACCESS_KEY",
  "SBNSIS_S3_SESSION_TOKEN",
]);

/** Names of all variables, in order. */
export const SETTING_NAMES = Object.keys(settingsSchema.properties) as readonly (keyof Variables)[];

/** The variables as they are written, typed. */
export type Variables = Static<typeof settingsSchema>;

/** The schema of one variable; all have a default and a description. */
export type SettingSchema = TextSchema & { readonly default: TextValue; readonly description: string };

export function settingSchema(name: keyof Variables): SettingSchema {
  // typebox's types leave out the keywords that every property above is given
  return settingsSchema.properties[name] as unknown as SettingSchema;
}
