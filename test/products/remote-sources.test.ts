import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import { planSection } from "../../packages/fits/src/read/section-plan.ts";
import { openFileSource } from "../../src/archive/file-source.ts";
import { type Archive, FAULTS, startArchive } from "../support/archive/test-archive.ts";
import { FRAME_SIDE, framePixel, writeAtlasFrame } from "../support/inputs/atlas-frame.ts";
import {
  cutoutUrl,
  imageAt,
  lid,
  type ProductApp,
  productApp,
  smallFrame,
  tanCards,
} from "../support/products/product-app.ts";

let folder: string;
let archive: Archive;
let service: ProductApp;

/** Settings that make faults short. */
const quick = () => ({
  SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
  SBNSIS_REMOTE_IDLE_TIMEOUT_MS: "1000",
  SBNSIS_REMOTE_DEADLINE_MS: "2500",
  SBNSIS_DOWNLOAD_DEADLINE_MS: "2500",
  SBNSIS_REMOTE_RETRIES: "1",
  SBNSIS_REMOTE_REVALIDATE_MS: "0",
});

/** Settings with which transient faults are overcome. */
const patient = {
  SBNSIS_REMOTE_DEADLINE_MS: "20000",
  SBNSIS_DOWNLOAD_DEADLINE_MS: "20000",
  SBNSIS_REMOTE_RETRIES: "4",
};

async function start(env: Record<string, string> = {}, url = archive.url): Promise<void> {
  service = await productApp([imageAt("a", url, archive.url.replace(".fits", ".xml"))], {
    ...quick(),
    ...env,
  });
}

const get = (url: string, headers: Record<string, string> = {}) => service.app.inject({ url, headers });
const asked = () => archive.seen.map(({ headers }) => headers.range ?? "all");
const parts = () => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".part"));
/** Big-endian int16 pixels of a cutout, which has one block of header. */
const pixelsOf = (fits: Buffer, count: number) =>
  Array.from({ length: count }, (_, i) =>
    fits.readInt16BE(fits.indexOf("END ".padEnd(80)) + 80 + headerRest(fits) + 2 * i),
  );
const headerRest = (fits: Buffer) => (2880 - ((fits.indexOf("END ".padEnd(80)) + 80) % 2880)) % 2880;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-remote-"));
  archive = await startArchive(smallFrame());
});
afterEach(async () => {
  await service.close();
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("cutouts of frames on an archive", () => {
  test("a cutout of a frame on an archive has the bytes of the same frame as a local file, except for the file date", async () => {
    await start();
    const remote = await get(cutoutUrl("a"));
    expect(remote.statusCode).toBe(200);
    await service.close();
    writeFileSync(join(folder, "a.fits"), smallFrame());
    await start({}, pathToFileURL(join(folder, "a.fits")).href);
    const local = await get(cutoutUrl("a"));
    expect(pixelsOf(remote.rawPayload, 441)).toEqual(pixelsOf(local.rawPayload, 441));
    expect(remote.headers["content-disposition"]).toBe(local.headers["content-disposition"]);
    expect(remote.rawPayload.length).toBe(local.rawPayload.length);
  });

  test("a cutout of a frame on an archive comes from the cache without a request while the frame's description is valid", async () => {
    await start({ SBNSIS_REMOTE_REVALIDATE_MS: "3600000" });
    const first = await get(cutoutUrl("a"));
    const requests = archive.seen.length;
    const second = await get(cutoutUrl("a"));
    expect([second.statusCode, second.headers.etag]).toEqual([200, first.headers.etag]);
    expect(archive.seen.length).toBe(requests);
    expect(service.records.map(({ origin }) => origin).filter(Boolean)).toEqual(["made", "cache"]);
  });

  test("a cutout of a frame replaced on the archive is new, and never a mixture", async () => {
    await start();
    const first = await get(cutoutUrl("a"));
    archive.file = { bytes: smallFrame(7), etag: '"two"', lastModified: "Wed, 18 Feb 2026 14:10:16 GMT" };
    const second = await get(cutoutUrl("a"));
    expect(second.headers.etag).not.toBe(first.headers.etag);
    expect(pixelsOf(second.rawPayload, 441)).toEqual(
      pixelsOf(first.rawPayload, 441).map((value) => value + 7),
    );
  });

  test("a cutout is made from the new state when the frame is replaced between describing and reading it", async () => {
    await start({ SBNSIS_REMOTE_REVALIDATE_MS: "3600000" });
    await get(cutoutUrl("a"));
    archive.file = { bytes: smallFrame(7), etag: '"two"' };
    const answer = await get(cutoutUrl("a", 31));
    expect(answer.statusCode).toBe(200);
    expect(pixelsOf(answer.rawPayload, 1)).toEqual([((135 * 400 + 185) % 30_000) + 7]);
  });

  test("a first cutout of a full-size frame like ATLAS's takes at most 3 requests and 1.2 times the bytes of the tiles it touches", async () => {
    const path = join(folder, "atlas.fits.fz");
    await writeAtlasFrame(path, tanCards(5281, 5281));
    archive.file = { bytes: readFileSync(path), etag: '"atlas"' };
    const local = openFileSource(path);
    const { hdus } = await openFits(local);
    const image = (await describeImage(local, hdus[1]!))!;
    const plan = planSection(image, { start: [5200, 5200], shape: [161, 161] });
    local.close();
    await start();
    const answer = await get(cutoutUrl("a", 161));
    expect(answer.statusCode).toBe(200);
    const y = (FRAME_SIDE - 160) / 2;
    expect(pixelsOf(answer.rawPayload, 161)).toEqual(
      Array.from({ length: 161 }, (_, i) => framePixel(y + i, y)),
    );
    const bytes = asked()
      .map((range) => /(\d+)-(\d+)/.exec(range)!)
      .reduce((sum, [, first, last]) => sum + Number(last) - Number(first) + 1, 0);
    const tiles = plan.ranges.reduce((sum, { length }) => sum + length, 0);
    expect(asked().length).toBeLessThanOrEqual(3);
    expect(bytes).toBeLessThanOrEqual(1.2 * tiles);
  });

  test("a cutout of a compressed frame on an archive is made from a copy, downloaded once", async () => {
    archive.file = { bytes: gzipSync(smallFrame()), etag: '"gz"' };
    await start({}, archive.url.replace(".fits", ".fits.gz"));
    const answer = await get(cutoutUrl("a"));
    expect(answer.statusCode).toBe(200);
    expect(pixelsOf(answer.rawPayload, 1)).toEqual([(140 * 400 + 190) % 30_000]);
    await get(cutoutUrl("a", 31));
    expect(asked()).toEqual(["bytes=0-0", "all", "bytes=0-0"]);
  });

  test("the header of a frame on an archive is read by ranges, without the rest of the file", async () => {
    archive.file = { bytes: Buffer.concat([smallFrame(), Buffer.alloc(2 ** 23)]), etag: '"long"' };
    await start();
    const answer = await get(`/images/${lid("a")}?format=header`);
    expect(answer.statusCode).toBe(200);
    expect(answer.payload).toContain("CRVAL1  =");
    const bytes = asked().map((range) => /(\d+)-(\d+)/.exec(range)!);
    const read = bytes.reduce((sum, [, first, last]) => sum + Number(last) - Number(first) + 1, 0);
    expect(read).toBeLessThan(2 ** 20);
  });

  test("requests of the service to an archive have its User-Agent", async () => {
    await start();
    await get(cutoutUrl("a"));
    expect(new Set(archive.seen.map(({ headers }) => headers["user-agent"]))).toEqual(
      new Set(["SBN Survey Image Service 9.8.7"]),
    );
  });
});

describe("pictures of frames on an archive", () => {
  test.each(["", "&align=true"])(
    "a picture of a cutout%s of a frame on an archive is read by ranges",
    async (more) => {
      await start();
      const answer = await get(cutoutUrl("a", 21, `&format=png${more}`));
      expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "image/png"]);
      expect(asked()).not.toContain("all");
    },
  );

  test("a picture of a whole frame on an archive is made from a copy, downloaded once", async () => {
    await start();
    for (const format of ["jpeg", "png"])
      expect((await get(`/images/${lid("a")}?format=${format}`)).statusCode).toBe(200);
    expect(asked().filter((range) => range === "all")).toHaveLength(1);
  });
});

describe("whole files and labels on an archive", () => {
  test("twenty concurrent requests get a file on an archive, which is downloaded once and is then in the cache", async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(`/images/${lid("a")}`)));
    for (const answer of answers) expect(answer.rawPayload.equals(smallFrame())).toBe(true);
    expect(asked()).toEqual(["bytes=0-0", "all"]);
    expect(answers[0]!.headers).toMatchObject({
      "content-disposition": 'inline; filename="a.fits"',
      "last-modified": "Tue, 17 Feb 2026 14:10:16 GMT",
    });
    const origins = service.records.map(({ origin }) => origin).filter(Boolean);
    expect(origins.filter((origin) => origin === "made")).toHaveLength(1);
    // a sweep may be replacing its ledger
    await expect.poll(parts).toEqual([]);
  });

  test("a file on an archive is sent in parts, and not again to clients that have it, also after its copy was evicted", async () => {
    await start();
    const { etag } = (await get(`/images/${lid("a")}`)).headers as { etag: string };
    rmSync(join(folder, "cache"), { recursive: true });
    const part = await get(`/images/${lid("a")}`, { range: "bytes=100-199", "if-range": etag });
    expect([part.statusCode, part.headers.etag]).toEqual([206, etag]);
    expect(part.rawPayload.equals(Buffer.from(smallFrame().subarray(100, 200)))).toBe(true);
    expect((await get(`/images/${lid("a")}`, { "if-none-match": etag })).statusCode).toBe(304);
  });

  test("a label on an archive is text/xml", async () => {
    archive.file = { bytes: Buffer.from("<label/>"), etag: '"label"' };
    await start();
    const answer = await get(`/images/${lid("a")}?format=label`);
    expect([answer.body, answer.headers["content-type"]]).toEqual(["<label/>", "text/xml"]);
    expect(answer.headers["content-disposition"]).toBe('inline; filename="a.xml"');
  });

  test("files on an archive that reports no sizes are read", async () => {
    archive.faults.push(...Array.from({ length: 2 }, () => unsized));
    await start();
    const answer = await get(`/images/${lid("a")}`);
    expect(answer.rawPayload.equals(smallFrame())).toBe(true);
  });

  test("downloaded files are served while the archive is down", async () => {
    await start();
    await get(`/images/${lid("a")}`);
    archive.faults.push(...Array.from({ length: 50 }, () => FAULTS.hangUp()));
    const answer = await get(`/images/${lid("a")}`);
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, smallFrame().length]);
  });
});

/** The whole file in chunks, without a length, whatever was requested. */
const unsized: Archive["serve"] = (_request, response) => {
  response.writeHead(200, { etag: '"chunked"' });
  response.end(smallFrame());
};

describe("faults of archives as seen by clients", () => {
  const always = (fault: Archive["serve"]) =>
    archive.faults.push(...Array.from({ length: 200 }, () => fault));
  const cases: readonly (readonly [string, () => unknown, number, string])[] = [
    ["says 404", () => always(FAULTS.status(404)), 404, "SOURCE_MISSING"],
    ["says 410", () => always(FAULTS.status(410)), 404, "SOURCE_MISSING"],
    ["says 403", () => always(FAULTS.status(403)), 502, "SOURCE_UPSTREAM"],
    ["says 500 for ever", () => always(FAULTS.status(500)), 502, "SOURCE_UPSTREAM"],
    ["hangs up", () => always(FAULTS.hangUp()), 502, "SOURCE_UNREACHABLE"],
    ["stalls", () => always(FAULTS.stall()), 504, "SOURCE_TIMEOUT"],
    ["stalls in the middle", () => always(FAULTS.onlyPart(archive, 1, true)), 504, "SOURCE_TIMEOUT"],
    [
      "sends other bytes than it says",
      () =>
        always(FAULTS.reply(206, { "content-range": "bytes 5-9/9", "content-length": 5 }, Buffer.alloc(5))),
      502,
      "SOURCE_UPSTREAM",
    ],
    ["is not there", () => archive.close(), 502, "SOURCE_UNREACHABLE"],
    [
      "leads to a host that is not allowed",
      () => always(FAULTS.redirect("http://169.254.169.254/latest")),
      403,
      "SOURCE_NOT_ALLOWED",
    ],
  ];
  describe.each([
    ["cutout", () => cutoutUrl("a")],
    ["whole file", () => `/images/${lid("a")}`],
  ] as const)("for a %s", (_, url) => {
    test.each(cases)("an archive's fault has its own status: %s", async (_name, fault, status, code) => {
      const timeout = status === 504 ? { SBNSIS_REMOTE_IDLE_TIMEOUT_MS: "200" } : {};
      await start({ SBNSIS_ALLOWED_HOSTS: "127.0.0.1", ...timeout });
      await fault();
      const answer = await get(url());
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(answer.body).not.toContain("127.0.0.1");
      expect(answer.headers["cache-control"]).toBe("no-store");
      expect(service.records.at(-1)).toMatchObject({ code, job_id: answer.headers["x-job-id"] });
      // a sweep may be replacing its ledger
      await expect.poll(parts).toEqual([]);
    });

    test("a file on an archive that responds with 500 three times first is served", async () => {
      await start(patient);
      archive.faults.push(...Array.from({ length: 3 }, () => FAULTS.status(500)));
      expect((await get(url())).statusCode).toBe(200);
    });

    test("a file on an archive whose connection is cut once is served whole", async () => {
      await start(patient);
      archive.faults.push(FAULTS.onlyPart(archive, 1), FAULTS.onlyPart(archive, 5000));
      const answer = await get(url());
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.length).toBe(Number(answer.headers["content-length"]));
    });
  });

  test("a frame that is damaged on the archive is CORRUPT_SOURCE", async () => {
    archive.file = { bytes: smallFrame().subarray(0, 50_000), etag: '"cut"' };
    await start();
    const answer = await get(cutoutUrl("a"));
    expect(answer.json()).toMatchObject({ status: 500, code: "CORRUPT_SOURCE", reason: "FITS_TRUNCATED" });
  });

  test("a host that is not allowed gets no request", async () => {
    await start({ SBNSIS_ALLOWED_HOSTS: "archive.example.org" });
    for (const url of [cutoutUrl("a"), `/images/${lid("a")}`, `/images/${lid("a")}?format=label`])
      expect((await get(url)).json().code).toBe("SOURCE_NOT_ALLOWED");
    expect(archive.seen).toEqual([]);
  });

  test("a local file outside of the data roots is not read, not even through a link", async () => {
    writeFileSync(join(folder, "a.fits"), smallFrame());
    await start({ SBNSIS_DATA_ROOTS: join(folder, "roots") }, pathToFileURL(join(folder, "a.fits")).href);
    for (const url of [cutoutUrl("a"), `/images/${lid("a")}`, cutoutUrl("a", 21, "&format=png")]) {
      const answer = await get(url);
      expect([answer.statusCode, answer.json().code]).toEqual([403, "SOURCE_NOT_ALLOWED"]);
      expect(answer.body).not.toContain(folder);
    }
  });
});
