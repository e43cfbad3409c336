import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFits } from "../../../packages/fits/src/file/fits-file.ts";
import { latin1 } from "../../../packages/fits/src/header/card.ts";
import { imageHeader } from "../../../packages/fits/src/header/image-header.ts";
import { openFileSource } from "../../../src/archive/file-source.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

const MAKE = `
import sys, json, numpy as np
from astropy.io import fits
rng = np.random.default_rng(0)
h = fits.Header()
for k, v in (("OBJECT", "O'Hara"), ("EXPTIME", 30.0), ("FLAG", True), ("CRVAL1", 1.5e-7), ("LONGTEXT", "x" * 100), ("HIERARCH ESO DET ID", "CCID20"), ("RIGHT", "   deg")):
    h[k] = (v, "a comment")
h.add_history("made")
h.add_comment("a comment of its own")
h["EMPTY"] = None
primary = fits.PrimaryHDU(rng.integers(0, 9000, (40, 50)).astype("u2"), h)
primary.writeto(sys.argv[1] + "/primary.fits")
extension = fits.ImageHDU(rng.normal(0, 9, (40, 50)).astype("f4"), h, name="SCI", ver=3)
fits.HDUList([fits.PrimaryHDU(), extension]).writeto(sys.argv[1] + "/extension.fits")
print(json.dumps(True))
`;

const folder = mkdtempSync(join(tmpdir(), "sis-header-"));
afterAll(() => rmSync(folder, { recursive: true }));
const able = oraclePython() !== undefined && hasProgram("fpack") && hasProgram("funpack");

async function cards(name: string, hdu: number): Promise<readonly string[]> {
  const source = openFileSource(join(folder, name));
  try {
    const { hdus } = await openFits(source);
    return imageHeader(hdus[hdu]!)
      .cards.filter(({ keyword }) => !/^(?:SIMPLE|XTENSION|CHECKSUM|DATASUM)$/.test(keyword))
      .map(({ bytes }) => latin1(bytes));
  } finally {
    source.close();
  }
}

describe.runIf(able)("the header of a compressed image", () => {
  beforeAll(() => askPython(MAKE, folder));

  it.each([
    ["primary", 0],
    ["extension", 1],
  ])(
    "the header of a packed %s is byte for byte the one that funpack restores, except for the first card and the checksums",
    async (name, hdu) => {
      execFileSync("fpack", ["-r", "-Y", join(folder, `${name}.fits`)], { stdio: "ignore" });
      execFileSync("funpack", ["-O", join(folder, `${name}.un.fits`), join(folder, `${name}.fits.fz`)]);
      const restored = await cards(`${name}.fits.fz`, 1);
      expect(restored.length).toBeGreaterThan(12);
      expect(restored).toEqual(await cards(`${name}.un.fits`, hdu));
    },
  );
});
