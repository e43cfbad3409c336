import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { avmPacket } from "../../../packages/imaging/src/avm/avm.ts";
import { type TanFrame, tanPixelToSky } from "../../../packages/imaging/src/frame/tan-frame.ts";
import { encodePicture } from "../../../src/products/encode/encode-picture.ts";
import { avmNumbers, readAvm } from "../../support/avm-reader.ts";
import { askPython, hasProgram, oraclePython, sharedFolder } from "../../support/oracles.ts";

const packets = sharedFolder("data", "pyavm");
const folder = mkdtempSync(join(tmpdir(), "avm-"));
afterAll(() => rmSync(folder, { recursive: true }));

const READ_XML = `
import sys, json, warnings
warnings.simplefilter("ignore")
from pyavm import AVM
out = {}
for path in sys.argv[1:]:
    a = AVM.from_xml_file(path)
    s = a.Spatial
    out[path] = dict(value=s.ReferenceValue, pixel=s.ReferencePixel, scale=s.Scale, rotation=s.Rotation, cd=s.CDMatrix, title=a.Title)
print(json.dumps(out))`;

describe.skipIf(packets === undefined || oraclePython() === undefined)(
  "AVM packets of archives (skipped where the packets or pyavm are missing)",
  () => {
    it("all AVM packets of archives are read, with the coordinates that pyavm 0.9.9 reads", () => {
      const paths = readdirSync(packets!)
        .filter((name) => name.endsWith(".xml"))
        .map((name) => join(packets!, name));
      const expected = askPython(READ_XML, ...paths) as Record<string, Record<string, unknown>>;
      expect(paths.length).toBeGreaterThan(0);
      let placed = 0;
      for (const path of paths) {
        const record = readAvm(readFileSync(path, "utf8"));
        const wanted = expected[path]!;
        for (const [key, name] of [
          ["value", "Spatial.ReferenceValue"],
          ["pixel", "Spatial.ReferencePixel"],
          ["scale", "Spatial.Scale"],
          ["cd", "Spatial.CDMatrix"],
        ] as const) {
          if (wanted[key] === null) continue;
          expect(avmNumbers(record, name), `${path} ${name}`).toEqual(wanted[key]);
          placed++;
        }
        if (wanted.rotation !== null)
          expect(avmNumbers(record, "Spatial.Rotation")?.[0]).toBe(wanted.rotation);
        if (typeof wanted.title === "string") expect(record.get("Title")?.[0]).toBe(wanted.title.trim());
      }
      expect(placed).toBeGreaterThan(0);
    });
  },
);

const READ_PICTURES = `
import sys, json, warnings
warnings.simplefilter("ignore")
from pyavm import AVM
out = []
for path in sys.argv[1:]:
    a = AVM.from_image(path)
    w = a.to_wcs()
    nx, ny = a.Spatial.ReferenceDimension
    xy = [[0, 0], [nx - 1, 0], [0, ny - 1], [nx - 1, ny - 1], [nx / 3, ny / 2]]
    out.append(dict(xy=xy, sky=w.wcs_pix2world(xy, 0).tolist(), title=a.Title, id=a.DatasetID, radesys=w.wcs.radesys))
print(json.dumps(out))`;

const scale = 1.86 / 3600;
const frames: Readonly<Record<string, TanFrame>> = {
  north: {
    system: "ICRS",
    equinox: 2000,
    crval: [0.001, 88.5],
    crpix: [50.5, 40.5],
    cd: [-scale, 0, 0, scale],
  },
  turned: { system: "FK5", equinox: 2000, crval: [210, -33], crpix: [50.5, 40.5], cd: [scale, 0, 0, -scale] },
  mirrored: {
    system: "FK5",
    equinox: 2000,
    crval: [174.6, 17.9],
    crpix: [50.5, 40.5],
    cd: [-scale, 0, 0, -scale],
  },
  askew: {
    system: "ICRS",
    equinox: 2000,
    crval: [359.99, -5],
    crpix: [50.5, 40.5],
    cd: [-scale * 0.8, -scale * 0.6, -scale * 0.6, scale * 0.8],
  },
};

async function writePictures(): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, frame] of Object.entries(frames)) {
    const xmp = avmPacket(
      { width: 100, height: 80, frame },
      { title: "Größe & <Ort>", datasetId: "urn:nasa:pds:x" },
    );
    for (const format of ["jpeg", "png"] as const) {
      const picture = { width: 100, height: 80, channels: 1, pixels: new Uint8Array(8000).fill(90) } as const;
      const path = join(folder, `${name}.${format}`);
      writeFileSync(path, Buffer.concat(await encodePicture(picture, { format, xmp })));
      paths.push(path);
    }
  }
  return paths;
}

describe.skipIf(oraclePython() === undefined)("pictures read by pyavm 0.9.9 and astropy", () => {
  it("pictures, also mirrored ones, have the sky positions of their frames to 1e-6 pixel (pyavm 0.9.9, astropy)", async () => {
    const paths = await writePictures();
    const read = askPython(READ_PICTURES, ...paths) as {
      readonly xy: [number, number][];
      readonly sky: [number, number][];
      readonly title: string;
      readonly id: string[];
    }[];
    for (const [i, { xy, sky, title, id }] of read.entries()) {
      const frame = Object.values(frames)[i >> 1]!;
      expect(title).toBe("Größe & <Ort>");
      expect(id).toEqual(["urn:nasa:pds:x"]);
      for (const [k, [x, y]] of xy.entries()) {
        const [lon, lat] = tanPixelToSky(frame, x, y);
        const dLon = sky[k]![0] - lon;
        const east = (dLon - 360 * Math.round(dLon / 360)) * Math.cos((lat * Math.PI) / 180);
        expect(Math.hypot(east, sky[k]![1] - lat) / scale, `${paths[i]} ${x} ${y}`).toBeLessThan(1e-6);
      }
    }
  });
});

describe.skipIf(!hasProgram("exiftool"))("pictures read by exiftool", () => {
  it("exiftool reads the title and the coordinates of a picture", async () => {
    const paths = await writePictures();
    const printed = execFileSync("exiftool", ["-j", "-struct", "-XMP:all", "-validate", ...paths], {
      encoding: "utf8",
    });
    const read = JSON.parse(printed) as Record<string, unknown>[];
    expect(read).toHaveLength(paths.length);
    for (const record of read) expect(record.Title, String(record.SourceFile)).toBe("Größe & <Ort>");
  });
});
