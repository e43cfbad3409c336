import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { physicalValues } from "../../../packages/fits/src/read/physical-values.ts";
import { readSection } from "../../../packages/fits/src/read/read-section.ts";
import { planSection } from "../../../packages/fits/src/read/section-plan.ts";
import { imageOf, wholeImage } from "../../../packages/fits/test/support/image-fixtures.ts";
import { openFileSource } from "../../../src/archive/file-source.ts";
import { nodeInflate } from "../../../src/archive/node-inflate.ts";
import { askPython, hasProgram, oraclePython } from "../../support/oracles.ts";

interface Section {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Base64 of little-endian values as cfitsio gives them through fitsio. */
  readonly values: string;
}

interface Made {
  readonly name: string;
  readonly path: string;
  readonly sections: readonly Section[];
}

/**
 * Files like those of the surveys and others, packed by fpack and by cfitsio through fitsio, with
 * random sections of each.
 */
const MAKE = `
import base64, json, pathlib, subprocess, sys
import numpy as np, fitsio
from astropy.io import fits
folder, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
made = []

def sections(name, path, hdu=1):
    f = fitsio.FITS(str(path))[hdu]
    dims = f.get_dims()
    out = []
    for k in range(12):
        start = [int(rng.integers(0, n)) for n in dims]
        stop = [int(rng.integers(a + 1, n + 1)) for a, n in zip(start, dims)]
        v = np.ascontiguousarray(f[tuple(slice(a, b) for a, b in zip(start, stop))]).reshape([b - a for a, b in zip(start, stop)])
        little = v.astype(v.dtype.newbyteorder("<"))
        out.append({"start": start[::-1], "shape": list(v.shape[::-1]), "dtype": little.dtype.name, "values": base64.b64encode(little.tobytes()).decode()})
    made.append({"name": name, "path": str(path), "sections": out})

def noise(shape, dtype, sigma=30, mean=500):
    v = rng.normal(mean, sigma, shape)
    stars = rng.random(shape) < 0.003
    v[stars] += rng.pareto(1.2, stars.sum()) * 500
    return v.astype(dtype) if dtype[0] == "f" else np.clip(np.rint(v), np.iinfo(dtype).min, np.iinfo(dtype).max).astype(dtype)

def fpacked(name, data, *options, **cards):
    path = folder / (name.replace(" ", "-") + ".fits")
    fits.PrimaryHDU(data).writeto(path)
    subprocess.check_call(["fpack", *options, "-D", "-Y", str(path)], stdout=subprocess.DEVNULL)
    if cards:
        # this fpack does not pack floats that are scaled; the one of NEAT did
        with fits.open(str(path) + ".fz", mode="update", disable_image_compression=True) as f:
            for k, v in cards.items():
                f[1].header[k] = v
    sections(name, str(path) + ".fz")

shape = (230, 310)
fpacked("ATLAS uint16", noise(shape, "u2", mean=3000), "-r")
fpacked("Catalina uint16", noise(shape, "u2", mean=40000), "-r")
for method in ("-qt", "-q", "-qz"):
    for trial in range(3):
        fpacked(f"NEAT float {method} {trial}", noise(shape, "f4", mean=-32000), "-r", method, "4", BZERO=32768.0)
        fpacked(f"float scaled {method} {trial}", noise(shape, "f4", mean=0), "-r", method, "8", BSCALE=float(rng.normal()), BZERO=float(rng.normal() * 1e4))
fpacked("float tiles", noise(shape, "f4"), "-r", "-t", "50,40", "-q", "4", BZERO=32768.0)
fpacked("double", noise(shape, "f8"), "-r", "-q", "16")
fpacked("float gzip2", noise(shape, "f4"), "-g2", "-q", "0")
fpacked("int gzip", noise(shape, "i4"), "-g")
fpacked("byte", noise(shape, "u1", mean=90), "-r")
fpacked("int16 scaled", noise(shape, "i2"), "-r", BSCALE=0.013, BZERO=-7.7)
fpacked("int32 scaled", noise(shape, "i4"), "-r", BSCALE=0.013, BZERO=-7.7)
fpacked("hcompress", noise(shape, "i2"), "-h", "-s", "0")
fpacked("hcompress lossy", noise(shape, "i2"), "-h", "-s", "2")
fpacked("hcompress float", noise(shape, "f4"), "-h", "-q", "4")
fpacked("plio mask", (rng.random(shape) < 0.02).astype("i2") * 7, "-p")
fpacked("cube", noise((5, 40, 60), "i2"), "-r", "-t", "25,9,2")
for codec in ("RICE", "GZIP", "GZIP_2"):
    path = folder / f"fitsio-{codec}.fits"
    with fitsio.FITS(str(path), "rw") as f:
        f.write(noise(shape, "f4"), compress=codec, tile_dims=[30, 70], qlevel=4, qmethod="SUBTRACTIVE_DITHER_2", dither_seed=11)
    sections(f"fitsio {codec}", path)
for dtype in ("u1", "i2", "i4", "f4", "f8"):
    path = folder / f"plain-{dtype}.fits"
    fits.PrimaryHDU(noise((40, 50), dtype, mean=90)).writeto(path)
    with fits.open(path, mode="update", do_not_scale_image_data=True) as f:
        f[0].header["BSCALE"], f[0].header["BZERO"] = 1.37, 11.1
    sections(f"plain {dtype} scaled", path, 0)
print(json.dumps(made))
`;

const folder = mkdtempSync(join(tmpdir(), "sis-sections-"));
afterAll(() => rmSync(folder, { recursive: true }));
const able = oraclePython() !== undefined && hasProgram("fpack");
const seed = process.env.SECTIONS_SEED ?? "1";
const made = able ? (askPython(MAKE, folder, seed) as readonly Made[]) : [];

const NAMES: Readonly<Record<string, string>> = {
  uint8: "Uint8Array",
  int16: "Int16Array",
  uint16: "Uint16Array",
  int32: "Int32Array",
  float32: "Float32Array",
  float64: "Float64Array",
};

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength);

describe.runIf(able)("random sections of files that fpack and cfitsio packed", () => {
  it("random sections are read from more than 35 files packed by fpack and cfitsio", () =>
    expect(made.length).toBeGreaterThan(35));

  it.each(made)(
    "random sections of $name are bit for bit those that cfitsio reads (fitsio)",
    async ({ path, sections }) => {
      const source = openFileSource(path);
      try {
        const image = await imageOf(source, path.endsWith(".fz") || path.includes("fitsio-") ? 1 : 0);
        for (const { start, shape, dtype, values } of sections) {
          const plan = planSection(image, { start, shape });
          const found = physicalValues(image, await readSection(source, plan, { inflate: nodeInflate }));
          expect(found.constructor.name).toBe(NAMES[dtype]);
          expect(bytesOf(found).equals(Buffer.from(values, "base64")), `${start} + ${shape}`).toBe(true);
        }
      } finally {
        source.close();
      }
    },
  );

  it
    .runIf(hasProgram("imcopy"))
    .each(made.filter(({ name }) => /ATLAS|Catalina|tiles|int gzip|byte|lossy|mask|cube|double/.test(name)))(
    "random sections of $name have the pixels of the plain file that imcopy makes of them",
    async ({ name, path, sections }) => {
      const { start, shape } = sections[0]!;
      const range = start.map((first, axis) => `${first + 1}:${first + shape[axis]!}`).join(",");
      const copy = join(folder, "copy.fits");
      rmSync(copy, { force: true });
      execFileSync("imcopy", [`${path}[1][${range}]`, copy]);
      const [packed, plain] = [openFileSource(path), openFileSource(copy)];
      try {
        const image = await imageOf(packed, 1);
        const section = await readSection(packed, planSection(image, { start, shape }));
        const copied = await imageOf(plain, 0);
        const pixels = await readSection(plain, planSection(copied, wholeImage(copied)));
        if (name === "float tiles") {
          // imcopy rounds quantized floats before BZERO, which the reader of the copy applies: the
          // last bits differ
          const values = physicalValues(copied, pixels) as Float32Array;
          expect(
            section.every(
              (value, i) => Math.abs(Number(value) - values[i]!) <= 0.004 + 3e-7 * Math.abs(values[i]!),
            ),
          ).toBe(true);
        } else expect(bytesOf(section).equals(bytesOf(pixels))).toBe(true);
        expect(readFileSync(copy).length).toBeGreaterThan(2880);
      } finally {
        packed.close();
        plain.close();
      }
    },
  );
});
