import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import { type DotEnv, decodeDotEnv, parseDotEnv } from "./dot-env.ts";
import type { ArchiveSettings, DatabaseSettings, HttpSettings, Role, Settings } from "./settings-groups.ts";
import {
  SECRET_SETTINGS,
  SET_BY_START,
  SETTING_NAMES,
  settingSchema,
  type Variables,
} from "./settings-schema.ts";
import { storeSettings } from "./store-settings.ts";
import { allowedText, shownValue, type TextValue, textReader, withoutTrailingSlashes } from "./text-value.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variable with the address given to `start --host`, which overrides API_HOST. */
export const HOST_VARIABLE = "SBNSIS_HOST_OPTION";

/**
 * Reads the settings: `.env` in the folder `cwd` overrides `env`, which overrides the defaults.
 * Variables that `start` sets itself are only read from `env`.
 * Errors: CONFIG_INVALID for a value that is not allowed, for a `.env` that cannot be read, and for
 * an unknown variable in `.env` with one of the service's prefixes.
 */
export function loadSettings(cwd: string, env: Environment = process.env): Settings {
  const file = readDotEnv(cwd, env);
  refuseUnknown(file);
  const values: Record<string, TextValue> = {};
  for (const name of SETTING_NAMES) values[name] = readVariable(name, written(name, file, env) ?? "");
  return grouped(values as Variables, cwd);
}

function written(name: keyof Variables, file: DotEnv, env: Environment): string | undefined {
  if (SET_BY_START.has(name)) return env[name];
  const option = name === "API_HOST" ? env[HOST_VARIABLE] : undefined;
  return option ?? file[name] ?? env[name];
}

function readDotEnv(cwd: string, env: Environment): DotEnv {
  try {
    return parseDotEnv(decodeDotEnv(readFileSync(join(cwd, ".env"))), env);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    if (cause instanceof SisError) throw cause;
    throw new SisError("CONFIG_INVALID", `the file .env cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Prefixes that only this service uses in its `.env`: an unknown name with one is a typo. */
const OWN_PREFIX = /^(?:SBNSIS|API|DB)_/;

function refuseUnknown(file: DotEnv): void {
  const known = new Set<string>(SETTING_NAMES);
  const unknown = Object.keys(file).find((name) => OWN_PREFIX.test(name) && !known.has(name));
  if (unknown === undefined) return;
  const prefix = OWN_PREFIX.exec(unknown)?.[0] ?? "";
  throw new SisError(
    "CONFIG_INVALID",
    `the file .env sets ${unknown}, which is not a setting of this version`,
    {
      details: { variable: unknown, allowed: [...known].filter((name) => name.startsWith(prefix)) },
    },
  );
}

function readVariable(name: keyof Variables, written: string): TextValue {
  const schema = settingSchema(name);
  if (written === "") return schema.default;
  const value = textReader(schema)(written);
  if (value !== undefined) return value;
  // a password must not be revealed because it is malformed
  const shown = SECRET_SETTINGS.has(name) ? "(not shown)" : shownValue(written);
  const allowed = allowedText(schema);
  throw new SisError("CONFIG_INVALID", `${name} is ${shown}; allowed: ${allowed}`, {
    details: { variable: name, value: shown, allowed },
  });
}

/** Types and relates the values of the variables; relative paths are in the folder `cwd`. */
function grouped(values: Variables, cwd: string): Settings {
  return {
    service: { name: values.APP_NAME, isDaemon: values.IS_DAEMON, isProduction: values.IS_PRODUCTION },
    http: {
      host: values.API_HOST.replace(/^\[(.*)\]$/, "$1"),
      port: values.API_PORT,
      prefix: parts(values.BASE_HREF, "/")
        .map((part) => `/${part}`)
        .join(""),
      publicUrl: withoutTrailingSlashes(values.PUBLIC_URL),
      trustedProxies: networks(values.TRUSTED_PROXIES),
      stallSeconds: values.SBNSIS_STALL_SECONDS,
      maxAgeSeconds: values.SBNSIS_MAX_AGE,
    },
    rateLimit: { perMinute: values.SBNSIS_RATE_LIMIT, burst: values.SBNSIS_RATE_BURST },
    log: {
      file: resolve(cwd, values.SBNSIS_LOG_FILE),
      accessFile: values.SBNSIS_ACCESS_LOG === "" ? "" : resolve(cwd, values.SBNSIS_ACCESS_LOG),
    },
    cache: {
      folder: resolve(cwd, values.SBNSIS_CUTOUT_CACHE),
      maximumBytes: values.SBNSIS_CACHE_MAX_BYTES,
      maximumAgeSeconds: values.SBNSIS_CACHE_MAX_AGE,
      memoryBytes: values.SBNSIS_MEMORY_CACHE_BYTES,
    },
    products: {
      maximumCutoutSize: values.MAXIMUM_CUTOUT_SIZE,
      computeThreads: values.SBNSIS_COMPUTE_THREADS,
      remoteThreads: values.SBNSIS_REMOTE_THREADS,
      queueLength: values.SBNSIS_QUEUE_LENGTH,
      taskSeconds: values.SBNSIS_TASK_SECONDS,
      memoryBytes: values.SBNSIS_MEMORY_BYTES,
    },
    archive: archiveSettings(values, cwd),
    database: databaseSettings(values, cwd),
    cluster: {
      nodeName: values.SBNSIS_NODE_NAME,
      roles: new Set(parts(values.SBNSIS_ROLES, /[\s,]+/) as Role[]),
      workers: values.LIVE_GUNICORN_INSTANCES,
      spareWorker: values.SBNSIS_SPARE_WORKER,
      drainSeconds: values.SBNSIS_DRAIN_SECONDS,
      lameDuckSeconds: values.SBNSIS_LAMEDUCK_SECONDS,
    },
    batch: {
      rows: values.SBNSIS_BATCH_ROWS,
      bytes: values.SBNSIS_BATCH_BYTES,
      pixels: values.SBNSIS_BATCH_PIXELS,
      perClient: values.SBNSIS_BATCH_PER_CLIENT,
      running: values.SBNSIS_BATCH_RUNNING,
    },
    jobs: {
      database: values.SBNSIS_JOBS_DATABASE.includes("://")
        ? values.SBNSIS_JOBS_DATABASE
        : resolve(cwd, values.SBNSIS_JOBS_DATABASE),
      leaseSeconds: values.SBNSIS_JOBS_LEASE_SECONDS,
    },
    store: storeSettings(values),
    vo: {
      authority: values.SBNSIS_IVOA_AUTHORITY,
      contact: values.SBNSIS_IVOA_CONTACT,
      maximumPixels: values.SBNSIS_SODA_MAX_PIXELS,
    },
    page: { enabled: values.SBNSIS_PAGE, catchUrl: withoutTrailingSlashes(values.SBNSIS_CATCH_URL) },
    testData: { folder: resolve(cwd, values.TEST_DATA_PATH) },
  };
}

function archiveSettings(values: Variables, cwd: string): ArchiveSettings {
  return {
    dataRoots: parts(values.SBNSIS_DATA_ROOTS, delimiter).map((root) => resolve(cwd, root)),
    followLinks: values.SBNSIS_FOLLOW_LINKS,
    allowedHosts: parts(values.SBNSIS_ALLOWED_HOSTS.toLowerCase(), /[\s,]+/),
    redirectHosts: parts(values.SBNSIS_REDIRECT_HOSTS.toLowerCase(), /[\s,]+/),
    connectTimeoutMs: values.SBNSIS_REMOTE_CONNECT_TIMEOUT_MS,
    idleTimeoutMs: values.SBNSIS_REMOTE_IDLE_TIMEOUT_MS,
    deadlineMs: values.SBNSIS_REMOTE_DEADLINE_MS,
    retries: values.SBNSIS_REMOTE_RETRIES,
    connections: values.SBNSIS_ARCHIVE_CONNECTIONS,
    revalidateMs: values.SBNSIS_REMOTE_REVALIDATE_MS,
    downloadDeadlineMs: values.SBNSIS_DOWNLOAD_DEADLINE_MS,
    downloadMaximumBytes: values.SBNSIS_DOWNLOAD_MAX_BYTES,
    blockCacheBytes: values.SBNSIS_BLOCK_CACHE_BYTES,
    s3: {
      endpoint: withoutTrailingSlashes(values.SBNSIS_S3_ENDPOINT),
      region: values.SBNSIS_S3_REGION,
      accessKeyId: values.SBNSIS_S3_ACCESS_KEY_ID,
      secretAccessKey: values.SBNSIS_S3_SECRET_ACCESS_KEY,
      sessionToken: values.SBNSIS_S3_SESSION_TOKEN,
    },
  };
}

function databaseSettings(values: Variables, cwd: string): DatabaseSettings {
  const isSqlite = values.DB_DIALECT.startsWith("sqlite");
  const { DB_SSLROOTCERT: certificates, DB_DATABASE: name } = values;
  return {
    dialect: isSqlite ? "sqlite" : "postgresql",
    host: values.DB_HOST,
    readHost: values.DB_READ_HOST,
    username: isSqlite ? values.DB_USERNAME : percentDecoded("DB_USERNAME", values.DB_USERNAME),
    password: isSqlite ? values.DB_PASSWORD : percentDecoded("DB_PASSWORD", values.DB_PASSWORD),
    name: isSqlite && name !== ":memory:" ? resolve(cwd, name) : name,
    sslMode: values.DB_SSLMODE as DatabaseSettings["sslMode"],
    sslRootCert: ["", "system"].includes(certificates) ? certificates : resolve(cwd, certificates),
    pooler: values.DB_POOLER as DatabaseSettings["pooler"],
  };
}

/**
 * The Python service puts user and password into a URL as they are, and SQLAlchemy decodes them
 * like urllib.parse.unquote: a percent sign with two hexadecimal digits is a byte of UTF-8, any
 * other percent sign is literal. Errors: CONFIG_INVALID.
 */
function percentDecoded(name: string, written: string): string {
  return written.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      throw new SisError(
        "CONFIG_INVALID",
        `${name} contains percent-encoded bytes that are not UTF-8; write a percent sign itself as %25`,
        { details: { variable: name } },
      );
    }
  });
}

/** Errors: CONFIG_INVALID for anything but an address or a network. */
function networks(list: string): readonly string[] {
  const written = parts(list, /[\s,]+/);
  for (const one of written) {
    const [address = "", bits, ...rest] = one.split("/");
    const size = isIP(address) === 6 ? 128 : 32;
    const right = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= size);
    if (isIP(address) !== 0 && right && rest.length === 0) continue;
    throw new SisError(
      "CONFIG_INVALID",
      `TRUSTED_PROXIES contains ${one}, which is neither an address nor a network`,
    );
  }
  return written;
}

function parts(list: string, separator: string | RegExp): readonly string[] {
  return list.split(separator).filter((part) => part !== "");
}

/** The root of the URLs on this machine, without the prefix. */
export function localBase({ host, port }: Pick<HttpSettings, "host" | "port">): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The first part of all links to this service. */
export function publicBase({ service, http }: Settings): string {
  return service.isProduction ? http.publicUrl : `${localBase(http)}${http.prefix}`;
}
