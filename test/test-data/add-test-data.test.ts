import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeImage } from "../../packages/fits/src/describe/image-description.ts";
import { openFits } from "../../packages/fits/src/file/fits-file.ts";
import { headerNumber, headerText } from "../../packages/fits/src/header/header.ts";
import { imageHeader } from "../../packages/fits/src/header/image-header.ts";
import { physicalValues } from "../../packages/fits/src/read/physical-values.ts";
import { readLabel } from "../../packages/pds4/src/label/label.ts";
import { surveyProfile } from "../../packages/pds4/src/surveys/registry.ts";
import { icrsToPixel, pixelToIcrs, wcsFromHeader } from "../../packages/wcs/src/index.ts";
import { separation } from "../../packages/wcs/src/sky/great-circle.ts";
import { addTestData, type MadeFrame } from "../../src/test-data/add-test-data.ts";
import { deleteTestData, testDataExists } from "../../src/test-data/delete-test-data.ts";
import { MADE_SURVEYS, madeSurvey } from "../../src/test-data/surveys/registry.ts";
import { bytesSource, pixelsIn } from "../support/inputs/made-fits.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sis-test-data-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Image, header, coordinate system and physical values of a generated frame. */
async function openFrame({ path, lid }: Pick<MadeFrame, "path" | "lid">) {
  const bytes = new Uint8Array(readFileSync(path));
  const source = bytesSource(bytes);
  const file = await openFits(source);
  const hdu = /\.(fz)$/.test(path) ? 1 : 0;
  const image = (await describeImage(source, file.hdus[hdu]!))!;
  const header = imageHeader(file.hdus[hdu]!);
  const wcs = wcsFromHeader(header)!;
  const stored = await pixelsIn(bytes, hdu);
  const values = physicalValues(image, stored) as Float64Array;
  return { lid, hdu, file, image, header, wcs, stored, values };
}

describe("the sky", () => {
  test("the test sky has RA on even-even pixels, Dec on odd-odd ones, and 0 elsewhere (its own coordinate system)", async () => {
    const frames = await addTestData({ directory, survey: "sky", frames: 20 });
    for (const frame of [frames[0]!, frames[3]!, frames[9]!, frames[19]!]) {
      const { wcs, values, image, hdu } = await openFrame(frame);
      expect(image.naxis).toEqual([300, 300]);
      expect(hdu).toBe(frame.path.endsWith(".fz") ? 1 : 0);
      for (const [x, y] of [
        [0, 0],
        [2, 298],
        [298, 2],
        [150, 150],
      ] as const) {
        const { ra } = pixelToIcrs(wcs, x, y)!;
        const { dec } = pixelToIcrs(wcs, x + 1, y + 1)!;
        expect(values[y * 300 + x]).toBeCloseTo(ra, 9);
        expect(values[(y + 1) * 300 + x + 1]).toBeCloseTo(dec, 10);
        expect(values[y * 300 + x + 1]).toBe(0);
        expect(values[(y + 1) * 300 + x]).toBe(0);
      }
    }
  });

  test("400 frames of the test sky cross RA 0 and include both poles, each with a unique name", () => {
    const sky = madeSurvey("sky");
    const designs = Array.from({ length: 400 }, (_, index) => sky.frame({ index, seed: 1, fullSize: false }));
    expect(new Set(designs.map(({ label }) => label.lid)).size).toBe(400);
    const centres = designs.map(({ cards }) =>
      ["CRVAL1", "CRVAL2"].map((key) => Number(cards.find(({ keyword }) => keyword === key)?.value)),
    );
    expect(centres.some(([ra]) => ra! < 0.5)).toBe(true);
    expect(centres.some(([ra, dec]) => ra! > 359 && Math.abs(dec!) < 10)).toBe(true);
    expect(Math.max(...centres.map(([, dec]) => dec!))).toBeGreaterThan(89);
    expect(Math.min(...centres.map(([, dec]) => dec!))).toBeLessThan(-89);
  });
});

/** Properties of the real files of a survey that affect readers. */
const TRAITS = {
  neat: { bitpix: -32, bzero: 32768, hdu: 1, distortion: "none", codec: "RICE_1", hdus: 2 },
  atlas: { bitpix: 16, bzero: 32768, hdu: 1, distortion: "TPV", codec: "RICE_1", hdus: 10 },
  catalina: { bitpix: 16, bzero: 32768, hdu: 1, distortion: "TPV", codec: "RICE_1", hdus: 2 },
  spacewatch: { bitpix: -32, bzero: 0, hdu: 0, distortion: "TPV", codec: undefined, hdus: 1 },
  loneos: { bitpix: 16, bzero: 32768, hdu: 0, distortion: "none", codec: undefined, hdus: 1 },
} as const;

describe("look-alikes", () => {
  test.each(Object.entries(TRAITS))(
    "test frames of %s have the survey's traits, and stars at the listed positions",
    async (survey, traits) => {
      const frames = await addTestData({ directory, survey, frames: 2, seed: 5 });
      const list = readFileSync(join(directory, madeSurvey(survey).folder, "stars.csv"), "utf8");
      const stars = list.trim().split("\n").slice(1);
      for (const frame of frames) {
        const { file, image, header, wcs, values, hdu } = await openFrame(frame);
        expect({
          hdu,
          bitpix: image.bitpix,
          bzero: headerNumber(header, "BZERO") ?? 0,
          hdus: file.hdus.length,
        }).toEqual({
          hdu: traits.hdu,
          bitpix: traits.bitpix,
          bzero: traits.bzero,
          hdus: traits.hdus,
        });
        expect(image.storage.kind === "tiled" ? image.storage.codec : undefined).toBe(traits.codec);
        expect(wcs.distortion).toBe(traits.distortion);
        // Of 425 the first only distinguishes a primary image from an extension.
        if (survey === "atlas") expect(header.cards).toHaveLength(424);
        if (survey === "catalina")
          expect(headerText(header, "DATE-MID")).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}$/);
        const own = stars.map((line) => line.split(",")).filter(([id]) => id === frame.lid);
        expect(own.length).toBeGreaterThan(10);
        const median = Number([...values].sort((a, b) => a - b)[values.length >> 1]);
        const bright = own.filter(([, , , peak]) => Number(peak) > 1000);
        expect(bright.length).toBeGreaterThan(0);
        for (const [, ra, dec, peak] of bright) {
          const { x, y } = icrsToPixel(wcs, Number(ra), Number(dec))!;
          const value = values[Math.round(y) * image.naxis[0]! + Math.round(x)]!;
          expect(value - median).toBeGreaterThan(0.7 * Number(peak));
        }
      }
    },
  );

  test("test frames have distortion: plain TAN is wrong by arcminutes on ATLAS frames", async () => {
    const [frame] = await addTestData({ directory, survey: "atlas", frames: 1 });
    const { wcs } = await openFrame(frame!);
    const plain = { ...wcs, sequent: undefined };
    const [a, b] = [pixelToIcrs(wcs, 290, 10)!, pixelToIcrs(plain, 290, 10)!];
    const off = separation([a.ra, a.dec], [b.ra, b.dec]) * 3600;
    expect(off).toBeGreaterThan(6);
    expect(off).toBeLessThan(200);
  });

  test("full-size test frames have the survey's numbers of pixels", () => {
    const sizes = Object.fromEntries(
      MADE_SURVEYS.map((survey) => {
        const { width, height } = survey.frame({ index: 0, seed: 1, fullSize: true });
        return [survey.name, [width, height]];
      }),
    );
    expect(sizes).toMatchObject({
      atlas: [10_560, 10_560],
      neat: [4080, 4080],
      catalina: [5280, 5280],
      loneos: [2046, 4096],
    });
  });

  test("test frames have unique names and identifiers (400 of each)", () => {
    for (const survey of MADE_SURVEYS) {
      const designs = Array.from({ length: 400 }, (_, index) =>
        survey.frame({ index, seed: 3, fullSize: false }),
      );
      expect(new Set(designs.map(({ label }) => label.lid)).size, survey.name).toBe(400);
      const paths = designs.map(({ folder, storedName }) => `${folder}/${storedName}`);
      expect(new Set(paths).size, survey.name).toBe(400);
    }
  });
});

describe("labels", () => {
  test.each(MADE_SURVEYS.map(({ name }) => name))(
    "test labels of %s are read, and find their files (@sbnsis/pds4)",
    async (survey) => {
      const frames = await addTestData({ directory, survey, frames: 4 });
      for (const { path, lid } of frames) {
        const folder = dirname(path);
        const labelPath = filesIn(folder)
          .filter((name) => name.endsWith(".xml"))
          .map((name) => join(folder, name))
          .find((name) => readFileSync(name, "utf8").includes(`>${lid}<`))!;
        const label = readLabel(readFileSync(labelPath));
        const profile = surveyProfile(label.lid);
        expect(profile.name).toBe(survey === "sky" ? "default" : survey);
        expect(profile.reasonToSkip(label)).toBeUndefined();
        expect(profile.dataFileNames(label)).toContain(basename(path));
        expect(label.exposureSeconds).toBeGreaterThan(0);
        expect(label.stopMjd! - label.startMjd!).toBeCloseTo(label.exposureSeconds! / 86_400, 8);
        expect(label.limitingMagnitude).toBeGreaterThan(15);
        expect([label.filter, label.fieldId, label.target].every((text) => text !== undefined)).toBe(true);
        const { wcs, image } = await openFrame({ path, lid });
        const top = pixelToIcrs(wcs, -0.5, image.naxis[1]! - 0.5)!;
        expect(label.corners![0]![0]).toBeCloseTo(top.ra, 5);
        expect(Math.abs(label.corners![0]![1] - top.dec)).toBeLessThan(survey === "loneos" ? 0.0501 : 1e-6);
        const [a, b, c, d] = wcs.linear.cd;
        const scale = Math.sqrt(Math.abs(a * d) + Math.abs(b * c));
        expect(profile.pixelScale(label)! / scale).toBeCloseTo(1, 5);
      }
    },
  );
});

describe("a set", () => {
  test("a set of test data is the same for the same seed, byte by byte, and different for another seed", async () => {
    const bytesOf = async (seed: number) => {
      const folder = join(directory, String(seed));
      const frames = await addTestData({ directory: folder, frames: 1, seed });
      return frames.map(({ path }) => readFileSync(path).toString("base64"));
    };
    const one = await bytesOf(1);
    const again = join(directory, "again");
    const frames = await addTestData({ directory: again, frames: 1, seed: 1 });
    expect(frames.map(({ path }) => readFileSync(path).toString("base64"))).toEqual(one);
    const other = await bytesOf(2);
    for (const [i, bytes] of other.entries()) expect(bytes).not.toBe(one[i]);
  });

  test("a complete set of test data is found, can be replaced, and is deleted without the files that others added", async () => {
    expect(await testDataExists(directory)).toBe(false);
    await addTestData({ directory, survey: "sky", frames: 3 });
    await addTestData({ directory, survey: "loneos", frames: 2 });
    expect(await testDataExists(directory)).toBe(true);
    expect(await testDataExists(directory, "loneos")).toBe(true);
    expect(await testDataExists(directory, "neat")).toBe(false);
    expect(filesIn(directory)).toHaveLength(2 * 3 + 2 * 2 + 1 + 1);
    await addTestData({ directory, survey: "sky", frames: 2 });
    expect(filesIn(directory)).toHaveLength(2 * 2 + 2 * 2 + 1 + 1);
    const one = filesIn(directory).find((name) => name.endsWith("test-000001.fits"))!;
    rmSync(join(directory, one));
    expect(await testDataExists(directory)).toBe(false);
    writeFileSync(join(directory, "sky", "mine.txt"), "keep");
    expect(await deleteTestData(directory)).toBe(2 * 2 + 2 * 2 + 1 - 1);
    expect(filesIn(directory)).toEqual(["sky/mine.txt"]);
    expect(await deleteTestData(directory)).toBe(0);
  });

  test("deleting a set of test data removes its folder if nothing else is in it", async () => {
    const folder = join(directory, "new", "test");
    await addTestData({ directory: folder, survey: "sky", frames: 1 });
    await deleteTestData(folder);
    expect(() => statSync(folder)).toThrow(/ENOENT/);
  });

  test("an interrupted set of test data is not reported as complete, but can be deleted", async () => {
    const stop = new AbortController();
    const making = addTestData({
      directory,
      survey: "sky",
      frames: 5,
      signal: stop.signal,
      onProgress: ({ made }) => made === 2 && stop.abort(new Error("enough")),
    });
    await expect(making).rejects.toThrow("enough");
    expect(await testDataExists(directory)).toBe(false);
    expect(await deleteTestData(directory)).toBe(4);
    expect(() => statSync(directory)).toThrow(/ENOENT/);
  });

  test("a list of test data that is not ours or leads out of the folder deletes nothing", async () => {
    await addTestData({ directory, survey: "sky", frames: 1 });
    const list = join(directory, "test-data.json");
    const text = readFileSync(list, "utf8");
    const outside = join(directory, "..", `${basename(directory)}-outside.txt`);
    writeFileSync(outside, "keep");
    for (const wrong of [
      "{}",
      "no json",
      text.replace("sky/row00/test-000000.fits", `../${basename(outside)}`),
    ]) {
      writeFileSync(list, wrong);
      await expect(deleteTestData(directory)).rejects.toMatchObject({ code: "OPERATION_FAILED" });
    }
    expect(readFileSync(outside, "utf8")).toBe("keep");
    rmSync(outside);
  });

  test("test data of an unknown survey, or of too many frames, are not begun", async () => {
    await expect(addTestData({ directory, survey: "dss" })).rejects.toMatchObject({ code: "USAGE" });
    for (const frames of [0, 1.5, 10_001]) {
      await expect(addTestData({ directory, frames })).rejects.toMatchObject({ code: "USAGE" });
    }
    expect(filesIn(directory)).toEqual([]);
  });
});
