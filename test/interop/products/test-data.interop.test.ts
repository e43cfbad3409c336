import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { addTestData } from "../../../src/test-data/add-test-data.ts";
import { MADE_SURVEYS } from "../../../src/test-data/surveys/registry.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

const directory = mkdtempSync(join(tmpdir(), "sis-look-alikes-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
vi.setConfig({ testTimeout: 180_000 });
const ready = oraclePython() !== undefined && hasProgram("funpack") && hasProgram("fitsverify");

/** Errors that fitsverify also reports for real files; it may report no others. */
const DELIBERATE = /Keyword #\d+, (DATE-OBS: \(from CFITSIO error stack:\)|DATE-MID)/;

const SKY = `
import sys, json
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
worst = 0.0
for path in json.loads(sys.argv[1]):
    hdu = 1 if path.endswith(".fz") else 0
    with fits.open(path) as h:
        d, w = h[hdu].data, WCS(h[hdu].header)
    y, x = np.mgrid[0:300, 0:300]
    ra, dec = w.all_pix2world(x, y, 0)
    even, odd = (x % 2 == 0) & (y % 2 == 0), (x % 2 == 1) & (y % 2 == 1)
    off = np.abs((d - ra + 180) % 360 - 180) * np.cos(np.radians(dec))
    worst = max(worst, off[even].max(), np.abs(d - dec)[odd].max(), np.abs(d[~even & ~odd]).max())
print(json.dumps(worst))
`;

const STARS = `
import sys, json, csv, warnings
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame
from astropy.coordinates import SkyCoord
warnings.simplefilter("ignore")
kind, lists, frames = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
stars = list(csv.DictReader(open(lists)))
worst, n = 0.0, 0
for lid, path in frames:
    with fits.open(path) as h:
        d, header = np.asarray(h[1 if path.endswith(".fz") else 0].data, float), h[1 if path.endswith(".fz") else 0].header
    for k in list(header):  # the rules for distortions: PV before SIP, TAN with PV is TPV
        if k[:2] in ("A_", "B_") or k[:3] in ("AP_", "BP_") or (kind == "catalina" and k.startswith(("CDELT", "CROTA"))) or k in ("XPIXELSZ", "YPIXELSZ", "DATE-MID"):
            del header[k]
    if kind in ("catalina", "spacewatch"):
        header["CTYPE1"], header["CTYPE2"] = "RA---TPV", "DEC--TPV"
    w = WCS(header)
    sky = np.median(d)
    own = [s for s in stars if s["ID"] == lid]
    at = SkyCoord([float(s["ra"]) for s in own], [float(s["dec"]) for s in own], unit="deg", frame="icrs").transform_to(wcs_to_celestial_frame(w)).spherical
    xs, ys = w.all_world2pix(at.lon.deg, at.lat.deg, 0, tolerance=1e-9, maxiter=100)
    for s, x, y in zip(own, xs, ys):
        near = sum(np.hypot(x - a, y - b) < 20 for a, b in zip(xs, ys))
        i, j = int(round(y)), int(round(x))
        if float(s["peak"]) < 3000 or near > 1 or not (6 <= i < d.shape[0] - 6 and 6 <= j < d.shape[1] - 6):
            continue
        box = d[i - 6 : i + 7, j - 6 : j + 7] - sky
        b, a = np.mgrid[i - 6 : i + 7, j - 6 : j + 7]
        n += 1
        worst = max(worst, np.hypot((a * box).sum() / box.sum() - x, (b * box).sum() / box.sum() - y))
print(json.dumps([n, worst]))
`;

describe.skipIf(!ready)("test data", () => {
  test("test data of the survey sky have in each pixel its position by astropy, to 1e-9 degree", async () => {
    const frames = await addTestData({ directory, survey: "sky", frames: 20 });
    expect(askPython(SKY, JSON.stringify(frames.map(({ path }) => path)))).toBeLessThan(1e-9);
  });

  test.each(MADE_SURVEYS.filter(({ name }) => name !== "sky"))(
    "test data of the survey $name have their stars at the listed positions (astropy)",
    async ({ name, folder }) => {
      const frames = await addTestData({ directory, survey: name, frames: 24, seed: 4 });
      const list = join(directory, folder, "stars.csv");
      const pairs = frames.map(({ lid, path }) => [lid, path]);
      const [count, worst] = askPython(STARS, name, list, JSON.stringify(pairs)) as [number, number];
      expect(count).toBeGreaterThan(5);
      expect(worst).toBeLessThan(0.7);
    },
  );

  test("test data pass fitsverify, except for the faults of real files, and are unpacked by funpack", async () => {
    const folder = join(directory, "all");
    for (const survey of MADE_SURVEYS) {
      for (const { path } of await addTestData({ directory: folder, survey: survey.name, frames: 4 })) {
        const { stdout } = spawnSync("fitsverify", [path], { encoding: "utf8" });
        const found = stdout.split("\n").filter((line) => /\*\*\* (Error|Warning)/.test(line));
        expect(
          found.filter((line) => !DELIBERATE.test(line)),
          path,
        ).toEqual([]);
        if (survey.name !== "atlas" && survey.name !== "catalina") expect(stdout).toMatch(/ 0 error\(s\)/);
        if (path.endsWith(".fz")) execFileSync("funpack", ["-O", `${path}.unpacked`, path]);
      }
    }
  });
});
