import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { testBytes } from "../../support/archive/test-archive.ts";
import {
  builtProgram,
  freePort,
  type OracleServer,
  startServer,
} from "../../support/servers/oracle-server.ts";

const program = builtProgram("versitygw");
const keys = { accessKeyId: "interop-key", secretAccessKey: "interop/secret+key" };
const SIZE = 3_000_000;

describe.skipIf(program === undefined)("versitygw, an S3 server", () => {
  let folder: string;
  let endpoint: string;
  let server: OracleServer;
  let sources: Sources;
  const put = async (key: string, body: Uint8Array<ArrayBuffer>) => {
    const client = new AwsClient({ ...keys, service: "s3", region: "us-east-1", retries: 0 });
    const path = key.split("/").map(encodeURIComponent).join("/");
    const answer = await client.fetch(`${endpoint}/frames/${path}`, { method: "PUT", body });
    expect(answer.status).toBe(200);
  };
  const start = (env: Record<string, string> = {}) => {
    const settings = loadSettings("/nonexistent", {
      SBNSIS_S3_ENDPOINT: endpoint,
      SBNSIS_S3_ACCESS_KEY_ID: keys.accessKeyId,
      SBNSIS_S3_SECRET_ACCESS_KEY: keys.secretAccessKey,
      SBNSIS_REMOTE_RETRIES: "0",
      ...env,
    });
    sources = new Sources(sourceAccess(settings, "1.2.3"));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sis-s3-"));
    for (const name of ["store", "store/frames", "sidecar"]) mkdirSync(join(folder, name));
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    const args = ["--port", `127.0.0.1:${port}`, "--quiet", "--keep-alive", "posix", "--sidecar"];
    const env = { ROOT_ACCESS_KEY_ID: keys.accessKeyId, ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey };
    server = await startServer(
      program as string,
      [...args, join(folder, "sidecar"), join(folder, "store")],
      port,
      env,
    );
  });
  beforeEach(() => start());
  afterEach(() => sources.close());
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  test.each(["2021/a.fits", "x y+z/(1)*!'~ 41% é&=.fits"])(
    "ranges of the object %s on versitygw are read",
    async (key) => {
      const bytes = new Uint8Array(testBytes(SIZE));
      await put(key, bytes);
      const source = await sources.open(`s3://frames/${key}`);
      expect(source.identity).toMatchObject({ size: SIZE, etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
      const ranges = [
        { offset: SIZE - 100, length: 100 },
        { offset: 0, length: 10 },
        { offset: 1_000_000, length: 200_000 },
      ];
      const views = await source.read(ranges);
      for (const [i, { offset, length }] of ranges.entries()) {
        expect(Buffer.from(bytes.buffer, offset, length).equals(views[i] as Uint8Array)).toBe(true);
      }
      expect(sources.traffic.requests).toBe(3);
      expect(sources.traffic.bytes).toBeLessThan(131_072 + 200_000 + 2 * 16_384 + 16_384);
    },
  );

  test("a whole object on versitygw is fetched", async () => {
    const bytes = new Uint8Array(testBytes(SIZE, "whole"));
    await put("whole.fits", bytes);
    const path = join(folder, "fetched.fits");
    const file = await sources.download("s3://frames/whole.fits", path);
    expect(file).toMatchObject({ path, size: SIZE, origin: { size: SIZE } });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("an object that is replaced on versitygw is noticed", async () => {
    await put("changing.fits", new Uint8Array(testBytes(SIZE, "one")));
    const source = await sources.open("s3://frames/changing.fits");
    await put("changing.fits", new Uint8Array(testBytes(SIZE, "two")));
    await expect(source.read([{ offset: 2_000_000, length: 10 }])).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
  });

  test.each([
    ["an object that is not there", "s3://frames/none.fits", {}, "SOURCE_MISSING"],
    ["a bucket that is not there", "s3://nowhere/a.fits", {}, "SOURCE_UPSTREAM"],
    ["a wrong secret", "s3://frames/none.fits", { SBNSIS_S3_SECRET_ACCESS_KEY: "wrong" }, "SOURCE_UPSTREAM"],
    ["a wrong region", "s3://frames/none.fits", { SBNSIS_S3_REGION: "eu-west-1" }, "SOURCE_UPSTREAM"],
    ["no keys", "s3://frames/none.fits", { SBNSIS_S3_ACCESS_KEY_ID: "" }, "SOURCE_UPSTREAM"],
  ])("a fault of versitygw has a code: %s", async (_title, location, env, code) => {
    start(env);
    const error = await sources.open(location).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([(error as Error).message, error])).not.toMatch(/interop|Signature=/);
  });
});
