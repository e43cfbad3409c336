// Times pictures against astropy and reproject on the same files, in one run: P3 (JPEG of a cutout
// against its FITS, and against the peer) and P4 (JPEG of whole frames, aligned and not, and
// thumbnails of 256 pixels). Processor seconds count besides wall time, because they do not depend
// on what else the machine does; those of ours include the threads of the encoder.
//
// node --single-threaded-gc --import tsx bench/products/pictures.ts FRAME.fits.fz[:HDU] ... [--runs
// 9] [--peer PYTHON] [--aligned-peer]     (after npm run build)
//
// Ours are medians; the peer, which takes minutes, runs once. With a flag that workers have, as
// helpers of the garbage collector would count as processor time here and not in the service.
//
// Frames come from `sbnsis test-data --add --survey atlas --full-size --frames 1`. PYTHON has
// astropy 8.0.2, reproject 0.21.0, Pillow and pyavm.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pixelToIcrs } from "../../packages/wcs/src/transform/sky.ts";
import { Sources } from "../../src/archive/sources.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { sourceAccess } from "../../src/config/source-access.ts";
import { describeFrame, type FrameDescription } from "../../src/products/frame-description.ts";
import { makeCutout } from "../../src/products/make/cutout/make-cutout.ts";
import { makePicture } from "../../src/products/make/make-picture.ts";
import { planCutout } from "../../src/products/plan/plan-cutout.ts";
import { planPicture } from "../../src/products/plan/plan-picture.ts";
import type { CutoutRequest, ProductRequest } from "../../src/products/product.ts";
import { withSource } from "../../src/products/request/source-file.ts";
import { BandHelper } from "../../src/products/threads/band-helper.ts";

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "9" },
    peer: { type: "string" },
    "aligned-peer": { type: "boolean", default: false },
  },
});
const runs = Number(args.runs);
const folder = mkdtempSync(join(tmpdir(), "bench-pictures-"));
const running = new Int32Array(new SharedArrayBuffer(4));
const access = sourceAccess(loadSettings("/nonexistent", {}), "0");
const sources = new Sources(access);
// the second thread that a worker has for whole frames
const helper = new BandHelper(
  access,
  console.error,
  new URL("../../dist/products/threads/band-thread.js", import.meta.url),
);
const limits = { maximumCutoutSize: 1024 };

/** Pictures made before any is timed. */
const WARMING = 4;

type Took = readonly [wall: number, cpu: number];

type Work = () => Promise<unknown>;

/**
 * Median wall and processor seconds of several tasks, each repeated this many times, alternating.
 */
async function byTurns(times: number, works: readonly Work[]): Promise<readonly Took[]> {
  const walls = works.map((): number[] => []);
  const cpus = works.map((): number[] => []);
  for (let i = 0; i < times; i++) {
    for (const [k, work] of works.entries()) {
      const start = performance.now();
      const cpu = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(cpu);
      walls[k]!.push((performance.now() - start) / 1000);
      cpus[k]!.push((user + system) / 1e6);
    }
  }
  return works.map((_, k): Took => [median(walls[k]!), median(cpus[k]!)]);
}

async function timed(times: number, work: Work): Promise<Took> {
  const [took] = await byTurns(times, [work]);
  return took!;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function line(name: string, ours: Took, peer?: Took, remark = ""): void {
  const ms = ([wall, cpu]: Took) =>
    `${(wall * 1000).toFixed(1).padStart(10)} ${(cpu * 1000).toFixed(1).padStart(10)}`;
  const ratio =
    peer === undefined
      ? remark
      : `${ms(peer)}  x ${(peer[0] / ours[0]).toFixed(0)} wall, x ${(peer[1] / ours[1]).toFixed(0)} cpu  ${remark}`;
  console.log(`${name.padEnd(34)} ${ms(ours)}  ${ratio}`);
}

async function describe(path: string, hdu: number): Promise<FrameDescription> {
  return withSource(sources, path, {}, (source, identity) =>
    describeFrame(source, { location: path, identity }, hdu),
  );
}

for (const argument of positionals) {
  const [, path = argument, hduText = "1"] = /^(.*?)(?::(\d+))?$/.exec(argument) ?? [];
  const hdu = Number(hduText);
  const frame = await describe(path, hdu);
  const [nx, ny] = frame.naxis;
  const picture = async (request: Omit<ProductRequest, "id">, described = frame) => {
    const plan = planPicture(described, { id: "x", ...request }, limits, { title: "bench" });
    await withSource(sources, path, { identity: plan.source.identity }, (source) =>
      makePicture(source, plan, join(folder, "ours.jpeg"), running, helper),
    );
  };
  const place = pixelToIcrs(frame.sky!.wcs, nx * 0.4, ny * 0.6)!;
  const cutout: CutoutRequest = { ...place, size: { arcsec: 300, text: "5arcmin" } };
  const peer =
    args.peer === undefined
      ? undefined
      : (JSON.parse(
          execFileSync(args.peer, [
            join(import.meta.dirname, "pictures-peer.py"),
            JSON.stringify({
              path,
              hdu,
              out: join(folder, "peer.jpeg"),
              runs: 1,
              cutouts: [[place.ra, place.dec, 5]],
              frames: args["aligned-peer"] ? [false, true] : [false],
            }),
          ])
            .toString()
            .trim()
            .split("\n")
            .at(-1) ?? "",
        ) as { versions: string; cutouts: Took[]; frames: Took[] });
  console.log(
    `\n${nx} x ${ny}, BITPIX ${frame.image.bitpix}, ${frame.sky!.wcs.distortion}; Node ${process.versions.node}${peer ? `; ${peer.versions}` : ""}`,
  );
  console.log(
    `${"".padEnd(34)} ${"ms".padStart(10)} ${"cpu ms".padStart(10)}  ${peer ? "peer: ms, cpu ms" : ""}`,
  );
  const made = { id: "x", place: cutout, version: "0", sourceModifiedMs: 0 };
  const fits = async () => {
    const plan = planCutout(frame, { cutout }, limits, made);
    await withSource(sources, path, { identity: plan.source.identity }, (source) =>
      makeCutout(source, plan, join(folder, "ours.fits")),
    );
  };
  const jpeg = (align: boolean) => () => picture({ format: "jpeg", align, cutout });
  const kinds = [fits, jpeg(false), jpeg(true)] as const;
  // compilers affect the first hundred
  await byTurns(100, kinds);
  const [ofFits, ofJpeg, ofAligned] = (await byTurns(200, kinds)) as [Took, Took, Took];
  const over = ([wall]: Took) => `${((wall - ofFits[0]) * 1000).toFixed(2)} ms more than the FITS`;
  line("cutout of 5 arcmin, FITS", ofFits);
  line("cutout of 5 arcmin, JPEG", ofJpeg, peer?.cutouts[0], over(ofJpeg));
  line("cutout of 5 arcmin, JPEG, aligned", ofAligned, undefined, over(ofAligned));
  line(
    "the same, frame not known yet",
    await timed(10, async () => picture({ format: "jpeg", align: false, cutout }, await describe(path, hdu))),
    peer?.cutouts[0],
  );
  line("cutout of 5 arcmin, PNG", await timed(50, () => picture({ format: "png", align: false, cutout })));
  // a product is a new file: the previous one must not be replaced
  const fresh = () => rmSync(join(folder, "ours.jpeg"), { force: true });
  for (const align of [false, true]) {
    const name = `whole frame${align ? ", aligned" : ""}`;
    const make = (format: "jpeg" | "png", options = {}) =>
      timed(runs, async () => {
        fresh();
        await picture({ format, align, picture: { options } });
      });
    // compilers affect the first ones, in both threads
    for (let i = 0; i < WARMING; i++) {
      fresh();
      await picture({ format: "jpeg", align });
      fresh();
      await picture({ format: "jpeg", align, picture: { options: { width: 256 } } });
    }
    const whole = await make("jpeg");
    line(`${name}, JPEG`, whole, peer?.frames[align ? 1 : 0]);
    const thumbnail = await make("jpeg", { width: 256 });
    line(`${name}, width=256`, thumbnail, undefined, `${(thumbnail[0] / whole[0]).toFixed(2)} of the whole`);
    line(`${name}, PNG`, await make("png"));
    const quick = async () => {
      fresh();
      await picture({ format: "jpeg", align, picture: { options: {}, quick: true } });
    };
    for (let i = 0; i < WARMING; i++) await quick();
    line(`${name}, quick`, await timed(runs, quick));
  }
}
await helper.close();
rmSync(folder, { recursive: true });
