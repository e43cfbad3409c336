import { inflateSync } from "node:zlib";
import type { PixelArray } from "../../packages/imaging/src/render/pixel-array.ts";

/** The typed array of a fixture: base64 of deflated little-endian values of numpy's type `type`. */
export function fixtureArray(data: string, type: string): PixelArray {
  const bytes = new Uint8Array(inflateSync(Buffer.from(data, "base64"))).buffer;
  switch (type) {
    case "uint8":
      return new Uint8Array(bytes);
    case "int16":
      return new Int16Array(bytes);
    case "uint16":
      return new Uint16Array(bytes);
    case "int32":
      return new Int32Array(bytes);
    case "float32":
      return new Float32Array(bytes);
    case "float64":
      return new Float64Array(bytes);
    default:
      throw new Error(`no array of ${type}`);
  }
}
