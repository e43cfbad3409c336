import { type Canvas, drawText } from "@sbnsis/imaging";
import { isSisError, SisError } from "../../../errors/sis-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { BatchJob } from "../../../moving-objects/batch-handler.ts";
import type { ProductService } from "../../../products/product.ts";
import { type ListedRow, listedRequests } from "../batch-rows.ts";
import { type PartOptions, productBytes } from "../product-part.ts";

/** One square of a contact sheet. */
export interface SheetCell {
  /** Line below the picture; ASCII. */
  readonly caption: string;
  /** A picture as PNG or JPEG, or why there is none; ASCII. */
  readonly picture: () => Promise<Uint8Array | string>;
}

/** Side of a picture on the sheet, height of its caption, and the gap around cells, pixels. */
const SIDE = 160;
const CAPTION = 12;
const GAP = 4;
/** Grey levels of the sheet and of squares without a picture, and the style of text. */
const PAPER = 24;
const EMPTY = 48;
const INKED = { scale: 1, level: 224, border: 0 };
/** Advance of a letter, pixels. */
const LETTER = 6;

/** Size of a sheet, pixels. */
export function sheetSize(
  cells: number,
  columns: number,
): { readonly width: number; readonly height: number } {
  const rows = Math.ceil(cells / columns);
  return { width: GAP + columns * (SIDE + GAP), height: GAP + rows * (SIDE + CAPTION + GAP) };
}

/**
 * A sheet of pictures in rows of `columns`, as JPEG. A picture is fitted into its square: reduced
 * by averaging, enlarged to square pixels. Errors: PICTURE_FAILED, and those of the cells.
 */
export async function contactSheet(cells: readonly SheetCell[], columns: number): Promise<Uint8Array> {
  const { width, height } = sheetSize(cells.length, columns);
  const canvas: Canvas = {
    width,
    height,
    channels: 3,
    pixels: new Uint8Array(width * height * 3).fill(PAPER),
  };
  for (const [i, { caption, picture }] of cells.entries()) {
    const left = GAP + (i % columns) * (SIDE + GAP);
    const top = GAP + Math.floor(i / columns) * (SIDE + CAPTION + GAP);
    const made = await picture();
    if (typeof made === "string") {
      place(canvas, new Uint8Array(SIDE * SIDE * 3).fill(EMPTY), left, top);
      drawText(canvas, [left + LETTER, top + SIDE / 2], fitted(made, 1), INKED);
    } else place(canvas, await square(made), left, top);
    drawText(canvas, [left, top + SIDE + 2], fitted(caption, 0), INKED);
  }
  try {
    const { default: sharp } = await import("sharp");
    const raw = { width, height, channels: 3 as const };
    return await sharp(canvas.pixels, { raw }).jpeg({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer();
  } catch (cause) {
    throw new SisError("PICTURE_FAILED", "the contact sheet could not be encoded", { cause });
  }
}

function fitted(words: string, margin: number): string {
  return words.slice(0, Math.floor(SIDE / LETTER) - margin);
}

/** The picture in a square of SIDE pixels, three channels. */
async function square(picture: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const { width = 1, height = 1 } = await sharp(picture).metadata();
  const isEnlarged = Math.max(width, height) < SIDE;
  const background = { r: EMPTY, g: EMPTY, b: EMPTY };
  return await sharp(picture)
    .resize(SIDE, SIDE, { fit: "contain", background, kernel: isEnlarged ? "nearest" : "lanczos3" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}

function place(canvas: Canvas, pixels: Uint8Array, left: number, top: number): void {
  for (let row = 0; row < SIDE; row += 1) {
    const at = ((top + row) * canvas.width + left) * 3;
    canvas.pixels.set(pixels.subarray(row * SIDE * 3, (row + 1) * SIDE * 3), at);
  }
}

/** The square of a row: a picture of its own, whatever formats the batch has. */
export function sheetCell(
  one: ListedRow,
  job: Job,
  products: ProductService,
  options: PartOptions,
): SheetCell {
  const { row } = one;
  const { marks } = (job.request as unknown as BatchJob).options;
  const [made] = listedRequests(one, job, {
    formats: ["png"],
    align: true,
    marks: [...new Set([...marks, "object" as const])],
  });
  const time = row.mid?.slice(0, 19).replace("T", " ") ?? "";
  return {
    caption: `${String(row.n).padStart(4, "0")} ${time}`,
    picture: async () => {
      if (made === undefined || row.status === "failed") return row.code ?? "no picture";
      try {
        return await productBytes(await products.get(made.request, options));
      } catch (error) {
        if (!isSisError(error) || isSisError(error, "CANCELLED", "OVERLOADED", "STOPPING")) throw error;
        return error.code;
      }
    },
  };
}
