import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import type { DatabaseSettings, SslMode } from "../../../config/settings-groups.ts";
import { SisError } from "../../../errors/sis-error.ts";
import type { ServerAddress } from "./postgres-session.ts";

/** How to connect: with these TLS options, or unencrypted. */
export type Encryption = ConnectionOptions | false;

const MODES: readonly SslMode[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** DB_SSLMODE, otherwise PGSSLMODE, otherwise `prefer`. Errors: CONFIG_INVALID. */
function sslMode(written: SslMode | "" | undefined, environment: NodeJS.ProcessEnv): SslMode {
  if (written !== undefined && written !== "") return written;
  const mode = environment.PGSSLMODE ?? "";
  if (mode === "") return "prefer";
  if (MODES.includes(mode as SslMode)) return mode as SslMode;
  throw new SisError("CONFIG_INVALID", `PGSSLMODE is ${mode}; allowed: ${MODES.join(", ")}`);
}

/**
 * Certificates of trusted authorities; undefined if no file is configured and libpq's default file
 * does not exist.
 */
function rootCertificates(
  written: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | "system" | undefined {
  const named = written || environment.PGSSLROOTCERT || "";
  if (named === "system") return named;
  const path = named || join(homedir(), ".postgresql", "root.crt");
  if (named === "" && !existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SisError(
      "CONFIG_INVALID",
      `the certificates in DB_SSLROOTCERT cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/**
 * The ways of connecting to try, in order (PostgreSQL manual, 34.1.2 sslmode and 34.19). Like
 * libpq, never encrypts a UNIX socket, lets `require` verify the chain if there are root
 * certificates, and requires them for `verify-*`.
 * Errors: CONFIG_INVALID for certificates that are missing or cannot be read.
 */
export function encryptions(
  settings: Pick<DatabaseSettings, "sslMode" | "sslRootCert">,
  address: ServerAddress,
  environment: NodeJS.ProcessEnv = process.env,
): readonly Encryption[] {
  const mode = sslMode(settings.sslMode, environment);
  if (address.host.startsWith("/") || mode === "disable") return [false];
  const unverified: Encryption = { rejectUnauthorized: false };
  if (mode === "allow") return [false, unverified];
  if (mode === "prefer") return [unverified, false];
  const roots = rootCertificates(settings.sslRootCert, environment);
  if (mode === "require" && roots === undefined) return [unverified];
  if (roots === undefined) {
    throw new SisError(
      "CONFIG_INVALID",
      `DB_SSLMODE=${mode} needs certificates to verify with: set DB_SSLROOTCERT to a file, or to system`,
    );
  }
  const verified = roots === "system" ? {} : { ca: roots };
  // as in libpq: the system's authorities certify anyone, so the name must match
  if (mode === "verify-full" || roots === "system") return [verified];
  return [{ ...verified, checkServerIdentity: () => undefined }];
}

/**
 * Whether the other way of connecting may succeed: the server lacks TLS, or its pg_hba.conf
 * requires the other one.
 */
export function isEncryptionRefused(error: unknown): boolean {
  const { code = "", message = "" } = error as { readonly code?: string; readonly message?: string };
  return (
    code === "28000" ||
    /does not support SSL|establishing an SSL connection/.test(message) ||
    /^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)
  );
}
