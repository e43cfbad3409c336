import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realCard, valueCard } from "../../../packages/fits/src/header/write-card.ts";
import type { PictureOptions } from "../../../packages/imaging/src/render/picture-options.ts";
import { bandJob } from "../../../packages/imaging/src/stretch/band-job.ts";
import { BandProgress } from "../../../packages/imaging/src/stretch/band-progress.ts";
import { Sources } from "../../../src/archive/sources.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { sourceAccess } from "../../../src/config/source-access.ts";
import { describeFrame, type FrameDescription } from "../../../src/products/frame-description.ts";
import { makePicture } from "../../../src/products/make/make-picture.ts";
import { planPicture } from "../../../src/products/plan/plan-picture.ts";
import { withSource } from "../../../src/products/request/source-file.ts";
import { BandHelper, type BandTask } from "../../../src/products/threads/band-helper.ts";
import { makeTiles } from "../../../src/products/tiles/make-tiles.ts";
import type { OverviewJob } from "../../../src/products/tiles/overview/overview-job.ts";
import { tiledFile } from "../../support/inputs/made-fits.ts";

/** Three bands of a picture. */
const [NX, NY] = [1050, 2000];

const folder = mkdtempSync(join(tmpdir(), "sis-bands-"));
const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
const sources = new Sources(access);
const program = new URL("../../../dist/products/threads/band-thread.js", import.meta.url);
const warnings: string[] = [];
const warn = (warning: string) => warnings.push(warning);
const helper = new BandHelper(access, warn, program);
afterAll(async () => {
  await helper.close();
  rmSync(folder, { recursive: true });
});

const frames = new Map<string, FrameDescription>();
beforeAll(async () => {
  let state = 3;
  const noise = new Float32Array(NX * NY);
  for (let i = 0; i < noise.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise[i] = 100 + (state / 2 ** 32) * 20 + (i % NX) / 100;
  }
  const holes = noise.map((value, i) => (i > 1100 * NX && i < 1400 * NX && i % 7 === 0 ? Number.NaN : value));
  const cards = [
    valueCard("CTYPE1", "RA---TAN"),
    valueCard("CTYPE2", "DEC--TAN"),
    realCard("CRVAL1", 10),
    realCard("CRVAL2", -35),
    realCard("CRPIX1", 1000),
    realCard("CRPIX2", 900),
    realCard("CD1_1", -4e-4),
    realCard("CD1_2", 1e-5),
    realCard("CD2_1", 1e-5),
    realCard("CD2_2", 4e-4),
  ];
  for (const [name, pixels] of [
    ["whole", noise],
    ["holes", holes],
  ] as const) {
    const path = join(folder, `${name}.fits.fz`);
    const image = { naxis: [NX, NY], bitpix: -32, codec: "RICE_1", cards } as const;
    const quantization = { method: "SUBTRACTIVE_DITHER_1", level: 4, zdither0: 5 } as const;
    writeFileSync(path, await tiledFile({ ...image, quantization }, pixels));
    frames.set(
      name,
      await withSource(sources, path, {}, (source, identity) =>
        describeFrame(source, { location: path, identity }, 1),
      ),
    );
  }
});

let made = 0;
async function picture(
  frame: FrameDescription,
  align: boolean,
  options: PictureOptions,
  by: BandHelper | undefined,
  cancelled = new Int32Array(new SharedArrayBuffer(4)),
): Promise<Buffer> {
  const path = join(folder, `${made++}.jpeg`);
  const request = { id: "x", format: "jpeg", align, picture: { options } } as const;
  const small = planPicture(frame, request, { maximumCutoutSize: 1024 }, { title: "T" });
  // as for more pixels than a picture is made from in memory
  const plan = { ...small, content: { kind: "frame", image: frame.image } } as const;
  await withSource(sources, plan.source.location, { identity: plan.source.identity }, (source) =>
    makePicture(source, plan, path, cancelled, by),
  );
  return readFileSync(path);
}

test.each(["whole", "holes"])("a picture made by two threads equals that of one: %s", async (name) => {
  const frame = frames.get(name)!;
  let bands = 0;
  const counting = {
    take: async (task: BandTask) => {
      bands += await helper.take(task);
    },
  } as unknown as BandHelper;
  for (const align of [false, true]) {
    for (const options of [{}, { width: 200 }]) {
      const alone = await picture(frame, align, options, undefined);
      for (let i = 0; i < 2; i++) {
        const helped = await picture(frame, align, options, counting);
        expect(helped.equals(alone)).toBe(true);
      }
    }
  }
  await expect.poll(() => bands).toBeGreaterThan(0);
});

test.each(["whole", "holes"])("an overview made by two threads equals that of one: %s", async (name) => {
  const { image, source } = frames.get(name)!;
  const overview = async (help?: (job: OverviewJob) => Promise<number>) => {
    const path = join(folder, `${made++}.tiles`);
    await withSource(sources, source.location, { identity: source.identity }, (bytes) =>
      makeTiles(bytes, { kind: "overview", source, image }, path, () => undefined, help),
    );
    return readFileSync(path);
  };
  const alone = await overview();
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  let bands = 0;
  for (let i = 0; i < 3; i++) {
    const helped = await overview(async (job) => {
      const taken = await helper.take({ source, image, job, cancelled });
      bands += taken;
      return taken;
    });
    expect(helped.equals(alone)).toBe(true);
  }
  await expect.poll(() => bands).toBeGreaterThan(0);
});

test("an error in the second thread of a picture is reported, and the thread works afterwards", async () => {
  const frame = frames.get("whole")!;
  const path = frame.source.location;
  const bytes = readFileSync(path);
  const broken = Buffer.from(bytes);
  // in the middle of the tiles
  broken.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200_000);
  writeFileSync(path, broken);
  const changed = await withSource(sources, path, {}, (source, identity) =>
    describeFrame(source, { location: path, identity }, 1),
  );
  for (let i = 0; i < 3; i++)
    await expect(picture(changed, false, {}, helper)).rejects.toMatchObject({ code: "FITS_TILE_CORRUPT" });
  writeFileSync(path, bytes);
  const again = await withSource(sources, path, {}, (source, identity) =>
    describeFrame(source, { location: path, identity }, 1),
  );
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const given = picture(again, false, {}, helper, flag);
  Atomics.store(flag, 0, 1);
  await expect(given).rejects.toMatchObject({ code: "CANCELLED" });
  const alone = await picture(again, true, {}, undefined);
  expect((await picture(again, true, {}, helper)).equals(alone)).toBe(true);
});

test("a second thread that cannot be started, or cannot read the file, is reported, and the picture is made without it", async () => {
  const frame = frames.get("holes")!;
  const alone = await picture(frame, false, {}, undefined);
  const nowhere = new URL("./no-such-program.js", import.meta.url);
  const elsewhere = { ...access, dataRoots: ["/nonexistent"] };
  for (const [broken, reason] of [
    [new BandHelper(access, warn, nowhere), /the second thread for a picture failed: .*Cannot find module/],
    [new BandHelper(elsewhere, warn, program), /the second thread for a picture failed: /],
  ] as const) {
    warnings.length = 0;
    expect((await picture(frame, false, {}, broken)).equals(alone)).toBe(true);
    await expect.poll(() => warnings.join()).toMatch(reason);
    await broken.close();
  }
});

test("an error in a band that only the second thread took fails the picture", async () => {
  const frame = frames.get("holes")!;
  const { location } = frame.source;
  const bytes = readFileSync(location);
  const { image } = frame;
  const job = bandJob(
    { height: NY },
    {
      levels: { vmin: 0, vmax: 200 },
      options: {},
      bandRows: 500,
      isDownwards: false,
      out: new Uint8Array(new SharedArrayBuffer(NX * NY)),
    },
    true,
  );
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  expect(await helper.take({ source: frame.source, image, job, cancelled })).toBe(4);
  const isMade = ({ progress }: typeof job) =>
    [0, 1, 2, 3].every((band) => new BandProgress(progress).isPresent(band));
  expect(isMade(job)).toBe(true);
  const broken = Buffer.from(bytes);
  broken.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200_000);
  const path = join(folder, "broken.fits.fz");
  writeFileSync(path, broken);
  const source = await withSource(sources, path, {}, async (_, identity) => ({ location: path, identity }));
  const anew = { ...job, progress: BandProgress.memoryFor(4, true) };
  warnings.length = 0;
  const corrupt = helper.take({ source, image, job: anew, cancelled });
  await expect(corrupt).rejects.toMatchObject({ code: "FITS_TILE_CORRUPT" });
  expect(warnings.join()).toMatch(/RICE_1 tile/);
  // neither the band that it took nor that of a cancelled job exists; the latter causes no warning
  expect(isMade(anew)).toBe(false);
  cancelled[0] = 1;
  warnings.length = 0;
  const third = { ...job, progress: BandProgress.memoryFor(4, true) };
  const given = helper.take({ source: frame.source, image, job: third, cancelled });
  await expect(given).rejects.toMatchObject({ code: "CANCELLED" });
  expect(warnings).toEqual([]);
});

test("a failed second thread does not end the work of its successor", async () => {
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    parentPort.on("message", ({ id }) => {
      if (Atomics.add(workerData.calls, 0, 1) === 0) throw new Error("the first fails");
      setTimeout(() => parentPort.postMessage({ id, bands: 7 }), 200);
    });`;
  const calls = new Int32Array(new SharedArrayBuffer(4));
  const twice = new BandHelper(
    { ...access, calls } as typeof access,
    warn,
    new URL(`data:text/javascript,${encodeURIComponent(program)}`),
  );
  const task = {} as Parameters<typeof twice.take>[0];
  await expect(twice.take(task)).rejects.toMatchObject({ code: "INTERNAL" });
  expect(await twice.take(task)).toBe(7);
  await twice.close();
});
