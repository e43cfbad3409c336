import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { s3Target } from "../../src/archive/remote/s3-target.ts";
import { Sources } from "../../src/archive/sources.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { sourceAccess } from "../../src/config/source-access.ts";
import { wholeFileKey } from "../../src/products/request/product-key.ts";
import { expectedSignature, sentSignature } from "../support/archive/signature.ts";
import { type Archive, FAULTS, startArchive, testBytes } from "../support/archive/test-archive.ts";

const credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

describe("s3Target", () => {
  test.each([
    ["s3://bucket/a.fits", "https://s3.eu-west-1.amazonaws.com/bucket/a.fits"],
    [
      "S3://bucket/x/a b+c%20#?é.fits",
      "https://s3.eu-west-1.amazonaws.com/bucket/x/a%20b%2Bc%2520%23%3F%C3%A9.fits",
    ],
    ["s3://b.c-d/(1)*!'/~a_b", "https://s3.eu-west-1.amazonaws.com/b.c-d/%281%29%2A%21%27/~a_b"],
    ["s3://bucket//a//b/", "https://s3.eu-west-1.amazonaws.com/bucket//a//b/"],
  ])("the object %s is requested from %s", (location, url) => {
    expect(s3Target(location, { region: "eu-west-1" }).url.href).toBe(url);
  });

  test.each([
    "s3://bucket",
    "s3://bucket/",
    "s3:///key",
    "s3://a@b/key",
    "s3://b/../c",
    "s3://b/a/./c",
    "s3://../c",
    "s3://b/\ud800",
  ])("the location %s is SOURCE_SCHEME, because no URL can express it", (location) => {
    expect(() => s3Target(location, { region: "eu-west-1" })).toThrow(
      expect.objectContaining({ code: "SOURCE_SCHEME" }),
    );
  });
});

test("the test's own implementation of the S3 signature matches Amazon's published GET Object example", () => {
  const request = {
    method: "GET",
    path: "/test.txt",
    headers: {
      host: "examplebucket.s3.amazonaws.com",
      range: "bytes=0-9",
      "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-amz-date": "20130524T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
  };
  expect(expectedSignature(request, credentials.secretAccessKey)).toBe(sentSignature(request));
});

describe("an S3 store on loopback", () => {
  let store: Archive;
  let sources: Sources;
  const start = (more: Record<string, string>) => {
    const settings = loadSettings("/nonexistent", {
      SBNSIS_S3_ENDPOINT: `http://${store.host}/store`,
      SBNSIS_S3_REGION: "eu-west-1",
      ...more,
    });
    sources = new Sources(sourceAccess(settings, "1.2.3"));
  };
  const signed = {
    SBNSIS_S3_ACCESS_KEY_ID: credentials.accessKeyId,
    SBNSIS_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  beforeEach(async () => {
    store = await startArchive(testBytes(200_000));
  });
  afterEach(async () => {
    await sources.close();
    await store.close();
  });

  test.each([
    ["plain key", "frames/2021/a.fits", {}],
    ["key with every kind of character", "x y+z/(1)*!'~%41#?é&=.fits", {}],
    ["temporary key", "a.fits", { SBNSIS_S3_SESSION_TOKEN: "token/with+signs==" }],
  ])(
    "an S3 store accepts every request for a %s (signature computed independently)",
    async (_title, key, more) => {
      start({ ...signed, ...more });
      store.faults.push(FAULTS.status(500));
      const source = await sources.open(`s3://bucket/${key}`);
      const [view] = await source.read([{ offset: 150_000, length: 100 }]);
      expect(view).toEqual(store.file.bytes.subarray(150_000, 150_100));
      expect(store.seen).toHaveLength(3);
      for (const { path, headers } of store.seen) {
        expect(path).toMatch(/^\/store\/bucket\//);
        expect(decodeURIComponent(path)).toBe(`/store/bucket/${key}`);
        expect(headers.authorization).toContain("/eu-west-1/s3/aws4_request");
        expect(sentSignature({ headers })).toBe(
          expectedSignature({ method: "GET", path, headers }, credentials.secretAccessKey),
        );
        expect(headers["user-agent"]).toBe("SBN Survey Image Service 1.2.3");
      }
    },
  );

  test("an S3 store gets unsigned requests when there are no keys", async () => {
    start({});
    await sources.open("s3://bucket/a.fits");
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
  });

  test("an object of an S3 store that is replaced within one second by one of the same size is noticed by its tag (RFC 9110, 8.8.3), by reads and resumed downloads", async () => {
    start(signed);
    const source = await sources.open("s3://bucket/a.fits");
    const first = store.file;
    const second = { ...first, bytes: testBytes(200_000, "b"), etag: '"two"' };
    store.file = second;
    await expect(source.read([{ offset: 150_000, length: 100 }])).rejects.toMatchObject({
      code: "SOURCE_CHANGED",
    });
    const [one, two] = [source.identity, (await sources.open("s3://bucket/a.fits")).identity].map(
      (identity) => wholeFileKey({ location: "s3://bucket/a.fits", identity }),
    );
    expect(one).not.toBe(two);
    const folder = mkdtempSync(join(tmpdir(), "sis-s3-"));
    try {
      store.file = first;
      store.faults.push((request, response) => {
        FAULTS.onlyPart(store, 20_000)(request, response);
        store.file = second;
      });
      await sources.download("s3://bucket/a.fits", join(folder, "copy"));
      expect(Buffer.compare(readFileSync(join(folder, "copy")), second.bytes)).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("an S3 store that is not among the allowed hosts gets no request", async () => {
    start({ ...signed, SBNSIS_ALLOWED_HOSTS: "s3.example.org" });
    await expect(sources.open("s3://bucket/a.fits")).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
    expect(store.seen).toHaveLength(0);
  });

  test("an S3 store that refuses the keys is SOURCE_UPSTREAM, and the error contains none of them", async () => {
    start(signed);
    const answer = "<Error><Code>SignatureDoesNotMatch</Code><Key>AKIAIOSFODNN7EXAMPLE</Key></Error>";
    store.faults.push(FAULTS.status(403, {}, answer));
    const error = await sources.open("s3://bucket/a.fits").catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({
      code: "SOURCE_UPSTREAM",
      message: `${store.host} returned 403 SignatureDoesNotMatch`,
    });
    expect(JSON.stringify(error)).not.toMatch(/AKIA|wJalr|Signature=/);
  });
});
