import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { testBytes } from "../../support/archive/test-archive.ts";
import { freePort } from "../../support/cluster/service-under-test.ts";
import { hasProgram } from "../../support/oracles.ts";

const MODULES = ["mpm_event", "authz_core", "mime"];
const SIZES = [65_536, 71_000, 131_072, 200_000];

describe.skipIf(!hasProgram("apache2"))("an Apache archive with KeepAlive Off", () => {
  let folder: string;
  let apache: ChildProcess;
  let url: string;
  let sources: Sources;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sis-apache-"));
    mkdirSync(join(folder, "files"));
    for (const size of SIZES) writeFileSync(join(folder, "files", `${size}.fits`), testBytes(size));
    writeFileSync(join(folder, "files/packed.fits.gz"), testBytes(70_000));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const config = [
      `ServerRoot ${folder}`,
      "ServerName localhost",
      `PidFile ${folder}/apache.pid`,
      `Mutex file:${folder} default`,
      `ErrorLog ${folder}/error.log`,
      `Listen 127.0.0.1:${port}`,
      ...MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      "TypesConfig /dev/null",
      "AddEncoding x-gzip .gz",
      "KeepAlive Off",
      `DocumentRoot ${folder}/files`,
    ];
    writeFileSync(join(folder, "apache.conf"), `${config.join("\n")}\n`);
    apache = spawn("apache2", ["-d", folder, "-f", join(folder, "apache.conf"), "-D", "FOREGROUND"], {
      stdio: "ignore",
    });
    for (let i = 0; (await fetch(`${url}/${SIZES[0]}.fits`).catch(() => undefined)) === undefined; i++) {
      if (i === 100 || apache.exitCode !== null)
        throw new Error(readFileSync(join(folder, "error.log"), "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  beforeEach(() => {
    const settings = loadSettings("/nonexistent", { SBNSIS_REMOTE_RETRIES: "0" });
    sources = new Sources(sourceAccess(settings, "1.2.3"));
  });
  afterEach(() => sources.close());
  afterAll(async () => {
    const ended = new Promise((resolve) => apache.once("exit", resolve));
    apache.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true });
  });

  test.each(SIZES)(
    "a file of %i bytes on Apache with KeepAlive Off is downloaded and read ten times at once",
    async (size) => {
      const wanted = Buffer.from(testBytes(size));
      const location = `${url}/${size}.fits`;
      await Promise.all(
        Array.from({ length: 10 }, async (_, i) => {
          const path = join(folder, `copy-${size}-${i}`);
          await sources.download(location, path);
          expect(readFileSync(path).equals(wanted)).toBe(true);
          const source = await sources.open(location);
          const [read] = await source.read([{ offset: 0, length: size }]);
          expect(wanted.equals(read as Uint8Array)).toBe(true);
        }),
      );
    },
  );

  test("a packed file, which Apache sends with Content-Encoding x-gzip, is downloaded unchanged", async () => {
    const answer = await fetch(`${url}/packed.fits.gz`, { method: "HEAD" });
    expect(answer.headers.get("content-encoding")).toBe("x-gzip");
    await sources.download(`${url}/packed.fits.gz`, join(folder, "packed"));
    expect(readFileSync(join(folder, "packed")).equals(Buffer.from(testBytes(70_000)))).toBe(true);
  });
});
