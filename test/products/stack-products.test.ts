import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeImage,
  headerNumber,
  headerText,
  memorySource,
  openFits,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";
import { positionAt } from "@sbnsis/imaging";
import { icrsToPixel, wcsFromHeader } from "@sbnsis/wcs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import type { Product, ProductService } from "../../src/products/product.ts";
import type { BlinkRequest, StackRequest } from "../../src/products/stack/stack-request.ts";
import { type MovingFrames, movingFrames } from "../support/inputs/moving-frames.ts";
import { builtProducts } from "../support/products/product-app.ts";
import { memoryCatalog } from "../support/test-service.ts";

const folder = mkdtempSync(join(tmpdir(), "sis-stacks-"));
let made: MovingFrames;
let products: ProductService;

beforeAll(() => {
  made = movingFrames(join(folder, "frames"), 8);
  const settings = loadSettings(folder, {
    SBNSIS_CUTOUT_CACHE: join(folder, "cache"),
    SBNSIS_COMPUTE_THREADS: "2",
  });
  products = builtProducts(settings, memoryCatalog(made.records));
});

afterAll(async () => {
  await products.close();
  rmSync(folder, { recursive: true });
});

function stackOf(more: Partial<StackRequest> = {}): StackRequest {
  return {
    kind: "stack",
    rows: made.rows,
    size: { pixels: 41 },
    align: "object",
    interpolation: "cubic",
    combine: "median",
    background: "median",
    zeroPoints: "none",
    weights: "sigma",
    format: "fits",
    ...more,
  };
}

function blinkOf(more: Partial<BlinkRequest> = {}): BlinkRequest {
  return {
    kind: "blink",
    rows: made.rows,
    size: { pixels: 96 },
    align: "object",
    interpolation: "nearest",
    format: "png",
    rate: 2,
    plays: 0,
    marks: ["object", "compass"],
    ...more,
  };
}

const bytesOf = (product: Product) => Uint8Array.from(readFileSync(product.path));

async function fitsOf(product: Product) {
  const source = memorySource(bytesOf(product));
  const { hdus } = await openFits(source);
  const planes = await Promise.all(
    hdus.slice(0, 3).map(async (hdu) => {
      const image = (await describeImage(source, hdu))!;
      const shape = [image.naxis[0]!, image.naxis[1]!] as const;
      return physicalValues(image, await readSection(source, planSection(image, { start: [0, 0], shape })));
    }),
  );
  return { header: hdus[0]!.header, hdus, planes };
}

/** Flux within 5 pixels of the middle of a plane of 41 pixels, and the offset of its centroid. */
function moments(values: ArrayLike<number | bigint>, cx = 20, cy = 20) {
  let [flux, sx, sy] = [0, 0, 0];
  for (let y = 0; y < 41; y++) {
    for (let x = 0; x < 41; x++) {
      if (Math.hypot(x - cx, y - cy) > 5) continue;
      const value = Number(values[y * 41 + x]!);
      flux += value;
      sx += value * (x - cx);
      sy += value * (y - cy);
    }
  }
  return { flux, off: Math.hypot(sx / flux, sy / flux) };
}

describe("stacks of a moving object by the product service", () => {
  it("a stack aligned on the object has the made frames' object in its middle, with its flux, and says how it was made", async () => {
    const product = await products.stack(stackOf({ combine: "mean", target: "2060 Made", batch: "abc" }));
    expect(product).toMatchObject({
      origin: "made",
      mediaType: "image/fits",
      downloadFilename: "2060_Made_stack.fits",
    });
    const { header, hdus, planes } = await fitsOf(product);
    const { flux, off } = moments(planes[0]!);
    expect(off).toBeLessThan(0.1);
    // the frames' gains are 1, 1.1 and 1.2
    expect(flux / made.flux).toBeGreaterThan(1);
    expect(flux / made.flux).toBeLessThan(1.2);
    expect(hdus.map((hdu) => headerText(hdu.header, "EXTNAME"))).toEqual([
      undefined,
      "COVERAGE",
      "ERROR",
      "FRAMES",
    ]);
    expect(headerNumber(header, "NCOMBINE")).toBe(8);
    expect(headerNumber(header, "EXPTOTAL")).toBe(240);
    expect(headerNumber(header, "EXPMEAN")).toBe(30);
    expect(headerNumber(header, "SIS-NSKP")).toBe(0);
    const text = ["OBJECT", "SIS-ALGN", "SIS-COMB", "SIS-INTP", "SIS-BKG", "SIS-ZP", "SIS-BTCH", "DATE-AVG"];
    expect(text.map((keyword) => headerText(header, keyword))).toEqual([
      ...["2060 Made", "OBJECT", "MEAN", "CUBIC", "MEDIAN", "NONE", "abc", "2023-02-25T06:35:00.000"],
    ]);
    // the coordinates are those of the object at the reference time
    const track = made.rows.map(({ ra, dec, mid }) => ({ ra, dec, mjd: mid }));
    const { ra, dec } = positionAt(track, headerNumber(header, "MJD-AVG")!);
    const place = icrsToPixel(wcsFromHeader(header), ra, dec)!;
    expect(Math.hypot(place.x - 20, place.y - 20)).toBeLessThan(1e-4);
    expect([...planes[1]!].every((n) => Number(n) === 8)).toBe(true);
    // Noise of a mean of 8, from the MAD of 41 x 41 pixels in each, with a standard error of
    // 1.166 / 41 / sqrt(8) = 1.0 %. The star and the object are brighter than a sigma in 47 of
    // those pixels, which moves the quartile of the deviations as a sigma 3.4 % larger does.
    const middle = Number(planes[2]![20 * 41 + 20]);
    expect(Math.abs(middle / (made.noise / Math.sqrt(8)) - 1.034)).toBeLessThan(0.03);
  });

  it("the same stack comes from the cache, and another option makes another stack", async () => {
    const first = await products.stack(stackOf());
    const again = await products.stack(stackOf());
    expect([again.origin, again.etag]).toEqual(["cache", first.etag]);
    const other = await products.stack(stackOf({ interpolation: "lanczos3" }));
    expect([other.origin, other.etag === first.etag]).toEqual(["made", false]);
  });

  it("two requests for a new stack at once make it once", async () => {
    const request = stackOf({ combine: "clipped", interpolation: "bilinear" });
    const both = await Promise.all([products.stack(request), products.stack(request)]);
    expect(both.map(({ origin }) => origin).sort()).toEqual(["cache", "made"]);
  });

  it("zero points of the headers bring the frames to the flux of the one in the middle", async () => {
    const { header, planes } = await fitsOf(
      await products.stack(stackOf({ combine: "weighted", zeroPoints: "header" })),
    );
    expect([headerText(header, "SIS-ZP"), headerNumber(header, "MAGZPT")]).toEqual(["HEADER", 22.1]);
    expect(Math.abs(moments(planes[0]!).flux / (made.flux * 10 ** 0.04) - 1)).toBeLessThan(0.05);
  });

  it("a stack aligned on the sky keeps the star, and a median loses the object", async () => {
    const { header, planes } = await fitsOf(
      await products.stack(stackOf({ align: "sky", size: { pixels: 101 } })),
    );
    const place = icrsToPixel(wcsFromHeader(header), made.star.ra, made.star.dec)!;
    const at = Math.round(place.y) * 101 + Math.round(place.x);
    expect(Number(planes[0]![at])).toBeGreaterThan(2000);
    expect(Number(planes[0]![50 * 101 + 50])).toBeLessThan(60);
  });

  it("a trial motion puts the object of a stack in the middle; its mirror image and no motion do not", async () => {
    const rows = made.rows.map(({ motion: _, ...row }) => row);
    const tried = async (motion: { rate: number; pa: number }) =>
      moments((await fitsOf(await products.stack(stackOf({ rows, motion, combine: "mean" })))).planes[0]!);
    expect((await tried(made.motion)).off).toBeLessThan(0.1);
    expect((await tried({ ...made.motion, pa: -110 })).flux).toBeLessThan(made.flux / 2);
  });

  it("an offset of 3 sigma along the uncertainty moves the object of a stack by the semi-axis", async () => {
    const { planes } = await fitsOf(await products.stack(stackOf({ along: 3, combine: "mean" })));
    // 6 arcsec at 110 degrees: the plane moves there, the object the other way; east is to the left
    const angle = (110 * Math.PI) / 180;
    const [dx, dy] = [(6 / 1.86) * Math.sin(angle), (-6 / 1.86) * Math.cos(angle)];
    expect(moments(planes[0]!, 20 + dx, 20 + dy).off).toBeLessThan(0.15);
  });

  it("header and table of a stack name rows by their numbers in the list, not by their order among the rows with a frame", async () => {
    const rows = [
      { ...made.rows[0]!, n: 3 },
      { ...made.rows[1]!, n: 5, id: "urn:nasa:pds:made.survey:data:gone" },
      { ...made.rows[2]!, n: 9 },
    ];
    const product = await products.stack(stackOf({ rows }));
    const { header, hdus } = await fitsOf(product);
    const bytes = bytesOf(product);
    const comments = header.cards.map(({ comment }) => comment);
    expect(comments).toContain("Row 5 was left out: IMAGE_NOT_FOUND");
    const table = hdus[3]!;
    const width = headerNumber(table.header, "NAXIS1")!;
    const view = new DataView(bytes.buffer, bytes.byteOffset + table.dataOffset, 2 * width);
    expect([headerText(table.header, "TTYPE1"), view.getInt32(0), view.getInt32(width)]).toEqual(["N", 3, 9]);
  });

  it("a row without a frame is left out of a stack and named in the header; without any frame, its error is returned", async () => {
    const rows = [
      made.rows[0]!,
      { ...made.rows[1]!, id: "urn:nasa:pds:made.survey:data:gone" },
      made.rows[2]!,
    ];
    const { header, hdus } = await fitsOf(await products.stack(stackOf({ rows })));
    expect([headerNumber(header, "NCOMBINE"), headerNumber(header, "SIS-NSKP")]).toEqual([2, 1]);
    const comments = header.cards
      .filter(({ keyword }) => keyword === "COMMENT")
      .map(({ comment }) => comment);
    expect(comments).toContain("Row 2 was left out: IMAGE_NOT_FOUND");
    expect(headerNumber(hdus[3]!.header, "NAXIS2")).toBe(2);
    await expect(products.stack(stackOf({ rows: [rows[1]!] }))).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
    const away = made.rows.map((row) => ({ ...row, dec: row.dec + 10 }));
    await expect(products.stack(stackOf({ rows: away }))).rejects.toMatchObject({ code: "OFF_IMAGE" });
    // a frame that does not show the object is none of those whose mean time is the stack's
    const some = made.rows.slice(0, 3);
    const late = { ...away[7]!, mid: away[7]!.mid + 100, mjd: away[7]!.mjd + 100 };
    for (const align of ["object", "sky"] as const) {
      const alone = await fitsOf(await products.stack(stackOf({ rows: some, align })));
      const beside = await fitsOf(await products.stack(stackOf({ rows: [...some, late], align })));
      for (const keyword of ["MJD-AVG", "CRVAL1", "CRVAL2", "NCOMBINE"])
        expect(headerNumber(beside.header, keyword)).toBe(headerNumber(alone.header, keyword));
      expect(headerNumber(beside.header, "SIS-NSKP")).toBe(1);
    }
  });

  it.each([
    [{ size: { pixels: 1025 } }, "at most 1024"],
    [{ rows: [] }, "There are 0 rows"],
    [{ weights: "psf", combine: "weighted" }, "needs the FWHM of every row"],
    [{ weights: "row", combine: "weighted" }, "needs the weight of every row"],
    [{ zeroPoints: "rows" }, "needs the zero point of every frame"],
  ] as const)("a stack with %o is refused before work: %s", async (more, sentence) => {
    await expect(products.stack(stackOf(more as Partial<StackRequest>))).rejects.toMatchObject({
      code: "STACK_INVALID",
      message: expect.stringContaining(sentence),
    });
  });

  it("a stack as PNG has AVM with the position of the object", async () => {
    const product = await products.stack(stackOf({ format: "png" }));
    const { width, height } = await sharp(product.path).metadata();
    expect([width, height, product.mediaType]).toEqual([41, 41, "image/png"]);
    expect(readFileSync(product.path).includes("avm:Spatial.ReferenceValue")).toBe(true);
  });

  it("a cancelled stack ends with CANCELLED and leaves nothing in the cache", async () => {
    const controller = new AbortController();
    const stack = products.stack(stackOf({ interpolation: "nearest" }), { signal: controller.signal });
    controller.abort();
    await expect(stack).rejects.toThrow();
    const left = readdirSync(join(folder, "cache"), { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

describe("animations by the product service", () => {
  it.each([
    ["gif", "image/gif"],
    ["webp", "image/webp"],
  ] as const)(
    "a blink as %s has a picture for each frame, half a second long, as libvips reads it",
    async (format, type) => {
      const product = await products.stack(blinkOf({ format }));
      expect(product.mediaType).toBe(type);
      const found = await sharp(product.path, { animated: true }).metadata();
      expect([found.pages, found.width, found.pageHeight, found.loop]).toEqual([8, 96, 96, 0]);
      expect(found.delay).toEqual(Array.from({ length: 8 }, () => 500));
    },
  );

  it.each([
    ["gif", 340],
    ["webp", 334],
  ] as const)(
    "three pictures per second are not exceeded in %s, whose delays are rounded up to its unit (WCAG 2.3.1)",
    async (format, delay) => {
      const product = await products.stack(blinkOf({ format, rate: 3, marks: [] }));
      const found = await sharp(product.path, { animated: true }).metadata();
      expect(found.delay).toEqual(Array.from({ length: 8 }, () => delay));
    },
  );

  it("a blink as PNG starts with a still picture whose sky and noise are those of every frame's levels", async () => {
    const product = await products.stack(blinkOf({ marks: [] }));
    const { data } = await sharp(product.path)
      .toColourspace("b-w")
      .raw()
      .toBuffer({ resolveWithObject: true });
    // without the caption; 2.2 of 30.2 sigma
    const sorted = [...data.subarray(96 * 40)].sort((a, b) => a - b);
    const sky = sorted[sorted.length >> 1]!;
    expect(Math.abs(sky - (255 * 2.2) / 30.2)).toBeLessThanOrEqual(1.5);
  });

  it("more than ten pictures per second are refused", async () => {
    await expect(products.stack(blinkOf({ rate: 11 }))).rejects.toMatchObject({ code: "STACK_INVALID" });
  });
});
