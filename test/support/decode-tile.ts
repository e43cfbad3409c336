import { decodeRicePlain } from "../../packages/fits/src/codecs/rice/rice-plain.ts";

/** A tile in the format SIT1, decoded according to docs/tiles.md. */
export interface DecodedTile {
  readonly coding: number;
  readonly rounded: boolean;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** Row 0 first, NaN for pixels without a value. */
  readonly values: Float64Array;
}

/**
 * Decodes a tile: the twin of the page's worker, written from the description of the format alone.
 */
export function decodeTile(bytes: Uint8Array): DecodedTile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== "SIT1") throw new Error("not a tile");
  const [coding, flags] = [view.getUint8(4), view.getUint8(5)];
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  const [zero, scale] = [view.getFloat64(16, true), view.getFloat64(24, true)];
  const hasBlanks = (flags & 1) !== 0;
  const count = width * height;
  const code = bytes.subarray(32);
  const values = new Float64Array(count);
  if (coding === 0) values.fill(hasBlanks ? Number.NaN : zero);
  else if (coding === 3) {
    const word = new DataView(new ArrayBuffer(4));
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 4; k++) word.setUint8(k, code[k * count + i]!);
      values[i] = word.getFloat32(0, true);
    }
  } else {
    const stored = coding === 1 ? new Int16Array(count) : new Int32Array(count);
    if (!decodeRicePlain(code, stored, count, 32)) throw new Error("the code ends early");
    const blank = coding === 1 ? -0x8000 : -0x80000000;
    for (let i = 0; i < count; i++)
      values[i] = hasBlanks && stored[i] === blank ? Number.NaN : zero + scale * stored[i]!;
  }
  return { coding, rounded: (flags & 2) !== 0, width, height, scale, values };
}
