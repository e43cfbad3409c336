import type { DatabaseProblem } from "../engine.ts";

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

/**
 * Whether a replica cancelled a statement because it removed rows that the primary no longer has
 * (PostgreSQL manual, 27.4.2): the statement may be repeated.
 */
export function isReplicaConflict(error: unknown): boolean {
  return /conflict with recovery/.test((error as PostgresError).message ?? "");
}

/** Whether a table or column does not exist (any more): the schema of the database has changed. */
export function isOtherSchema(error: unknown): boolean {
  return /^42(P01|703)$/.test((error as PostgresError).code ?? "");
}

/** Whether another program holds a lock that was not waited for (lock_not_available). */
export function isLocked(error: unknown): boolean {
  return (error as PostgresError).code === "55P03";
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

function reasonOf(error: unknown): string {
  const { code = "", message = "" } = error as PostgresError;
  if (isPoolerRefusal({ message })) return "a connection pooler is in use; set DB_POOLER";
  const known = REASONS.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return known[1];
  if (isAway(error)) return "connection refused";
  if (/timeout/i.test(message)) return "no response in time";
  return "it returned an error";
}

/** Why PostgreSQL cannot be used. */
export function postgresProblem(error: unknown): DatabaseProblem {
  const isRefusal = isPoolerRefusal(error as PostgresError);
  return {
    reason: reasonOf(error),
    isAway: isAway(error),
    hint: isRefusal ? ": set DB_POOLER to session or transaction" : "",
  };
}
