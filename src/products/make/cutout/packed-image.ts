import {
  type Bitpix,
  type Card,
  commentCards,
  emptyPrimary,
  type StoredArray,
  writeTiledImage,
} from "@sbnsis/fits";
import type { TileEncoder } from "@sbnsis/fits/internal";

/** How the floats of a packed cutout are quantized. */
export type PackedQuantization = NonNullable<TileEncoder["quantization"]>;

/** An image to pack. */
export interface ImageToPack {
  /** Width and height, pixels. */
  readonly shape: readonly [number, number];
  readonly bitpix: Bitpix;
  readonly pixels: StoredArray;
  readonly cards: readonly Card[];
  /** Undefined for integers, which are packed losslessly. */
  readonly quantization: PackedQuantization | undefined;
}

/** Rows of a tile: enough that its entry in the table, of up to 32 bytes, does not matter. */
const TILE_ROWS = 16;

/**
 * The HDUs of an image compressed with RICE_1 (FITS 4.0, 10.4.1): an empty primary one and the
 * table, which funpack turns back into the image in a primary HDU. Floats whose tile cannot be
 * quantized are stored losslessly; a COMMENT states the quantization.
 * Errors: FITS_UNSUPPORTED for integers of 64 bits, those of `checkpoint`.
 */
export async function packedImage(
  { shape, bitpix, pixels, cards, quantization }: ImageToPack,
  checkpoint: () => void,
): Promise<readonly Uint8Array[]> {
  const [width, height] = shape;
  let bytes = new Uint8Array(2 ** 16);
  const stated = quantization === undefined ? [] : commentCards("COMMENT", statement(quantization));
  const length = await writeTiledImage(
    {
      naxis: shape,
      bitpix,
      planes: (first, count) => {
        checkpoint();
        return pixels.subarray(first * width, (first + count) * width) as StoredArray;
      },
      tile: [width, Math.min(height, TILE_ROWS)],
      cards: [...cards, ...stated],
      codec: "RICE_1",
      ...(quantization !== undefined && { quantization }),
    },
    {
      write: async (piece, at) => {
        if (at + piece.length > bytes.length) {
          const larger = new Uint8Array(Math.max(at + piece.length, 2 * bytes.length));
          larger.set(bytes);
          bytes = larger;
        }
        bytes.set(piece, at);
      },
    },
  );
  return [emptyPrimary(), bytes.subarray(0, length)];
}

function statement({ level, method }: PackedQuantization): string {
  const steps = level < 0 ? `steps of ${-level}, those of the source` : `${level} steps per noise of a tile`;
  return `Values were quantized: ${steps}, ${method}`;
}
