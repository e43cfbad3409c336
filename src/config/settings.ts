import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { delimiter, join, resolve } from "node:path";
import { SisError } from "../errors/sis-error.ts";
import { type DotEnv, decodeDotEnv, parseDotEnv } from "./dot-env.ts";
import {
  SECRET_SETTINGS,
  SET_BY_START,
  SETTING_NAMES,
  settingSchema,
  type Variables,
} from "./settings-schema.ts";
import { allowedText, shownValue, type TextValue, textReader, withoutTrailingSlashes } from "./text-value.ts";

/**
 * The settings of the service under the names of their variables. Paths are absolute, DB_DIALECT is
 * one of two, BASE_HREF has a leading slash and no trailing one ("" for the root), PUBLIC_URL and
 * SBNSIS_S3_ENDPOINT have no trailing slash. Lists are arrays; an empty one restricts nothing.
 */
export type Settings = Readonly<
  Omit<
    Variables,
    | "DB_DIALECT"
    | "DB_SSLMODE"
    | "DB_POOLER"
    | "SBNSIS_DATA_ROOTS"
    | "SBNSIS_ALLOWED_HOSTS"
    | "SBNSIS_REDIRECT_HOSTS"
    | "TRUSTED_PROXIES"
  >
> & {
  readonly DB_DIALECT: "sqlite" | "postgresql";
  readonly DB_SSLMODE: SslMode | "";
  readonly DB_POOLER: "none" | "session" | "transaction";
  readonly SBNSIS_DATA_ROOTS: readonly string[];
  readonly SBNSIS_ALLOWED_HOSTS: readonly string[];
  readonly SBNSIS_REDIRECT_HOSTS: readonly string[];
  readonly TRUSTED_PROXIES: readonly string[];
};

/** TLS modes of PostgreSQL (its manual, 34.19.3). */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

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
  return normalize(values as Variables, cwd);
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

function normalize(values: Variables, cwd: string): Settings {
  const sqlite = values.DB_DIALECT.startsWith("sqlite");
  const prefix = values.BASE_HREF.split("/").filter((part) => part !== "");
  return {
    ...values,
    DB_DIALECT: sqlite ? "sqlite" : "postgresql",
    DB_USERNAME: sqlite ? values.DB_USERNAME : percentDecoded("DB_USERNAME", values.DB_USERNAME),
    DB_PASSWORD: sqlite ? values.DB_PASSWORD : percentDecoded("DB_PASSWORD", values.DB_PASSWORD),
    DB_SSLMODE: values.DB_SSLMODE as Settings["DB_SSLMODE"],
    DB_SSLROOTCERT:
      values.DB_SSLROOTCERT === "" || values.DB_SSLROOTCERT === "system"
        ? values.DB_SSLROOTCERT
        : resolve(cwd, values.DB_SSLROOTCERT),
    DB_POOLER: values.DB_POOLER as Settings["DB_POOLER"],
    DB_DATABASE:
      sqlite && values.DB_DATABASE !== ":memory:" ? resolve(cwd, values.DB_DATABASE) : values.DB_DATABASE,
    SBNSIS_LOG_FILE: resolve(cwd, values.SBNSIS_LOG_FILE),
    SBNSIS_ACCESS_LOG: values.SBNSIS_ACCESS_LOG === "" ? "" : resolve(cwd, values.SBNSIS_ACCESS_LOG),
    SBNSIS_CUTOUT_CACHE: resolve(cwd, values.SBNSIS_CUTOUT_CACHE),
    SBNSIS_JOBS_DATABASE: values.SBNSIS_JOBS_DATABASE.includes("://")
      ? values.SBNSIS_JOBS_DATABASE
      : resolve(cwd, values.SBNSIS_JOBS_DATABASE),
    TEST_DATA_PATH: resolve(cwd, values.TEST_DATA_PATH),
    SBNSIS_DATA_ROOTS: parts(values.SBNSIS_DATA_ROOTS, delimiter).map((root) => resolve(cwd, root)),
    SBNSIS_ALLOWED_HOSTS: parts(values.SBNSIS_ALLOWED_HOSTS.toLowerCase(), /[\s,]+/),
    SBNSIS_REDIRECT_HOSTS: parts(values.SBNSIS_REDIRECT_HOSTS.toLowerCase(), /[\s,]+/),
    TRUSTED_PROXIES: networks(values.TRUSTED_PROXIES),
    SBNSIS_S3_ENDPOINT: withoutTrailingSlashes(values.SBNSIS_S3_ENDPOINT),
    API_HOST: values.API_HOST.replace(/^\[(.*)\]$/, "$1"),
    BASE_HREF: prefix.map((part) => `/${part}`).join(""),
    SBNSIS_CATCH_URL: withoutTrailingSlashes(values.SBNSIS_CATCH_URL),
    PUBLIC_URL: withoutTrailingSlashes(values.PUBLIC_URL),
  };
}

/**
 * The Python service puts user and password into a URL as they are, and SQLAlchemy decodes them
 * like urllib.parse.unquote: a percent sign with two hexadecimal digits is a byte of UTF-8, any
 * other percent sign stands for itself. Errors: CONFIG_INVALID.
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

/** The first part of all links to this service. */
export function publicBase({ IS_PRODUCTION, PUBLIC_URL, API_HOST, API_PORT, BASE_HREF }: Settings): string {
  if (IS_PRODUCTION) return PUBLIC_URL;
  const host = API_HOST.includes(":") ? `[${API_HOST}]` : API_HOST;
  return `http://${host}:${API_PORT}${BASE_HREF}`;
}
