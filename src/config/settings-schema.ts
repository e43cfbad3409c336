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
  SBNSIS_CUTOUT_CACHE: text("Folder for products; empty: the temporary directory of the system.", ""),
  SBNSIS_MEMORY_CACHE_BYTES: integer(
    "Memory that each worker may use to keep small products it has just sent, in bytes; 0: none.",
    33_554_432,
    0,
    4_294_967_296,
  ),
  MAXIMUM_CUTOUT_SIZE: integer("Largest side of a cutout, in pixels.", 1024, 1, 65_535),
  SBNSIS_COMPUTE_THREADS: integer("Threads of each worker that make products.", 1, 1, 256),
  SBNSIS_QUEUE_LENGTH: integer(
    "Products that may wait for a thread in each worker; one more is answered 503.",
    64,
    1,
    100_000,
  ),
  DB_DIALECT: text("Database: sqlite or postgresql.", "sqlite", {
    pattern: "^(sqlite|postgres(ql)?)(\\+[a-z0-9_]+)?$",
    "x-allowed": "sqlite, postgresql (also as SQLAlchemy writes it: postgresql+psycopg2)",
  }),
  DB_HOST: text("Database host; empty: UNIX socket. PostgreSQL only.", ""),
  DB_USERNAME: text("Database user. Serving only reads, so a read-only user is enough.", ""),
  DB_PASSWORD: text("Password of the database user.", ""),
  DB_DATABASE: text("Database file (sqlite) or database name (postgresql).", "./default.db"),
  LIVE_GUNICORN_INSTANCES: integer(
    "Number of worker processes; negative: as many as CPU cores.",
    -1,
    -1024,
    1024,
  ),
  APP_NAME: text("Name of the service.", "sbnsis-service", {
    pattern: "^[A-Za-z0-9._-]+$",
    "x-allowed": "letters, digits, dots, hyphens and underscores",
  }),
  API_HOST: text("Address to listen on.", "127.0.0.1", { minLength: 1 }),
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
    description: "Set by start: whether the service runs in the background.",
    default: true,
  }),
  IS_PRODUCTION: Type.Boolean({
    description: "Set by start: whether links are made with PUBLIC_URL.",
    default: false,
  }),
});

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
