import type { Settings } from "../../config/settings.ts";

/**
 * Where the catalog is and how to connect to it: the DB_* variables. Those for TLS and poolers have
 * the documented defaults.
 */
export type DatabaseSettings = Pick<
  Settings,
  "DB_DIALECT" | "DB_HOST" | "DB_USERNAME" | "DB_PASSWORD" | "DB_DATABASE"
> &
  Partial<Pick<Settings, "DB_SSLMODE" | "DB_SSLROOTCERT" | "DB_POOLER">>;
