/** Values of a tile or a cutout: physical value = zero + scale * stored. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** Row 0 is the lowest. Floats are NaN where there is no value. */
  readonly stored: Int16Array | Int32Array | Float32Array | Float64Array;
  readonly zero: number;
  readonly scale: number;
  /** The stored integer of a pixel without a value. */
  readonly blank: number | undefined;
  /** Whether the values are those of the file, neither rounded nor averaged. */
  readonly isExact: boolean;
}

/** The physical value of a pixel, from 0; NaN where there is none, and outside the image. */
export function valueAt(image: PixelImage, x: number, y: number): number {
  if (!(x >= 0 && y >= 0 && x < image.width && y < image.height)) return Number.NaN;
  const stored = image.stored[y * image.width + x]!;
  return stored === image.blank ? Number.NaN : image.zero + image.scale * stored;
}

/** The physical values of a box of pixels, NaN where there are none. */
export function valuesOf(
  image: PixelImage,
  {
    start: [x0, y0],
    shape: [width, height],
  }: {
    readonly start: readonly [number, number];
    readonly shape: readonly [number, number];
  } = { start: [0, 0], shape: [image.width, image.height] },
): Float64Array {
  const out = new Float64Array(width * height);
  const { stored, zero, scale, blank } = image;
  for (let y = 0, k = 0; y < height; y++) {
    let from = (y0 + y) * image.width + x0;
    for (let x = 0; x < width; x++, k++, from++) {
      const value = stored[from]!;
      out[k] = value === blank ? Number.NaN : zero + scale * value;
    }
  }
  return out;
}
