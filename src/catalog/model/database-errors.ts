import { SisError } from "../../errors/sis-error.ts";

interface PostgresError {
  readonly code?: string;
  readonly message?: string;
}

/** Network errors (errno names) of a server, or of its socket, that is currently unavailable. */
const NETWORK = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/;
/** SQLSTATE: connection exceptions, shutdown, crash, startup (PostgreSQL manual, appendix A). */
const CONNECTION = /^(08...|57P0[123])$/;
/** pg's messages about a connection that has ended. */
const BROKEN = /^Connection terminated|not queryable$/;

/** Whether PgBouncer refused a setting sent with the connection (only the text shows it). */
function isPoolerRefusal({ message = "" }: PostgresError): boolean {
  return /unsupported startup parameter/.test(message);
}

/**
 * Whether the connection was lost, or the server is shutting down or starting up: another attempt
 * may succeed.
 */
export function isAway(error: unknown): boolean {
  const { code = "", message = "" } = error as PostgresError;
  if (isPoolerRefusal({ message })) return false;
  return NETWORK.test(code) || CONNECTION.test(code) || BROKEN.test(message);
}

/** Whether a connection cannot be used any more: it was lost, or its statement never ended. */
export function isUnusable(error: unknown): boolean {
  return isAway(error) || (error as PostgresError).message === "Query read timeout";
}

/** Whether a table or column does not exist (any more): the schema of the database has changed. */
export function isOtherSchema(error: unknown): boolean {
  return /^42(P01|703)$/.test((error as PostgresError).code ?? "");
}

const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(28...)$/, "user, password or TLS mode refused"],
  [/^3D000$/, "there is no database with this name"],
  [/^53300$/, "no free connections"],
  [/^57P03$/, "it is starting up or shutting down"],
  [/^(57014|55P03)$/, "statement timeout"],
  [/^42501$/, "this user has no permission to read the tables"],
  [/^ENOTFOUND$/, "unknown host"],
];

/** Why a database cannot be used, in words that contain no host, path or user. */
function reasonOf(error: unknown): string {
  const { code = "", message = "", errstr } = error as PostgresError & { readonly errstr?: string };
  // SQLite's own texts for its codes
  if (errstr !== undefined) return errstr;
  if (isPoolerRefusal({ message })) return "a connection pooler is in use; set DB_POOLER";
  const known = REASONS.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return known[1];
  if (isAway(error)) return "connection refused";
  if (/timeout/i.test(message)) return "no response in time";
  return "it returned an error";
}

/**
 * The error of a database that cannot be used. In its `details`, `reason` contains no path, and
 * `away` says that it may come back.
 */
function databaseError(error: unknown): SisError<"CATALOG_UNAVAILABLE"> {
  const message = error instanceof Error ? error.message || String(error.name) : String(error);
  const hint = isPoolerRefusal({ message }) ? ": set DB_POOLER to session or transaction" : "";
  return new SisError("CATALOG_UNAVAILABLE", `the database cannot be used: ${message}${hint}`, {
    details: { reason: reasonOf(error), away: isAway(error) },
    cause: error,
  });
}

/** Awaits a database operation. Errors: CATALOG_UNAVAILABLE in place of the driver's own. */
export async function available<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw error instanceof SisError ? error : databaseError(error);
  }
}
