import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeImage } from "../../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import { readSection } from "../../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../../packages/fits/src/read/section-plan.ts";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { testBytes } from "../../support/archive/test-archive.ts";
import { FRAME_SIDE, framePixel, writeAtlasFrame } from "../../support/inputs/atlas-frame.ts";
import { hasProgram } from "../../support/oracles.ts";
import { type Nginx, startNginx } from "../../support/servers/nginx.ts";

const SIZE = 2_000_000;

describe.skipIf(!hasProgram("nginx"))("an nginx archive, with requests and bytes counted in its log", () => {
  let folder: string;
  let nginx: Nginx;
  let sources: Sources;
  const bytes = Buffer.from(testBytes(SIZE));
  const file = () => join(folder, "files/a.fits");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sis-nginx-"));
    nginx = await startNginx(folder);
  });
  beforeEach(() => {
    writeFileSync(file(), bytes);
    const settings = loadSettings("/nonexistent", { SBNSIS_REMOTE_RETRIES: "0" });
    sources = new Sources(sourceAccess(settings, "1.2.3"));
  });
  afterEach(() => sources.close());
  afterAll(async () => {
    await nginx.stop();
    rmSync(folder, { recursive: true });
  });
  const ranges = [
    { offset: 1_500_000, length: 1000 },
    { offset: 500_000, length: 3000 },
    { offset: 505_000, length: 3000 },
  ];
  const wanted = ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  const expectBytes = (views: readonly Uint8Array[]) =>
    expect(views.map((view, i) => wanted[i]?.equals(view))).toEqual([true, true, true]);

  test.each(["files", "moved"])(
    "ranges of a file below /%s/ of nginx are read in whole blocks, adjacent ones at once (its log)",
    async (place) => {
      const source = await sources.open(`${nginx.url}/${place}/a.fits`);
      expect(source.identity.mtimeMs).toBe(Math.floor(statSync(file()).mtimeMs / 1000) * 1000);
      expectBytes(await source.read(ranges));
      const log = (await nginx.requests(place === "moved" ? 4 : 3)).filter(({ status }) => status !== 302);
      expect(log.map(({ path, range, status, bodyBytes }) => [path, range, status, bodyBytes])).toEqual([
        ["/files/a.fits", "bytes=0-131071", 206, 131_072],
        ["/files/a.fits", "bytes=491520-524287", 206, 32_768],
        ["/files/a.fits", "bytes=1490944-1507327", 206, 16_384],
      ]);
      expect(log[0]?.userAgent).toBe("SBN Survey Image Service 1.2.3");
      expect(sources.traffic).toEqual({
        requests: place === "moved" ? 4 : 3,
        bytes: log.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0),
      });
      expectBytes(await source.read(ranges));
      expect(sources.traffic.requests).toBe(place === "moved" ? 4 : 3);
    },
  );

  test("a file that nginx serves without ranges is read from its start, once (its log)", async () => {
    const source = await sources.open(`${nginx.url}/whole/a.fits`);
    expectBytes(await source.read(ranges));
    expect(sources.traffic.requests).toBe(2);
    await nginx.requests(2);
  });

  test("a file that is replaced on nginx is SOURCE_CHANGED", async () => {
    const source = await sources.open(`${nginx.url}/files/a.fits`);
    writeFileSync(file(), testBytes(SIZE, "b"));
    utimesSync(file(), 1_700_000_000, 1_700_000_000);
    await expect(source.read(ranges)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
    await nginx.requests(2);
  });

  test("a gzipped response of nginx is refused, and a missing file is SOURCE_MISSING", async () => {
    await expect(sources.open(`${nginx.url}/packed/a.fits`)).rejects.toMatchObject({
      code: "SOURCE_UPSTREAM",
      message: expect.stringContaining("encoded"),
    });
    await expect(sources.open(`${nginx.url}/files/none.fits`)).rejects.toMatchObject({
      code: "SOURCE_MISSING",
    });
    await nginx.requests(2);
  });

  test("a whole file is fetched from nginx with one request (its log)", async () => {
    const path = join(folder, "fetched.fits");
    await sources.download(`${nginx.url}/files/a.fits`, path);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect((await nginx.requests(1)).map(({ bodyBytes }) => bodyBytes)).toEqual([SIZE]);
  });

  test("a cutout of 161 x 161 pixels of a full-size frame on nginx takes at most 3 requests and 1.2 times the bytes of its tiles (its log)", async () => {
    await writeAtlasFrame(join(folder, "files/atlas.fits.fz"));
    const location = `${nginx.url}/files/atlas.fits.fz`;
    const described = await sources.open(location);
    const { hdus } = await openFits(described, { until: ({ index }) => index === 1 });
    const image = await describeImage(described, hdus[1]!);
    expect(image?.naxis).toEqual([FRAME_SIDE, FRAME_SIDE]);
    const [x, y] = [5000, 7777];
    const plan = planSection(image!, { start: [x, y], shape: [161, 161] });
    // a cutout is made later than its frame is described, by another thread
    const read = await sources.open(location, { identity: described.identity });
    const pixels = await readSection(read, plan);
    const right = Int16Array.from({ length: 161 * 161 }, (_, i) =>
      framePixel(x + (i % 161), y + Math.floor(i / 161)),
    );
    expect(Buffer.from(pixels.buffer).equals(Buffer.from(right.buffer))).toBe(true);
    const log = await nginx.requests(sources.traffic.requests);
    const sent = log.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    console.log(
      `${log.length} requests, ${sent} bytes for tiles of ${plan.bytes} bytes: ${sent / plan.bytes}`,
    );
    expect(log.length).toBeLessThanOrEqual(3);
    expect(sent).toBeLessThanOrEqual(1.2 * plan.bytes);
    expect(sources.traffic).toEqual({ requests: log.length, bytes: sent });
  });
});
