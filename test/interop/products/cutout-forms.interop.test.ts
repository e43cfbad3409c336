import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import { imageHeader } from "../../../packages/fits/src/header/image-header.ts";
import { wcsFromHeader } from "../../../packages/wcs/src/header/wcs-from-header.ts";
import { pixelToIcrs } from "../../../packages/wcs/src/transform/sky.ts";
import { openFileSource } from "../../../src/archive/file-source.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import type { FitsRequest, ProductService } from "../../../src/products/product.ts";
import { addTestData } from "../../../src/test-data/add-test-data.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";
import { builtProducts } from "../../support/products/product-app.ts";
import { THREAD_PROGRAM } from "../../support/programs/built-program.ts";
import { memoryCatalog, RECORD } from "../../support/test-service.ts";

/** Compares a packed cutout with the plain one, as astropy, cfitsio and funpack read it. */
const COMPARE = `
import json, sys, warnings
import numpy as np, fitsio
from astropy import log
from astropy.io import fits
from astropy.wcs import WCS
warnings.simplefilter("ignore")
log.setLevel("ERROR")
plain, packed, unpacked = sys.argv[1:4]
def wcs(header):
    h = header.copy()
    # TPV before SIP, as this project reads both together
    if "PV1_1" in h:
        h["CTYPE1"], h["CTYPE2"] = "RA---TPV", "DEC--TPV"
        for k in [k for k in h if k[:2] in ("A_", "B_") or k in ("CDELT1", "CDELT2", "CROTA1", "CROTA2", "XPIXELSZ", "YPIXELSZ", "PLTSCALE")]:
            del h[k]
    return WCS(h)
with fits.open(plain) as f, fits.open(packed) as p, fits.open(unpacked) as u:
    scaled = f[0].header["BITPIX"] < 0 and f[0].header.get("BZERO", 0) != 0
    a, b, d = f[0].data, p[1].data, u[0].data
    exact = a.dtype.kind in "iu"
    # cfitsio rounds scaled floats once while it unpacks them, but twice when they have been unpacked
    c = fitsio.FITS(packed)[1].read() if not scaled else next(each for each in fitsio.FITS(unpacked) if each.has_data()).read()
    gx, gy = [v.ravel() for v in np.meshgrid(np.linspace(0, a.shape[1] - 1, 5), np.linspace(0, a.shape[0] - 1, 5))]
    s, t = np.array(wcs(f[0].header).all_pix2world(gx, gy, 0)), np.array(wcs(p[1].header).all_pix2world(gx, gy, 0))
    flat = a[np.isfinite(a)].astype(float)
    noise = 1.4826 * np.median(np.abs(np.diff(flat) - np.median(np.diff(flat)))) / np.sqrt(2)
    print(json.dumps({
        "equal": bool(np.array_equal(a, b) and np.array_equal(a, c) and np.array_equal(a, d)),
        "same": bool(np.array_equal(b, c, equal_nan=not exact) and np.array_equal(b, d, equal_nan=not exact)),
        "worst": float(np.nanmax(np.abs(a.astype(float) - b)) / noise),
        "off": float(np.abs((s - t + 180) % 360 - 180).max()), "cards": len(p[1].header)}))
`;

interface Comparison {
  readonly equal: boolean;
  readonly same: boolean;
  /** Largest difference, in units of the noise. */
  readonly worst: number;
  /** Largest difference of positions, degrees. */
  readonly off: number;
  readonly cards: number;
}

/** The keywords of an HDU's header as astropy shows them. */
const KEYWORDS = `
import json, sys, warnings
from astropy.io import fits
warnings.simplefilter("ignore")
with fits.open(sys.argv[1], do_not_scale_image_data=True) as f:
    own = list(f[int(sys.argv[2])].header)
print(json.dumps({"own": own, "text": list(fits.Header.fromtextfile(sys.argv[3]))}))
`;

const folder = mkdtempSync(join(tmpdir(), "sis-forms-"));
const HDUS = { neat: 1, atlas: 1, catalina: 1, spacewatch: 0, loneos: 0 } as const;
type Survey = keyof typeof HDUS;
const ready =
  oraclePython() !== undefined &&
  hasProgram("fitsverify") &&
  hasProgram("funpack") &&
  existsSync(THREAD_PROGRAM);

describe.runIf(ready)("forms of cutouts of survey frames", () => {
  const frames = new Map<Survey, { readonly lid: string; readonly path: string }>();
  let products: ProductService;

  beforeAll(async () => {
    for (const survey of Object.keys(HDUS) as Survey[]) {
      const [made] = await addTestData({ directory: join(folder, survey), survey, frames: 1, seed: 5 });
      frames.set(survey, made!);
    }
    const records = [...frames.values()].map(({ lid, path }) => ({
      ...RECORD,
      obsId: lid,
      imageUrl: pathToFileURL(path).href,
    }));
    const settings = loadSettings(folder, { SBNSIS_CUTOUT_CACHE: join(folder, "cache") });
    products = builtProducts(settings, memoryCatalog(records), "0");
  }, 120_000);

  afterAll(async () => {
    await products.close();
    rmSync(folder, { recursive: true });
  });

  async function middleOf(survey: Survey) {
    const source = openFileSource(frames.get(survey)!.path);
    try {
      const { hdus } = await openFits(source);
      return pixelToIcrs(wcsFromHeader(imageHeader(hdus[HDUS[survey]]!)), 100.3, 90.7)!;
    } finally {
      source.close();
    }
  }

  it.each(Object.keys(HDUS) as Survey[])(
    "a packed cutout of %s: pixels of astropy, cfitsio and funpack, positions of astropy, nothing for fitsverify to add",
    async (survey) => {
      const { lid: id } = frames.get(survey)!;
      const { ra, dec } = await middleOf(survey);
      const cutout = { ra, dec, size: { text: "160px", sides: [pixels(160), pixels(160)] as const } };
      const make = (fits?: FitsRequest) =>
        products.get({ id, format: "fits", align: false, cutout, ...(fits && { fits }) });
      const plain = await make();
      for (const header of ["full", "minimal"] as const) {
        const packed = await make({ pack: "rice", ...(header === "minimal" && { header }) });
        const unpacked = join(folder, `${survey}-${header}.fits`);
        execFileSync("funpack", ["-O", unpacked, packed.path]);
        const found = askPython(COMPARE, plain.path, packed.path, unpacked) as Comparison;
        const isFloat = survey === "neat" || survey === "spacewatch";
        expect(found).toMatchObject({ same: true, equal: !isFloat });
        // NEAT is quantized in its own step of noise/4, Spacewatch in noise/16
        expect(found.worst).toBeLessThan(!isFloat ? 1e-9 : survey === "neat" ? 0.2 : 0.05);
        expect(found.off).toBeLessThan(1e-9);
        if (header === "full") continue;
        const verified = (path: string) => execFileSync("fitsverify", ["-q", path], { encoding: "utf8" });
        // ATLAS's odd date is an error of the source itself
        if (survey !== "atlas") {
          expect(verified(packed.path)).toMatch(/verification OK/);
          expect(verified(unpacked)).toMatch(/verification OK/);
        }
        console.info(
          `${survey}: ${plain.size} bytes plain, ${packed.size} packed with ${found.cards} cards (1/${(plain.size / packed.size).toFixed(1)})`,
        );
        expect(packed.size).toBeLessThan(plain.size / (isFloat ? 3 : 1.4));
      }
    },
    120_000,
  );

  it.each(Object.keys(HDUS) as Survey[])(
    "format=header of %s has the keywords that astropy shows",
    async (survey) => {
      const { lid: id, path } = frames.get(survey)!;
      const product = await products.get({ id, format: "header", align: false });
      const lines = readFileSync(product.path, "latin1").split("\n");
      expect(lines.at(-2)).toBe("END".padEnd(80));
      const { own, text } = askPython(KEYWORDS, path, String(HDUS[survey]), product.path) as Record<
        string,
        string[]
      >;
      // astropy moves BZERO and BSCALE of compressed images to the front
      expect(text.toSorted()).toEqual(own.toSorted());
    },
  );
});

function pixels(length: number) {
  return { unit: "pixel", length } as const;
}
