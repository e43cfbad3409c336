import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { memorySource } from "../../../packages/fits/src/source/byte-source.ts";
import { pixelToIcrs } from "../../../packages/wcs/src/index.ts";
import { describeFrame } from "../../../src/products/frame-description.ts";
import { makeCutout } from "../../../src/products/make/cutout/make-cutout.ts";
import { planCutout } from "../../../src/products/plan/plan-cutout.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

/**
 * Writes a frame with tables of displacements of both kinds, the second prior one with its axes
 * exchanged.
 */
const MAKE = `
import sys, numpy as np
from astropy.io import fits
rng = np.random.default_rng(20261128)
text = ["CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'", "CRVAL1  = 150.0", "CRVAL2  = 30.0", "CRPIX1  = 320.0", "CRPIX2  = 240.0",
  "CD1_1   = -0.0003", "CD1_2   = 0.00002", "CD2_1   = 0.00001", "CD2_2   = 0.0003",
  "CPDIS1  = 'LOOKUP'", "DP1     = 'EXTVER: 1'", "DP1     = 'NAXES: 2'", "DP1     = 'AXIS.1: 1'", "DP1     = 'AXIS.2: 2'",
  "CPDIS2  = 'LOOKUP'", "DP2     = 'EXTVER: 2'", "DP2     = 'NAXES: 2'", "DP2     = 'AXIS.1: 2'", "DP2     = 'AXIS.2: 1'",
  "D2IMDIS1= 'LOOKUP'", "D2IM1   = 'EXTVER: 1'", "D2IM1   = 'NAXES: 2'", "D2IM1   = 'AXIS.1: 1'", "D2IM1   = 'AXIS.2: 2'"]
image = fits.ImageHDU(rng.integers(0, 999, (480, 640)).astype(np.int16), name="SCI")
for card in text: image.header.append(fits.Card.fromstring(card), end=True)
def table(name, version, shape, size, mean=0):
    hdu = fits.ImageHDU((mean + size * rng.standard_normal(shape)).astype(np.float32), name=name, ver=version)
    hdu.header.update({"CRPIX1": 1.0, "CRPIX2": 2.0, "CRVAL1": 1.0, "CRVAL2": 40.0, "CDELT1": 640 / 19, "CDELT2": 480 / 9})
    return hdu
fits.HDUList([fits.PrimaryHDU(), image, table("WCSDVARR", 1, (10, 20), 2), table("WCSDVARR", 2, (20, 10), 2), table("D2IMARR", 1, (10, 20), 1, 40)]).writeto(sys.argv[1])
print("{}")
`;

const COMPARE = `
import json, sys, warnings, numpy as np
from astropy.io import fits
from astropy.wcs import WCS
warnings.simplefilter("ignore")
frame, cutout, x0, y0 = fits.open(sys.argv[1]), fits.open(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
ny, nx = cutout[0].shape
y, x = np.mgrid[-0.5:ny, -0.5:nx]
a = WCS(frame[1].header, fobj=frame).all_pix2world(x + x0, y + y0, 0)
b = WCS(cutout[0].header, fobj=cutout).all_pix2world(x, y, 0)
print(json.dumps({
  "off": float(max(np.abs(p - q).max() for p, q in zip(a, b))),
  "pixels": bool((frame[1].data[y0:y0 + ny, x0:x0 + nx] == cutout[0].data).all()),
  "cells": [hdu.data.size for hdu in cutout[1:]],
  "names": [hdu.name for hdu in cutout[1:]],
}))
`;

const folder = mkdtempSync(join(tmpdir(), "sis-cutout-tables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ready = oraclePython() !== undefined && hasProgram("fitsverify");

test.runIf(ready).each([
  [410, 120],
  [3, 470],
  [630, 6],
])(
  "a cutout around pixel %d, %d contains its lookup tables: every pixel has its position in the frame (astropy's WCS(header, fobj)), and fitsverify reports no error",
  async (x, y) => {
    const frame = join(folder, `frame-${x}.fits`);
    const cutout = join(folder, `cutout-${x}.fits`);
    askPython(MAKE, frame);
    const source = memorySource(readFileSync(frame));
    const file = { location: frame, identity: { size: 1, mtimeMs: 1 } };
    const description = await describeFrame(source, file, 0);
    const { ra, dec } = pixelToIcrs(description.sky!.wcs, x, y)!;
    const size = { text: "30arcsec", arcsec: 30 };
    const provenance = {
      id: "urn:nasa:pds:one",
      place: { ra, dec, size },
      version: "1.2.3",
      sourceModifiedMs: Date.UTC(2026, 10, 24),
    };
    const plan = planCutout(
      description,
      { cutout: { ra, dec, size } },
      { maximumCutoutSize: 1024 },
      provenance,
    );
    await makeCutout(source, plan, cutout);
    const found = askPython(COMPARE, frame, cutout, ...plan.box.start.map(String));
    expect(found).toMatchObject({ pixels: true, names: ["D2IMARR", "WCSDVARR", "WCSDVARR"] });
    const { off, cells } = found as { readonly off: number; readonly cells: readonly number[] };
    expect(off).toBeLessThan(1e-9);
    for (const count of cells) expect(count).toBeLessThan(50);
    const { stdout } = spawnSync("fitsverify", [cutout], { encoding: "utf8" });
    expect(stdout).toMatch(/and 0 error/);
  },
);
