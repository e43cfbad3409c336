import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { encodePicture as encodeParts } from "../../src/products/encode/encode-picture.ts";

const encodePicture = async (...input: Parameters<typeof encodeParts>) =>
  Buffer.concat(await encodeParts(...input));

const width = 61;
const height = 37;

function pixels(channels: 1 | 3): Uint8Array {
  return Uint8Array.from(
    { length: width * height * channels },
    (_, i) => (i * 7 + ((i / width) | 0) * 3) & 0xff,
  );
}

const xmp =
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">Größe</x:xmpmeta>\n<?xpacket end="w"?>';

/** Types and data of the chunks of a PNG file. */
function chunks(png: Buffer): readonly (readonly [string, Buffer])[] {
  const out: (readonly [string, Buffer])[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    out.push([png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return out;
}

describe("encoded pictures, as decoded by sharp", () => {
  for (const channels of [1, 3] as const) {
    it(`PNG keeps every pixel of ${channels} channels (decoded by sharp)`, async () => {
      const picture = { width, height, channels, pixels: pixels(channels) };
      const file = await encodePicture(picture, { format: "png", xmp });
      const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([width, height]);
      const back = data.filter((_, i) => i % info.channels < channels);
      expect(Buffer.compare(back, picture.pixels)).toBe(0);
    });
  }

  it("a grey JPEG has one component, and the requested quality (decoded by sharp)", async () => {
    const flat = Uint8Array.from({ length: width * height }, (_, i) => 60 + (i % width) * 2);
    const picture = { width, height, channels: 1, pixels: flat } as const;
    const fine = await encodePicture(picture, { format: "jpeg", xmp });
    const coarse = await encodePicture(picture, { format: "jpeg", quality: 30, xmp });
    const metadata = await sharp(fine).metadata();
    expect([metadata.channels, metadata.width, metadata.height]).toEqual([1, width, height]);
    expect(coarse.length).toBeLessThan(fine.length);
    const back = await sharp(fine).toColourspace("b-w").raw().toBuffer();
    for (let i = 0; i < back.length; i++) expect(Math.abs(back[i]! - flat[i]!)).toBeLessThan(6);
  });

  it("a picture of one row and one pixel is encoded (decoded by sharp)", async () => {
    for (const size of [1, 70]) {
      const picture = { width: size, height: 1, channels: 1, pixels: new Uint8Array(size).fill(9) } as const;
      for (const format of ["jpeg", "png"] as const) {
        const metadata = await sharp(await encodePicture(picture, { format })).metadata();
        expect([metadata.width, metadata.height]).toEqual([size, 1]);
      }
    }
  });
});

describe("XMP packets in pictures", () => {
  const picture = { width, height, channels: 1, pixels: pixels(1) } as const;

  it("the XMP packet of a PNG is an uncompressed iTXt chunk after IHDR", async () => {
    const [first, second, ...others] = chunks(
      Buffer.from(await encodePicture(picture, { format: "png", xmp })),
    );
    expect(first![0]).toBe("IHDR");
    expect(second![0]).toBe("iTXt");
    expect(second![1].toString("utf8")).toBe(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`);
    expect(others.map(([type]) => type)).not.toContain("zTXt");
    expect(others.at(-1)![0]).toBe("IEND");
  });

  it("the XMP packet of a JPEG is an APP1 segment, where sharp finds it", async () => {
    const file = await encodePicture(picture, { format: "jpeg", xmp });
    const metadata = await sharp(file).metadata();
    expect(metadata.xmp?.toString("utf8")).toBe(xmp);
  });

  it("an XMP packet that is too long for a segment is PICTURE_FAILED", async () => {
    const long = xmp.padEnd(70_000);
    await expect(encodePicture(picture, { format: "jpeg", xmp: long })).rejects.toMatchObject({
      code: "PICTURE_FAILED",
    });
  });
});

describe("invalid pictures", () => {
  it("a picture that cannot be encoded is PICTURE_FAILED", async () => {
    const few = { width: 100, height: 100, channels: 1, pixels: new Uint8Array(5) } as const;
    await expect(encodePicture(few, { format: "png" })).rejects.toMatchObject({ code: "PICTURE_FAILED" });
    const wide = { width: 65536, height: 1, channels: 1, pixels: new Uint8Array(65536) } as const;
    await expect(encodePicture(wide, { format: "jpeg" })).rejects.toMatchObject({ code: "PICTURE_FAILED" });
  });
});
