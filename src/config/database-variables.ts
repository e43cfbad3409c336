import { text } from "./text-value.ts";

/** Variables of the catalog's database. */
export const databaseVariables = {
  DB_DIALECT: text("Type of the database: sqlite or postgresql.", "sqlite", {
    pattern: "^(sqlite|postgres(ql)?)(\\+[a-z0-9_]+)?$",
    "x-allowed": "sqlite, postgresql (also as SQLAlchemy writes it: postgresql+psycopg2)",
  }),
  DB_HOST: text("Database host (PostgreSQL only). Empty: UNIX socket.", ""),
  DB_USERNAME: text(
    "Database user (PostgreSQL only), percent-encoded like DB_PASSWORD. The service only reads, so a read-only user is enough.",
    "",
  ),
  DB_PASSWORD: text(
    "Password of the database user, percent-encoded as in a URL: %40 means @, and a percent sign followed by two hexadecimal digits must be written as %25.",
    "",
  ),
  DB_DATABASE: text("Database file (sqlite) or database name (postgresql).", "./default.db"),
  DB_SSLMODE: text(
    "TLS for the connection to PostgreSQL, like sslmode in libpq. Empty: PGSSLMODE if set, otherwise prefer.",
    "",
    { enum: ["", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"] },
  ),
  DB_SSLROOTCERT: text(
    "File with the root certificates for verifying PostgreSQL's certificate, or system for those that Node.js trusts. Empty: PGSSLROOTCERT if set, otherwise ~/.postgresql/root.crt.",
    "",
  ),
  DB_POOLER: text(
    "Pooling mode of PgBouncer (or another pooler) in front of PostgreSQL: none (no pooler), session or transaction.",
    "none",
    { enum: ["none", "session", "transaction"] },
  ),
  DB_READ_HOST: text(
    "Host of a read replica of PostgreSQL that requests are served from; same form as DB_HOST. While the replica is down, DB_HOST is used. Harvests and migrations always use DB_HOST. Empty: none.",
    "",
  ),
};
