import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { avmFrame, readAvm } from "../../../../test/support/avm-reader.ts";
import { wcsFromHeader } from "../../../wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../wcs/test/header-of.ts";
import { avmPacket } from "../../src/avm/avm.ts";
import { memorySource } from "../../src/frame/frame-source.ts";
import { pictureGeometry } from "../../src/frame/picture-geometry.ts";
import { renderPicture } from "../../src/render/pipeline.ts";

interface Entry {
  readonly name: string;
  readonly header: Readonly<Record<string, string | number>>;
  readonly jacobian: readonly [number, number, number, number];
}

const entries: readonly Entry[] = JSON.parse(
  readFileSync(new URL("../../../../test/fixtures/wcs/orientation.json", import.meta.url), "utf8"),
);
const NX = 64;
const NY = 48;
const box = { start: [0, 0], shape: [NX, NY] } as const;
const ramp = Float32Array.from({ length: NX * NY }, (_, i) => 100 * Math.floor(i / NX) + (i % NX));
const plain = {
  ...{ NAXIS1: NX, NAXIS2: NY, CTYPE1: "RA---TAN", CTYPE2: "DEC--TAN", CRVAL1: 150, CRVAL2: 30 },
  ...{ CRPIX1: 32, CRPIX2: 24, CDELT1: -1 / 3600, CDELT2: 1 / 3600 },
};

test.each(entries)(
  "the matrix of the unaligned picture $name is astropy's numeric Jacobian at the middle",
  (entry) => {
    const { frame } = pictureGeometry(wcsFromHeader(headerOf(entry.header)), box, false);
    const size = Math.max(...entry.jacobian.map(Math.abs));
    for (const [i, value] of entry.jacobian.entries()) {
      expect(Math.abs(frame.cd[i]! - value) / size).toBeLessThan(1e-5);
    }
  },
);

test.each(entries)("the unaligned picture $name has the pixels of the file, top row last", async (entry) => {
  const wcs = wcsFromHeader(headerOf(entry.header));
  const picture = await renderPicture({ source: memorySource(ramp, box.shape), box, wcs, align: false });
  const upright = await renderPicture({
    source: memorySource(ramp, box.shape),
    box,
    wcs: wcsFromHeader(headerOf({ ...plain, RADESYS: "ICRS" })),
    align: false,
  });
  const same = picture.pixels.filter((level, i) => Math.abs(level - upright.pixels[i]!) <= 3).length;
  expect(same / picture.pixels.length).toBeGreaterThan(0.98);
});

test("a picture near the reference pixel keeps the header's matrix (behaviour of the existing service)", () => {
  const wcs = wcsFromHeader(headerOf({ ...plain, CRVAL2: 60, CRPIX1: 9000 }));
  expect(pictureGeometry(wcs, box, false).frame.cd).toEqual(wcs.toPlane);
});

test.each([{ RADESYS: "GAPPT" }, { CTYPE1: "HPLN-TAN", CTYPE2: "HPLT-TAN" }])(
  "a picture in a system without a known relation to ICRS, %o, has the pixels of ICRS, and AVM names no frame",
  async (cards) => {
    const wcs = wcsFromHeader(headerOf({ ...plain, ...cards }));
    for (const align of [false, true]) {
      const picture = await renderPicture({ source: memorySource(ramp, box.shape), box, wcs, align });
      const known = wcsFromHeader(headerOf({ ...plain, RADESYS: "ICRS" }));
      const same = await renderPicture({ source: memorySource(ramp, box.shape), box, wcs: known, align });
      expect(picture.pixels).toEqual(same.pixels);
      const packet = avmPacket(picture);
      expect(packet).not.toContain("ICRS");
      expect(packet).toContain(wcs.frame.writtenAs!.replaceAll('"', "&quot;"));
      expect(avmFrame(readAvm(packet))).toBeUndefined();
    }
  },
);
