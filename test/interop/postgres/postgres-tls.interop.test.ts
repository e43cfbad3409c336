import { execFileSync } from "node:child_process";
import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/catalog/open-catalog.ts";
import type { DatabaseSettings } from "../../../src/config/settings-groups.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();

describe.skipIf(programs === undefined)(
  "PostgreSQL with certificates (.ci/install-tools installs it)",
  () => {
    let server: PostgresServer;
    const certificates: Record<string, string> = {};
    beforeAll(async () => {
      server = await PostgresServer.create(programs!);
      const data = join(server.folder, "data");
      const key = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "30",
      ];
      for (const [file, subject, names] of [
        ["server", "/CN=localhost", "DNS:localhost"],
        ["other", "/CN=other", "DNS:other"],
      ] as const) {
        execFileSync(
          "openssl",
          [
            ...key,
            "-subj",
            subject,
            "-addext",
            `subjectAltName=${names}`,
            "-keyout",
            join(data, `${file}.key`),
            "-out",
            join(data, `${file}.crt`),
          ],
          { stdio: "pipe" },
        );
        certificates[file] = join(data, `${file}.crt`);
        if (process.getuid?.() === 0) {
          const id = Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" }));
          for (const end of ["key", "crt"]) chownSync(join(data, `${file}.${end}`), id, id);
        }
      }
      await server.execute("postgres", "CREATE DATABASE sky");
      await server.execute("sky", "CREATE TABLE image (id integer)");
    });
    afterAll(async () => await server.destroy());

    /** How the one connection of a search is encrypted: true, false, or the error's message. */
    async function encrypted(parts: Partial<DatabaseSettings>): Promise<boolean | string> {
      const host = `${parts.host ?? "127.0.0.1"}:${server.port}`;
      try {
        const catalog = await openCatalog({ ...server.settings("sky"), ...parts, host });
        const rows = await server.execute(
          "sky",
          "SELECT bool_or(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'sbnsis'",
        );
        await catalog.close();
        return rows[0]?.ssl === true;
      } catch (error) {
        return (error as Error).message;
      }
    }

    async function configure(ssl: "on" | "off", access: string): Promise<void> {
      const data = join(server.folder, "data");
      writeFileSync(
        join(data, "pg_hba.conf"),
        `local all all trust\n${access} all all 127.0.0.1/32 scram-sha-256\n`,
      );
      await server.execute("postgres", `ALTER SYSTEM SET ssl = ${ssl}`);
      await server.execute("postgres", "SELECT pg_reload_conf()");
      await expect
        .poll(async () => (await server.execute("postgres", "SHOW ssl"))[0]?.ssl, { timeout: 10_000 })
        .toBe(ssl);
    }

    // libpq's manual, table 34.1 and 34.19.3
    it("each DB_SSLMODE has the meaning that libpq gives it (pg_stat_ssl)", async () => {
      const root = { sslRootCert: certificates.server! };
      const wrong = { sslRootCert: certificates.other! };
      await configure("off", "host");
      expect(await encrypted({})).toBe(false);
      expect(await encrypted({ sslMode: "allow" })).toBe(false);
      expect(await encrypted({ sslMode: "require" })).toMatch(/does not support SSL/);
      await configure("on", "host");
      expect(await encrypted({})).toBe(true);
      expect(await encrypted({ sslMode: "disable" })).toBe(false);
      expect(await encrypted({ sslMode: "allow" })).toBe(false);
      expect(await encrypted({ sslMode: "require" })).toBe(true);
      expect(await encrypted({ sslMode: "verify-ca", ...root })).toBe(true);
      expect(await encrypted({ sslMode: "verify-ca", ...wrong })).toMatch(/self-signed certificate/);
      expect(await encrypted({ sslMode: "verify-full", ...root })).toMatch(/does not match|not in the cert/);
      expect(await encrypted({ sslMode: "verify-full", host: "localhost", ...root })).toBe(true);
      expect(await encrypted({ sslMode: "verify-full", sslRootCert: "/nonexistent.crt" })).toMatch(
        /^the certificates in DB_SSLROOTCERT cannot be read: ENOENT/,
      );
      await configure("on", "hostssl");
      expect(await encrypted({ sslMode: "allow" })).toBe(true);
      expect(await encrypted({ sslMode: "disable" })).toMatch(/no encryption/);
      await configure("on", "hostnossl");
      expect(await encrypted({})).toBe(false);
      expect(await encrypted({ sslMode: "require" })).toMatch(/SSL encryption/);
    });
  },
);
