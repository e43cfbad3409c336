import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HttpClient } from "../../../src/archive/http/http-client.ts";
import { openHttpSource } from "../../../src/archive/http/http-source.ts";
import { checkHost } from "../../../src/archive/redirect-policy.ts";
import { type Archive, FAULTS, startArchive, testBytes } from "../../support/archive/test-archive.ts";
import { testClient } from "../../support/archive/test-client.ts";

let front: Archive;
let store: Archive;
let client: HttpClient;

beforeEach(async () => {
  front = await startArchive(testBytes(10));
  store = await startArchive(testBytes(50_000));
  client = testClient({ retries: 0, redirectHosts: [store.host] });
});
afterEach(async () => {
  await client.close();
  await front.close();
  await store.close();
});

const open = (with_ = client) => openHttpSource({ url: new URL(front.url) }, with_, { headBytes: 100 });

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])(
    "a redirect with %i is followed, once for all reads of a source",
    async (status) => {
      front.faults.push(
        FAULTS.redirect("/other/place", status),
        FAULTS.redirect(`${store.url}?key=1`, status),
      );
      const source = await open();
      const [view] = await source.read([{ offset: 40_000, length: 10 }]);
      expect(view).toEqual(store.file.bytes.subarray(40_000, 40_010));
      expect(front.seen.map(({ path }) => path)).toEqual(["/frames/a.fits", "/other/place"]);
      expect(store.seen.map(({ path, headers }) => [path, headers.range])).toEqual([
        ["/frames/a.fits?key=1", "bytes=0-99"],
        ["/frames/a.fits?key=1", "bytes=40000-40009"],
      ]);
    },
  );

  test("redirects are followed again when their target refuses, as signed URLs do once they expire", async () => {
    front.faults.push(FAULTS.redirect(`${store.url}?key=1`), FAULTS.redirect(`${store.url}?key=2`));
    const source = await open();
    store.faults.push(FAULTS.status(403));
    const [view] = await source.read([{ offset: 40_000, length: 10 }]);
    expect(view).toEqual(store.file.bytes.subarray(40_000, 40_010));
    expect(store.seen.at(-1)?.path).toBe("/frames/a.fits?key=2");
  });

  test("up to five redirects are followed, but not six", async () => {
    front.faults.push(...Array.from({ length: 5 }, () => FAULTS.redirect("/on")));
    expect((await open()).identity.size).toBe(10);
    front.faults.push(...Array.from({ length: 6 }, () => FAULTS.redirect("/on")));
    await expect(open()).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
    expect(front.seen).toHaveLength(6 + 6);
  });

  test.each([
    ["file:///etc/passwd", "SOURCE_SCHEME"],
    ["ftp://127.0.0.1/a.fits", "SOURCE_SCHEME"],
    ["http://user:secret@127.0.0.1/a.fits", "SOURCE_NOT_ALLOWED"],
    ["http://[", "SOURCE_UPSTREAM"],
  ])("redirects to %s are %s", async (location, code) => {
    front.faults.push(FAULTS.redirect(location));
    await expect(open()).rejects.toMatchObject({
      code,
      message: expect.not.stringMatching(/secret|passwd/),
    });
  });

  test("redirects to a host that is not allowed are SOURCE_NOT_ALLOWED, and that host gets no request", async () => {
    const confined = testClient({ allowedHosts: [front.host] });
    front.faults.push(FAULTS.redirect(store.url));
    await expect(open(confined)).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
    expect(store.seen).toHaveLength(0);
    expect((await open(confined)).identity.size).toBe(10);
    await confined.close();
  });

  test.each([
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "127.0.0.1.",
  ])(
    "redirects to another port of this machine, spelled %s, are SOURCE_NOT_ALLOWED, and it gets no request",
    async (spelling) => {
      const strict = testClient({ retries: 0 });
      front.faults.push(FAULTS.redirect(`http://${spelling}:${new URL(store.url).port}/a.fits`));
      await expect(open(strict)).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
      expect(store.seen).toHaveLength(0);
      await strict.close();
    },
  );

  test("redirects to a host that the catalog names are followed, with one catalog query per host", async () => {
    const asked: string[] = [];
    const named = new HttpClient({ ...client.options, redirectHosts: [] }, async (host) => {
      asked.push(host);
      return host === store.host;
    });
    for (let i = 0; i < 2; i++) {
      front.faults.push(FAULTS.redirect(store.url));
      expect((await open(named)).identity.size).toBe(50_000);
    }
    expect(asked).toEqual([store.host]);
    await named.close();
  });

  test("redirects to a host are followed if the catalog named another file there before", async () => {
    const strict = testClient({ retries: 0 });
    await openHttpSource({ url: new URL(store.url) }, strict);
    front.faults.push(FAULTS.redirect(store.url));
    expect((await open(strict)).identity.size).toBe(50_000);
    await strict.close();
  });

  test("signed requests are not redirected", async () => {
    front.faults.push(FAULTS.redirect(store.url));
    const target = {
      url: new URL(front.url),
      sign: async (_url: URL, fields: object) => ({ ...fields, authorization: "x" }),
    };
    await expect(openHttpSource(target, client)).rejects.toMatchObject({ code: "SOURCE_UPSTREAM" });
    expect(store.seen).toHaveLength(0);
  });
});

describe("allowed hosts", () => {
  test.each([
    ["https://archive.example.org/a", "archive.example.org"],
    ["https://archive.example.org:8443/a", "archive.example.org"],
    ["https://ARCHIVE.example.org./a", "archive.example.org"],
    ["https://archive.example.org/a", "archive.example.org:443"],
    ["http://archive.example.org/a", "archive.example.org:80"],
    ["http://a.b.example.org/a", "*.example.org"],
    ["http://a.example.org:81/a", "*.example.org:81"],
    ["http://[::1]:8080/a", "[::1]:8080"],
    ["http://[::1]:8080/a", "[::1]"],
  ])("the host of %s is allowed by %s", (url, entry) => {
    expect(() => checkHost(new URL(url), ["other.example.net", entry])).not.toThrow();
  });

  test.each([
    ["https://archive.example.org/a", "example.org"],
    ["https://archive.example.org.evil.example/a", "archive.example.org"],
    ["https://evilexample.org/a", "*.example.org"],
    ["https://example.org/a", "*.example.org"],
    ["https://archive.example.org:8443/a", "archive.example.org:443"],
    ["http://archive.example.org/a", "archive.example.org:443"],
    ["http://127.0.0.1/a", "localhost"],
    ["http://2130706433/a", "localhost"],
    ["https://archive.example.org@evil.example/a", "archive.example.org"],
  ])("the host of %s is not allowed by %s", (url, entry) => {
    expect(() => checkHost(new URL(url), [entry])).toThrow(
      expect.objectContaining({ code: "SOURCE_NOT_ALLOWED" }),
    );
  });
});
