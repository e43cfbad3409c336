import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOST_VARIABLE, loadSettings } from "../../src/config/settings.ts";
import { envTemplate } from "../../src/config/settings-pages.ts";
import { SETTING_NAMES } from "../../src/config/settings-schema.ts";
import { sourceAccess } from "../../src/config/source-access.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "sbnsis-settings-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const dotEnv = (text: string) => writeFileSync(join(cwd, ".env"), text);

describe("loadSettings", () => {
  it("loadSettings has the defaults of the Python service when nothing is set, except for its own cache", () => {
    expect(loadSettings(cwd, {})).toMatchObject({
      log: { file: join(cwd, "logging/sbnsis.log") },
      testData: { folder: join(cwd, "data/test") },
      cache: { folder: join(cwd, "cache") },
      products: { maximumCutoutSize: 1024 },
      database: { dialect: "sqlite", host: "", name: join(cwd, "default.db") },
      cluster: { workers: -1 },
      service: { name: "sbnsis-service", isDaemon: true, isProduction: false },
      http: {
        host: "127.0.0.1",
        port: 5000,
        prefix: "",
        publicUrl: "https://sbnsurveys.astro.umd.edu/api",
      },
    });
  });

  it("loadSettings lets .env override the environment, and the environment the defaults", () => {
    dotEnv("API_PORT=6001\n# a comment\nFOREIGN=1\n");
    const settings = loadSettings(cwd, { API_PORT: "6002", MAXIMUM_CUTOUT_SIZE: "300" });
    expect([settings.http.port, settings.products.maximumCutoutSize]).toEqual([6001, 300]);
  });

  it.each([
    ["postgresql+psycopg2", "postgresql"],
    ["postgresql", "postgresql"],
    ["postgres", "postgresql"],
    ["sqlite+pysqlite", "sqlite"],
  ])("loadSettings reads the SQLAlchemy dialect %s as %s", (written, read) => {
    expect(loadSettings(cwd, { DB_DIALECT: written }).database.dialect).toBe(read);
  });

  it("loadSettings keeps the name of a PostgreSQL database unchanged", () => {
    expect(loadSettings(cwd, { DB_DIALECT: "postgresql", DB_DATABASE: "sis" }).database.name).toBe("sis");
  });

  it.each([
    ["/", ""],
    ["api", "/api"],
    ["/api/", "/api"],
    ["//a/b//", "/a/b"],
  ])("loadSettings normalizes BASE_HREF %s to %j", (written, read) => {
    expect(loadSettings(cwd, { BASE_HREF: written }).http.prefix).toBe(read);
  });

  it.each([
    ["p%40ss", "p@ss"],
    ["%C3%A9%2f", "é/"],
    ["100%", "100%"],
    ["50%zz%4", "50%zz%4"],
    ["100%2540", "100%40"],
    ["a+b", "a+b"],
  ])("loadSettings reads DB_PASSWORD=%s of PostgreSQL as %s (SQLAlchemy 2.1 make_url)", (written, read) => {
    const settings = { DB_DIALECT: "postgresql", DB_PASSWORD: written, DB_USERNAME: written };
    expect(loadSettings(cwd, settings).database).toMatchObject({ password: read, username: read });
  });

  it("loadSettings refuses a DB_PASSWORD that does not decode to UTF-8, and does not show it", () => {
    expect(() => loadSettings(cwd, { DB_DIALECT: "postgresql", DB_PASSWORD: "se%FFcret" })).toThrowError(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message:
          "DB_PASSWORD contains percent-encoded bytes that are not UTF-8; write a percent sign itself as %25",
      }),
    );
  });

  it("loadSettings names the line of a .env that cannot be read", () => {
    dotEnv("API_PORT=6001\n==========\n");
    expect(() => loadSettings(cwd, {})).toThrow(/^line 2 of the file \.env cannot be read/);
  });

  it("loadSettings reads a .env with a byte order mark, a heading and a reference to the environment", () => {
    dotEnv(`\ufeff[service]\r\nAPI_PORT=6001\r\nDB_DATABASE=\${DATA}/a.db\t# catalogue\r\n`);
    expect(loadSettings(cwd, { DATA: "/data" })).toMatchObject({
      http: { port: 6001 },
      database: { name: "/data/a.db" },
    });
  });

  it.each(["", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"])(
    "loadSettings accepts DB_SSLMODE=%s",
    (mode) => {
      expect(loadSettings(cwd, { DB_SSLMODE: mode }).database.sslMode).toBe(mode);
    },
  );

  it("loadSettings reads folders and hosts as lists, with folders relative to the working directory", () => {
    const settings = loadSettings(cwd, {
      SBNSIS_DATA_ROOTS: "/data/a:b::",
      SBNSIS_ALLOWED_HOSTS: " Archive.example.org, *.example.net:8443 [::1]:80",
      SBNSIS_S3_ENDPOINT: "http://127.0.0.1:7070//",
    });
    expect(settings.archive).toMatchObject({
      dataRoots: ["/data/a", join(cwd, "b")],
      allowedHosts: ["archive.example.org", "*.example.net:8443", "[::1]:80"],
      s3: { endpoint: "http://127.0.0.1:7070" },
    });
    expect(loadSettings(cwd, {}).archive).toMatchObject({ dataRoots: [], allowedHosts: [] });
  });

  it.each(["DB_PASSWORD", "SBNSIS_S3_SECRET_ACCESS_KEY", "SBNSIS_S3_SESSION_TOKEN"])(
    "loadSettings does not show a malformed %s",
    (name) => {
      expect(() => loadSettings(cwd, { [name]: "se\0cret" })).toThrowError(
        expect.objectContaining({ message: expect.not.stringMatching(/cret/), code: "CONFIG_INVALID" }),
      );
    },
  );

  it.each(["SBNSIS_CACHE", "API_PROT", "DB_PASSWD"])(
    "loadSettings refuses a .env that sets the unknown variable %s",
    (name) => {
      dotEnv(`${name}=1\n`);
      expect(() => loadSettings(cwd, {})).toThrow(
        `the file .env sets ${name}, which is not a setting of this version`,
      );
      rmSync(join(cwd, ".env"));
    },
  );

  it("loadSettings ignores variables of other programs", () => {
    dotEnv("GUNICORN_FLAGS=--preload\nAPI_PORT=5001\n");
    expect(loadSettings(cwd, { API_PROT: "1" }).http.port).toBe(5001);
  });

  it.each(["TRUE", "true", "True"])("loadSettings reads IS_PRODUCTION=%s as true", (written) => {
    expect(loadSettings(cwd, { IS_PRODUCTION: written }).service.isProduction).toBe(true);
  });

  it.each([
    ["API_PORT", "70000", "from 1 to 65535"],
    ["API_PORT", "http", "an integer"],
    ["MAXIMUM_CUTOUT_SIZE", "-1", "from 1"],
    ["DB_DIALECT", "mysql", "postgresql"],
    ["IS_DAEMON", "maybe", "true, false"],
    ["DB_SSLMODE", "on", "disable, allow, prefer, require, verify-ca, verify-full$"],
    ["DB_POOLER", "statement", "none, session, transaction"],
    ["PUBLIC_URL", "ftp://x", "http"],
  ])("loadSettings refuses %s=%s and says what is allowed", (name, value, allowed) => {
    expect(() => loadSettings(cwd, { [name]: value })).toThrowError(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(`^${name} is "${value}"; allowed: .*${allowed}`),
      }),
    );
  });

  it("loadSettings names a variable of .env that is not one of the service's", () => {
    dotEnv("SBNSIS_CACHE_SIZE=5\n");
    expect(() => loadSettings(cwd, {})).toThrowError(/SBNSIS_CACHE_SIZE/);
  });

  it("loadSettings lets variables set by start override an older .env, and start --host override API_HOST", () => {
    dotEnv("IS_PRODUCTION=FALSE\nIS_DAEMON=TRUE\nAPI_HOST=127.0.0.1\n");
    const started = { IS_PRODUCTION: "TRUE", IS_DAEMON: "FALSE", [HOST_VARIABLE]: "0.0.0.0" };
    const { service, http } = loadSettings(cwd, started);
    expect(service).toMatchObject({ isProduction: true, isDaemon: false });
    expect(http.host).toBe("0.0.0.0");
  });

  it.each([["[::1]"], ["::1"]])(
    "loadSettings accepts %s as an address to listen on, as URLs and sockets write it",
    (written) => {
      dotEnv(`API_HOST=${written}\n`);
      expect(loadSettings(cwd, {}).http.host).toBe("::1");
    },
  );

  it("loadSettings reads the .env template as the defaults", () => {
    const defaults = loadSettings(cwd, {});
    dotEnv(envTemplate());
    const settable = SETTING_NAMES.filter((name) => !name.startsWith("IS_"));
    expect(Object.keys(parseEnv(envTemplate())).sort()).toEqual([...settable].sort());
    expect(loadSettings(cwd, { API_PORT: "6002", SBNSIS_LOG_FILE: "/elsewhere" })).toEqual(defaults);
  });
});

it("the service's own files, which no address of an image may lead to, include the databases of images and of jobs", () => {
  const ownFiles = (environment: Record<string, string>) =>
    sourceAccess(loadSettings(cwd, environment), "1").local!.ownFiles;
  for (const name of [".env", "sbnsis.pid"]) expect(ownFiles({})).toContain(resolve(name));
  for (const name of ["default.db", "jobs.db", "logging/sbnsis.log", "cache/sbnsis-products"])
    expect(ownFiles({})).toContain(join(cwd, name));
  const jobs = "postgresql://jobs.example.org/jobs";
  expect(ownFiles({ SBNSIS_JOBS_DATABASE: jobs }).filter((name) => name.includes("jobs"))).toEqual([]);
});
