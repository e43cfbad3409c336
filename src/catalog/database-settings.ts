import type { Settings } from "../config/settings.ts";

/** Where the catalogue is: the DB_* variables. */
export type DatabaseSettings = Pick<
  Settings,
  "DB_DIALECT" | "DB_HOST" | "DB_USERNAME" | "DB_PASSWORD" | "DB_DATABASE"
>;
