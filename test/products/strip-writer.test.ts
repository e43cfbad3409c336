import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePicture, type PicturePixels } from "../../src/products/encode/encode-picture.ts";
import { StripJoiner, stripRows } from "../../src/products/encode/jpeg-strips.ts";
import { StripWriter } from "../../src/products/encode/strip-writer.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-strips-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const xmp =
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">Größe</x:xmpmeta>\n<?xpacket end="w"?>';

function picture(width: number, height: number, channels: 1 | 3): PicturePixels {
  const pixels = new Uint8Array(width * height * channels);
  for (let first = 0, i = 0; i < pixels.length; first += width) {
    const row = (first / width) & 63;
    for (; i < first + width; i++) pixels[i] = (Math.imul(i, 2654435761) >>> 25) + row;
  }
  return { width, height, channels, pixels };
}

async function decoded(file: string | Buffer): Promise<Buffer> {
  return await sharp(file, { limitInputPixels: false }).raw().toBuffer();
}

describe("StripWriter", () => {
  for (const [width, height, channels] of [
    // three strips, the last of 92 rows; twenty, so that the numbers of restart markers start over;
    // a last strip of one row; two strips
    [20_000, 300, 1],
    [60_000, 640, 1],
    [20_001, 209, 3],
    [2100, 2000, 1],
  ] as const) {
    it(`a JPEG written in strips has the pixels of one encoded at once: ${width} x ${height}, ${channels} channels`, async () => {
      const whole = picture(width, height, channels);
      const encoding = { format: "jpeg", quality: 80, xmp } as const;
      const path = join(folder, `${width}.jpeg`);
      const writer = new StripWriter(path, whole, encoding);
      for (let rows = 0; rows <= height; rows += 97) await writer.add(rows);
      await writer.add(height);
      const product = await writer.finish();
      const metadata = await sharp(path, { limitInputPixels: false }).metadata();
      expect([metadata.width, metadata.height, metadata.xmp?.toString("utf8")]).toEqual([width, height, xmp]);
      expect(product?.size).toBe(metadata.size ?? product?.size);
      const atOnce = Buffer.concat(await encodePicture(whole, encoding));
      expect(Buffer.compare(await decoded(path), await decoded(atOnce))).toBe(0);
      expect(readdirSync(folder)).toEqual([`${width}.jpeg`]);
      rmSync(path);
    });
  }

  it("a JPEG written in strips waits for the rows of a strip, and does not read others", async () => {
    const whole = picture(20_000, 300, 1);
    const pixels = new Uint8Array(whole.pixels.length);
    const writer = new StripWriter(join(folder, "late.jpeg"), { ...whole, pixels }, { format: "jpeg" });
    const rows = stripRows(20_000);
    expect(rows).toBe(104);
    pixels.set(whole.pixels.subarray(0, rows * 20_000));
    await writer.add(rows);
    // the first strip is written when its part of the file exists: another could have started
    await expect.poll(() => readdirSync(folder)).not.toEqual([]);
    pixels.set(whole.pixels);
    await writer.add(300);
    await writer.finish();
    const atOnce = Buffer.concat(await encodePicture(whole, { format: "jpeg" }));
    expect(Buffer.compare(await decoded(join(folder, "late.jpeg")), await decoded(atOnce))).toBe(0);
    rmSync(join(folder, "late.jpeg"));
  });

  it("a JPEG written in strips leaves nothing behind when it cannot be written or encoded, or is abandoned", async () => {
    const whole = picture(2100, 2000, 1);
    const nowhere = new StripWriter(join(folder, "missing", "a.jpeg"), whole, { format: "jpeg" });
    await nowhere.add(2000);
    expect(await nowhere.finish()).toBeUndefined();
    const broken = { ...whole, pixels: whole.pixels.subarray(0, 5000) };
    const failing = new StripWriter(join(folder, "b.jpeg"), broken, { format: "jpeg" });
    await failing.add(2000);
    expect(await failing.finish()).toBeUndefined();
    const abandoned = new StripWriter(join(folder, "c.jpeg"), picture(20_000, 300, 1), { format: "jpeg" });
    await abandoned.add(250);
    await abandoned.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
});

it("strips with different tables, or that are not baseline JPEGs, are refused", async () => {
  const strip = async (quality: number) => {
    const parts = await encodePicture(picture(20_000, 104, 1), { format: "jpeg", quality });
    return Buffer.concat(parts);
  };
  const joiner = new StripJoiner(20_000, 208);
  joiner.add(await strip(90));
  const other = await strip(50);
  expect(() => joiner.add(other)).toThrow("different tables");
  expect(() => joiner.add(Buffer.from("ffd8ffe000104a46", "hex"))).toThrow("not a baseline JPEG");
});
