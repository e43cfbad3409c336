import { crc32, deflateSync, inflateSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { ApngWriter } from "../src/animation/apng.ts";

const width = 23;
const height = 17;
const pictures = [0, 1, 2].map((k) =>
  Uint8Array.from({ length: width * height }, (_, i) => (i * (k + 3) + 40 * k) % 256),
);

function animation(xmp?: string): Buffer {
  const writer = new ApngWriter({
    width,
    height,
    frames: 3,
    seconds: 0.4,
    plays: 0,
    deflate: deflateSync,
    ...(xmp !== undefined && { xmp }),
  });
  const parts = [...writer.head(), ...pictures.flatMap((picture) => writer.frame(picture)), writer.end()];
  return Buffer.concat(parts);
}

/** Chunks of a PNG: type and data; checks lengths and zlib's CRC. */
function chunksOf(file: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

test("an APNG has the chunks and sequence numbers of the PNG standard, third edition, 4.9", () => {
  const chunks = chunksOf(animation());
  expect(chunks.map(({ type }) => type).join(" ")).toBe("IHDR acTL fcTL IDAT fcTL fdAT fcTL fdAT IEND");
  const sequenced = chunks.filter(({ type }) => type === "fcTL" || type === "fdAT");
  expect(sequenced.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4]);
  const [control] = sequenced;
  expect(control!.data.readUInt16BE(20) / control!.data.readUInt16BE(22)).toBeCloseTo(0.4, 12);
  const frames = chunks.filter(({ type }) => type === "IDAT" || type === "fdAT");
  for (const [k, { type, data }] of frames.entries()) {
    const rows = inflateSync(type === "IDAT" ? data : data.subarray(4));
    for (let y = 0; y < height; y++) {
      const row = rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1));
      expect([...row]).toEqual([...pictures[k]!.subarray(y * width, (y + 1) * width)]);
    }
  }
});

test("libvips reads the first picture of an APNG as a still image, and its XMP", async () => {
  const file = animation("<x:xmpmeta xmlns:x='adobe:ns:meta/'>å</x:xmpmeta>");
  const { data, info } = await sharp(file).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([width, height, 1]);
  expect([...data]).toEqual([...pictures[0]!]);
  expect(file.includes(Buffer.from("å"))).toBe(true);
});

test("an APNG with missing, too many or wrong pictures is refused", () => {
  const options = { width, height, frames: 1, seconds: 1, plays: 0, deflate: deflateSync };
  const writer = new ApngWriter(options);
  expect(() => writer.end()).toThrow("0 of 1 pictures");
  expect(() => writer.frame(new Uint8Array(3))).toThrow("3 levels");
  writer.frame(pictures[0]!);
  expect(() => writer.frame(pictures[1]!)).toThrow("more than 1 pictures");
  expect(() => new ApngWriter({ ...options, frames: 0 })).toThrow(RangeError);
  expect(() => new ApngWriter({ ...options, seconds: 100 })).toThrow(RangeError);
});
