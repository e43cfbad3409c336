/**
 * The typed arrays of pixel values: physical values, native byte order, NaN (floats only) for
 * missing data.
 */
export type PixelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** PixelArray or 64-bit integers. */
export type AnyPixels = PixelArray | BigInt64Array | BigUint64Array;

/** Whether values of this array can be NaN or infinite. */
export function isFloatArray(values: PixelArray): values is Float32Array | Float64Array {
  return values instanceof Float32Array || values instanceof Float64Array;
}

/**
 * Converts 64-bit integers to the nearest float64, as numpy does; returns other arrays unchanged.
 */
export function numericPixels(values: AnyPixels): PixelArray {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values;
  const floats = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = Number(values[i]);
  return floats;
}
