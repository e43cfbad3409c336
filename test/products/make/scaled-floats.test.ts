import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import { headerNumber } from "../../../packages/fits/src/header/header.ts";
import { physicalValues } from "../../../packages/fits/src/read/physical-values.ts";
import { memorySource } from "../../../packages/fits/src/source/byte-source.ts";
import { describeFrame } from "../../../src/products/frame-description.ts";
import { makeCutout } from "../../../src/products/make/cutout/make-cutout.ts";
import { planCutout } from "../../../src/products/plan/plan-cutout.ts";
import { bytesSource, pixelsIn } from "../../support/inputs/made-fits.ts";

interface ScaledFloats {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly scaling: { readonly BSCALE: number; readonly BZERO: number };
  readonly file: string;
  /** Values that funpack writes, and those that astropy reads. */
  readonly stored: string;
  readonly physical: string;
}
const CASES: readonly ScaledFloats[] = JSON.parse(
  readFileSync(new URL("../../fixtures/fits/scaled-floats.json", import.meta.url), "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "sis-scaled-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A cutout of 20 arcseconds as a file: columns 2 to 21, from 0. */
async function cutoutOf({ file }: ScaledFloats): Promise<Uint8Array> {
  const bytes = Buffer.from(file, "base64");
  const source = memorySource(bytes);
  const identity = { size: bytes.length, mtimeMs: 0 };
  const frame = await describeFrame(source, { location: "/frame.fits", identity }, 1);
  const cutout = { ra: 150, dec: 20, size: { text: "20arcsec", arcsec: 20 } };
  const provenance = { id: "urn:x", place: cutout, version: "0" };
  const plan = planCutout(frame, { cutout }, { maximumCutoutSize: 100 }, provenance);
  const path = join(folder, "cutout.fits");
  await makeCutout(source, plan, path);
  return readFileSync(path);
}

/** The part of a frame's values that the cutout has. */
function part({ shape: [nx] }: ScaledFloats, values: string, wide: boolean): Float32Array | Float64Array {
  const { buffer } = new Uint8Array(Buffer.from(values, "base64"));
  const all = wide ? new Float64Array(buffer) : new Float32Array(buffer);
  return all.filter((_, i) => i % nx >= 2 && i % nx < 22);
}

const isWide = ({ name }: ScaledFloats) => name.startsWith("float64");

describe("cutouts of quantized floats that the header scales too", () => {
  test.each(CASES)(
    "a cutout of $name has the stored values of funpack (cfitsio) bit for bit, and their BSCALE and BZERO",
    async (scaled) => {
      const bytes = await cutoutOf(scaled);
      const { header } = (await openFits(bytesSource(bytes))).hdus[0]!;
      const { BSCALE, BZERO } = scaled.scaling;
      expect([headerNumber(header, "BSCALE"), headerNumber(header, "BZERO")]).toEqual([BSCALE, BZERO]);
      expect(await pixelsIn(bytes, 0)).toEqual(part(scaled, scaled.stored, isWide(scaled)));
    },
  );

  // astropy rounds after each step, this library once: only BZERO alone gives the same bits
  test.each(CASES.filter(({ scaling }) => scaling.BSCALE === 1))(
    "physical values of a cutout of $name are those that astropy reads from the frame, bit for bit",
    async (scaled) => {
      const stored = await pixelsIn(await cutoutOf(scaled), 0);
      const wide = isWide(scaled);
      const { BSCALE, BZERO } = scaled.scaling;
      const scaling = { bitpix: wide ? -64 : -32, bscale: BSCALE, bzero: BZERO, blank: undefined } as const;
      expect(physicalValues(scaling, stored)).toEqual(part(scaled, scaled.physical, wide));
    },
  );
});
