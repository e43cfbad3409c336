import type { DatabaseSettings } from "../../schema/database-settings.ts";

/** What a connection is for: serving and inspecting only read. */
export type Purpose = "serve" | "inspect" | "write";

/** How long a statement may take, milliseconds: while clients wait, and while tables are harvested, changed or verified. */
const SERVE_TIMEOUT_MS = 10_000;
const LONG_TIMEOUT_MS = 3_600_000;
/** How long a writer waits for a lock. */
const LOCK_TIMEOUT_MS = 60_000;

/** Milliseconds that a statement may take. */
export function statementTimeout(purpose: Purpose): number {
  return purpose === "serve" ? SERVE_TIMEOUT_MS : LONG_TIMEOUT_MS;
}

/** The settings that a session or transaction of this purpose works with. */
function sessionSettings(purpose: Purpose): readonly (readonly [name: string, value: string | number])[] {
  return [
    // prepared statements are planned for their values: one plan for all would be a hundred times slower for rare ones, and one
    // that was made for a small table is a bad one once a harvest has filled it
    ["plan_cache_mode", "force_custom_plan"],
    ["statement_timeout", statementTimeout(purpose)],
    ["lock_timeout", LOCK_TIMEOUT_MS],
    // commits are as safe as the server makes them: one that is lost after it was reported would be missed by a harvest that goes on
    ...(purpose === "write" ? [] : [["default_transaction_read_only", "on"] as const]),
  ];
}

/** How the settings of a session reach the server, and whether statements can be prepared. */
export interface SessionPlan {
  /** The startup parameter `options`. */
  readonly options?: string;
  /** Statements sent once a connection is there. */
  readonly onConnect?: string;
  /** Statements that follow each BEGIN. */
  readonly onBegin?: string;
  readonly prepares: boolean;
}

/**
 * Directly they come with the connection. PgBouncer refuses that: in session pooling they are set once the connection is there, and in
 * transaction pooling, where a connection is another one for each transaction, at the beginning of each; single statements have
 * those of the role (ALTER ROLE), and none is prepared.
 */
export function sessionPlan(
  pooler: DatabaseSettings["DB_POOLER"] | undefined,
  purpose: Purpose,
): SessionPlan {
  const settings = sessionSettings(purpose);
  switch (pooler) {
    case "session":
      return {
        onConnect: settings.map(([name, value]) => `SET ${name} = ${value}`).join("; "),
        prepares: true,
      };
    case "transaction":
      return {
        onBegin: settings.map(([name, value]) => `SET LOCAL ${name} = ${value}`).join("; "),
        prepares: false,
      };
    default:
      return { options: settings.map(([name, value]) => `-c ${name}=${value}`).join(" "), prepares: true };
  }
}
