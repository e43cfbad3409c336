import type { Settings } from "../../config/settings.ts";

/** Where the catalogue is, and how it is reached: the DB_* variables. Those of TLS and poolers default as documented. */
export type DatabaseSettings = Pick<
  Settings,
  "DB_DIALECT" | "DB_HOST" | "DB_USERNAME" | "DB_PASSWORD" | "DB_DATABASE"
> &
  Partial<Pick<Settings, "DB_SSLMODE" | "DB_SSLROOTCERT" | "DB_POOLER">>;
