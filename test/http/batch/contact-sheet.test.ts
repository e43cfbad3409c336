import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { contactSheet, sheetSize } from "../../../src/http/batch/files/contact-sheet.ts";

const plain = async (level: number, width: number, height: number) => {
  const image = { width, height, channels: 3 as const, background: { r: level, g: level, b: level } };
  return await sharp({ create: image }).png().toBuffer();
};

describe("a contact sheet", () => {
  it("a contact sheet has each picture in its square, in the given number of columns, and a text if there is none", async () => {
    const levels = [200, 100, 250];
    const cells = [
      ...levels.map((level) => ({ caption: `level ${level}`, picture: () => plain(level, 20, 20) })),
      { caption: "none", picture: async () => "OFF_IMAGE" },
      { caption: "wide", picture: () => plain(180, 300, 100) },
    ];
    const sheet = await contactSheet(cells, 2);
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ ...sheetSize(5, 2), format: "raw", channels: 3 });
    // squares of 160 pixels at intervals of 164 and 176 pixels, from pixel 4 on
    const at = (column: number, row: number, x: number, y: number) =>
      data[((4 + row * 176 + y) * info.width + 4 + column * 164 + x) * 3]!;
    expect(Math.abs(at(0, 0, 80, 80) - 200)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(1, 0, 5, 150) - 100)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(0, 1, 150, 5) - 250)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(1, 1, 80, 150) - 48)).toBeLessThanOrEqual(2);
    // 300 x 100 becomes 160 x 53, with margins above and below
    expect(Math.abs(at(0, 2, 80, 80) - 180)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(0, 2, 80, 20) - 48)).toBeLessThanOrEqual(2);
    const caption = data.subarray((4 + 160 + 2) * info.width * 3, (4 + 172) * info.width * 3);
    expect(Math.max(...caption)).toBeGreaterThan(200);
  });
});
