import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { addTestData } from "../../src/test-data/add-test-data.ts";
import { pixelsIn, tiledFile } from "../support/inputs/made-fits.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";

/** A cutout of a tiled frame, as docs/reliability.md describes it. */
interface Frame {
  readonly lid: string;
  readonly path: string;
  readonly ra: number;
  readonly dec: number;
}

const SIDE = 400;
const DEGREES = 0.0005;

describe("the responses to faults, as docs/reliability.md lists them", () => {
  let place: Workplace;
  let frames: readonly Frame[];
  let sizes = 60;
  /** A cutout that has not been requested before, of up to 90 pixels. */
  const cutoutOf = ({ lid, ra, dec }: Frame) => {
    sizes += 0.01;
    return fetch(`${place.base}/images/${lid}?ra=${ra}&dec=${dec}&size=${sizes.toFixed(2)}arcsec`);
  };
  const problem = async (answer: Response) => {
    const { status, code, detail, job_id } = (await answer.json()) as Record<string, unknown>;
    expect(status).toBe(answer.status);
    expect(String(detail)).not.toContain(place.directory);
    return { status, code, job_id };
  };
  const log = () => readFileSync(join(place.directory, "logging", "sbnsis.log"), "utf8");
  let before: readonly number[];

  beforeAll(async () => {
    place = await workplace();
    const directory = join(place.directory, "test-data");
    frames = await addTestData({ directory, survey: "atlas", frames: 5, fullSize: false, seed: 7 });
    expect((await place.run("sbnsis-add", "-r", directory)).status).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
    before = await place.workers();
  });
  afterAll(() => place.dispose());

  test("a missing file is 404 SOURCE_MISSING, and an error in the log with the job id", async () => {
    const frame = frames[0]!;
    expect((await cutoutOf(frame)).status).toBe(200);
    renameSync(frame.path, `${frame.path}.away`);
    const found = await problem(await cutoutOf(frame));
    renameSync(`${frame.path}.away`, frame.path);
    expect(found).toMatchObject({ status: 404, code: "SOURCE_MISSING" });
    const line = log()
      .split("\n")
      .find((one) => one.startsWith("ERROR") && one.includes(String(found.job_id)));
    expect(line).toContain("SOURCE_MISSING");
    expect((await cutoutOf(frame)).status).toBe(200);
  });

  test("a truncated file is 500 CORRUPT_SOURCE for cutouts, even if it was complete at the previous request", async () => {
    const frame = frames[1]!;
    expect((await cutoutOf(frame)).status).toBe(200);
    const { size } = statSync(frame.path);
    // all of these are before the center of the frame, where the cutout is
    for (const part of [0.3, 0.1, 0.01]) {
      truncateSync(frame.path, Math.floor(size * part));
      expect(await problem(await cutoutOf(frame))).toMatchObject({ status: 500, code: "CORRUPT_SOURCE" });
    }
    truncateSync(frame.path, 0);
    expect(await problem(await cutoutOf(frame))).toMatchObject({ status: 500, code: "CORRUPT_SOURCE" });
  });

  test("flipped bits anywhere in a file give an image or a problem document of the catalogue, and the service continues", async () => {
    const frame = frames[2]!;
    const whole = readFileSync(frame.path);
    let seed = 20_261_124;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const codes: Record<string, number> = {};
    for (let i = 0; i < 40; i++) {
      const damaged = Buffer.from(whole);
      // half of them in the headers
      for (let k = 0; k < 8; k++) damaged[random(i % 2 === 0 ? 40_000 : whole.length)]! ^= 1 << random(8);
      writeFileSync(`${frame.path}.new`, damaged);
      renameSync(`${frame.path}.new`, frame.path);
      const answer = await cutoutOf(frame);
      const code = answer.ok ? "image" : String((await problem(answer)).code);
      codes[code] = (codes[code] ?? 0) + 1;
      if (answer.ok) await answer.arrayBuffer();
    }
    expect(codes.INTERNAL).toBeUndefined();
    expect(codes.image).toBeGreaterThan(0);
    expect(codes.CORRUPT_SOURCE).toBeGreaterThan(0);
    writeFileSync(frame.path, whole);
    expect((await cutoutOf(frame)).status).toBe(200);
  });

  test("a file replaced repeatedly while cutouts are made never gives a mixture of two versions", async () => {
    const frame = frames[3]!;
    const states = await Promise.all([1, 2].map((value) => constantFrame(frame, value)));
    let going = true;
    const replace = async () => {
      for (let i = 0; going; i++) {
        // alternately renamed over the old one, and written into it
        const next = states[i % 2]!;
        if (i % 4 < 2) {
          writeFileSync(`${frame.path}.new`, next);
          renameSync(`${frame.path}.new`, frame.path);
        } else writeFileSync(frame.path, next);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    };
    const seen: Record<string, number> = {};
    const ask = async () => {
      for (let i = 0; i < 60; i++) {
        const answer = await cutoutOf(frame);
        if (!answer.ok) {
          const { code } = await problem(answer);
          seen[String(code)] = (seen[String(code)] ?? 0) + 1;
          continue;
        }
        const pixels = await pixelsIn(new Uint8Array(await answer.arrayBuffer()), 0);
        const values = [...new Set(Array.from(pixels as Int16Array))].join(" and ");
        seen[values] = (seen[values] ?? 0) + 1;
      }
    };
    const replacing = replace();
    await Promise.all([ask(), ask(), ask()]);
    going = false;
    await replacing;
    for (const key of Object.keys(seen))
      expect(["1", "2", "SOURCE_CHANGED", "CORRUPT_SOURCE"]).toContain(key);
    expect((seen["1"] ?? 0) + (seen["2"] ?? 0)).toBeGreaterThan(0);
  });

  test("a database locked for writing still serves; one replaced by garbage gives 503, and the service continues", async () => {
    const path = join(place.directory, "default.db");
    const database = new DatabaseSync(path);
    database.exec("BEGIN IMMEDIATE");
    expect((await fetch(`${place.base}/query?maxrec=1`)).status).toBe(200);
    expect((await cutoutOf(frames[0]!)).status).toBe(200);
    database.exec("ROLLBACK");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    copyFileSync(path, `${path}.kept`);
    writeFileSync(path, Buffer.alloc(statSync(path).size, "rubbish "));
    expect(await problem(await fetch(`${place.base}/query?maxrec=17&facility=x`))).toMatchObject({
      status: 503,
      code: "CATALOG_UNAVAILABLE",
    });
    expect((await fetch(`${place.base}/ready`)).status).toBe(503);
    expect((await fetch(`${place.base}/health`)).status).toBe(200);
    rmSync(path);
    copyFileSync(`${path}.kept`, path);
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    before = await place.workers();
    // kept-alive connections get one more response from the departing worker
    await expect
      .poll(async () => (await fetch(`${place.base}/query?maxrec=1`)).status, { timeout: 5_000 })
      .toBe(200);
  });

  test("no worker dies of a missing, truncated, damaged or replaced file or database", async () => {
    expect(await place.workers()).toEqual(before);
    expect(log()).not.toContain('"worker ended"');
  });
});

/** A frame of `value` everywhere around the position of `frame`, compressed by rows. */
function constantFrame({ ra, dec }: Frame, value: number): Promise<Uint8Array> {
  const middle = (SIDE + 1) / 2;
  const cards = [
    valueCard("CTYPE1", "RA---TAN"),
    valueCard("CTYPE2", "DEC--TAN"),
    valueCard("CRVAL1", ra),
    valueCard("CRVAL2", dec),
    valueCard("CRPIX1", middle),
    valueCard("CRPIX2", middle),
    valueCard("CD1_1", -DEGREES),
    valueCard("CD1_2", 0),
    valueCard("CD2_1", 0),
    valueCard("CD2_2", DEGREES),
  ];
  const pixels = new Int16Array(SIDE * SIDE).fill(value);
  return tiledFile({ naxis: [SIDE, SIDE], bitpix: 16, codec: "RICE_1", cards }, pixels);
}
