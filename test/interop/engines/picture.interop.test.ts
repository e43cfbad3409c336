import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseHeader } from "../../../packages/fits/src/header/header.ts";
import { memorySource } from "../../../packages/imaging/src/frame/frame-source.ts";
import { tanPixelToSky } from "../../../packages/imaging/src/frame/tan-frame.ts";
import { renderPicture } from "../../../packages/imaging/src/render/pipeline.ts";
import { wcsFromHeader } from "../../../packages/wcs/src/header/wcs-from-header.ts";
import { askPython, oraclePython } from "../../support/oracles.ts";

const folder = mkdtempSync(join(tmpdir(), "picture-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Images with the geometry and distortions of the surveys, and the pictures that reproject,
 * ZScaleInterval and numpy make of them.
 */
const MAKE_PICTURES = `
import sys, json, warnings
import numpy as np
from astropy.io import fits
from astropy.visualization import ZScaleInterval
from astropy.wcs import WCS
from astropy.wcs.utils import proj_plane_pixel_scales
from reproject import reproject_interp
warnings.simplefilter("ignore")
out, = sys.argv[1:]
rng = np.random.default_rng(11)
def header(ctype, crval, crpix, cd, **more):
    h = fits.Header()
    h["CTYPE1"], h["CTYPE2"] = "RA---" + ctype, "DEC--" + ctype
    h["CRVAL1"], h["CRVAL2"] = crval
    h["CRPIX1"], h["CRPIX2"] = crpix
    h["CD1_1"], h["CD1_2"], h["CD2_1"], h["CD2_2"] = cd
    for key, value in more.items():
        h[key] = value
    return h
def turned(scale, degrees):
    c, s = np.cos(np.radians(degrees)) * scale / 3600, np.sin(np.radians(degrees)) * scale / 3600
    return [-c, -s, -s, c]
neat = fits.Header(dict(CTYPE1="RA---TAN", CTYPE2="DEC--TAN", CRVAL1=174.6, CRVAL2=17.9, CRPIX1=-500.2, CRPIX2=777.1,
    CDELT1=-1.43 / 3600, CDELT2=-1.43 / 3600, CROTA2=0.0, EQUINOX=2000.0))
tpv = header("TPV", (210.2, -33.1), (2000.3, -1500.2), turned(1.86, 180.2), RADESYS="ICRS", PV1_0=1e-4, PV1_1=1.001, PV1_2=2e-4,
    PV1_4=3e-4, PV1_5=-2e-4, PV1_6=1e-4, PV1_7=-3e-4, PV2_0=-2e-4, PV2_1=0.999, PV2_2=-1e-4, PV2_4=-3e-4, PV2_5=2e-4, PV2_6=4e-4, PV2_7=2e-4, PV2_10=1e-4)
sip = header("TAN-SIP", (10.0, 41.0), (80.5, 400.5), turned(2.5, 91), RADESYS="FK5", EQUINOX=2000.0, A_ORDER=3, B_ORDER=3,
    A_2_0=2e-6, A_0_2=-1e-6, A_1_1=3e-6, A_3_0=1e-9, B_2_0=-2e-6, B_0_2=2e-6, B_1_2=-1e-9)
zpn = header("SIN", (0.02, 89.7), (60, 60), turned(20, 33), RADESYS="ICRS")
gal = header("TAN", (120.0, 5.0), (10, 20), turned(3, -20))
gal["CTYPE1"], gal["CTYPE2"] = "GLON-TAN", "GLAT-TAN"
fk4 = header("TAN", (120.0, 5.0), (10, 20), turned(3, -20), RADESYS="FK4", EQUINOX=1950.0)
def target(w, nx, ny, align):
    c = np.array([nx, ny]) / 2 + 0.5
    t = WCS(naxis=2)
    t.wcs.ctype = [s[:5] + "TAN" for s in w.wcs.ctype]
    t.wcs.crpix, t.wcs.crval = c, w.all_pix2world(*(c - 1), 0)
    t.wcs.pc, t.wcs.cdelt = w.wcs.get_pc(), w.wcs.get_cdelt()
    if align:
        t.wcs.pc, t.wcs.cdelt = np.diag([-1, 1]), proj_plane_pixel_scales(w)
    t.wcs.radesys, t.wcs.equinox = w.wcs.radesys, w.wcs.equinox
    t.wcs.set()
    return t
cases = []
for name, h, nx, ny in [("NEAT", neat, 161, 150), ("TPV", tpv, 161, 161), ("SIP", sip, 90, 140), ("SIN at the pole", zpn, 120, 120), ("galactic", gal, 70, 60), ("FK4", fk4, 70, 60)]:
    data = (rng.normal(1000, 30, (ny, nx)) + 2000 * (rng.random((ny, nx)) > 0.995)).astype(np.float32)
    data.tofile(f"{out}/{name}.data")
    open(f"{out}/{name}.header", "w").write(h.tostring(sep="", endcard=True, padding=True))
    w = WCS(h)
    for align in (False, True):
        t = target(w, nx, ny, align)
        r = reproject_interp((data.astype(float), w), t, shape_out=data.shape, return_footprint=False, order="nearest-neighbor")
        v = ZScaleInterval()(r, clip=True) * 255
        np.where(np.isfinite(v), v, 0).astype(np.uint8)[::-1].tofile(f"{out}/{name}.{align}")
        y, x = np.indices(data.shape)
        s = w.all_world2pix(t.all_pix2world(np.c_[x.ravel(), y.ravel()], 0), 0)
        edge = np.abs((s + 0.5) - np.rint(s + 0.5)).min(axis=1).reshape(ny, nx)[::-1] < 1e-6
        cases.append(dict(name=name, align=align, shape=[nx, ny], edge=np.flatnonzero(edge).tolist(),
            corners=t.wcs_pix2world([[0, 0], [nx - 1, ny - 1]], 0).tolist(), scale=float(proj_plane_pixel_scales(w)[0])))
print(json.dumps(cases))`;

interface Expected {
  readonly name: string;
  readonly align: boolean;
  readonly shape: readonly [number, number];
  /** Pixels of the picture whose position in the source is within 1e-6 of a pixel's edge. */
  readonly edge: readonly number[];
  readonly corners: readonly (readonly [number, number])[];
  readonly scale: number;
}

describe.skipIf(oraclePython() === undefined)(
  "pictures of distorted images (skipped where reproject is missing)",
  () => {
    it("pictures of distorted images equal those of reproject 0.21.0, astropy 8.0.2 and numpy, except where a position is on the edge of a pixel, and have the positions of the frame", async () => {
      const cases = askPython(MAKE_PICTURES, folder) as readonly Expected[];
      let pixels = 0;
      let exceptions = 0;
      for (const { name, align, shape, edge, corners, scale } of cases) {
        const header = parseHeader(new Uint8Array(readFileSync(join(folder, `${name}.header`))));
        const data = new Float32Array(new Uint8Array(readFileSync(join(folder, `${name}.data`))).buffer);
        const wanted = readFileSync(join(folder, `${name}.${align ? "True" : "False"}`));
        const picture = await renderPicture({
          source: memorySource(data, shape),
          box: { start: [0, 0], shape },
          wcs: wcsFromHeader(header),
          align,
        });
        const onEdge = new Set(edge);
        const wrong = [...picture.pixels.keys()].filter(
          (i) => picture.pixels[i] !== wanted[i] && !onEdge.has(i),
        );
        expect(wrong.length, `${name}, align ${align}`).toBe(0);
        pixels += wanted.length;
        exceptions += picture.pixels.reduce((count, value, i) => count + (value === wanted[i] ? 0 : 1), 0);
        for (const [i, [x, y]] of (
          [
            [0, 0],
            [shape[0] - 1, shape[1] - 1],
          ] as const
        ).entries()) {
          const [lon, lat] = tanPixelToSky(picture.frame, x, y);
          const dLon = lon - corners[i]![0];
          const east = (dLon - 360 * Math.round(dLon / 360)) * Math.cos((lat * Math.PI) / 180);
          expect(Math.hypot(east, lat - corners[i]![1]) / scale, `${name}, align ${align}`).toBeLessThan(
            1e-4,
          );
        }
      }
      console.log(
        `pictures: ${pixels - exceptions} of ${pixels} pixels in ${cases.length} pictures identical`,
      );
    });
  },
);
