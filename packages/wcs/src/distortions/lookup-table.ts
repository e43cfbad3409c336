/**
 * A table of displacements over the pixels (FITS WCS paper IV, 5.1; CPDISja and D2IMDISj with
 * "LOOKUP"). Plain data.
 */
export interface LookupTable {
  readonly width: number;
  readonly height: number;
  /** Displacements in pixels, row by row. */
  readonly data: Float32Array | Float64Array;
  /**
   * CRPIX, CRVAL and CDELT of the table: cell = (pixel - crval) / cdelt + crpix, both counted from
   * 1.
   */
  readonly crpix: readonly [number, number];
  readonly crval: readonly [number, number];
  readonly cdelt: readonly [number, number];
  /**
   * The extension that contains the table (EXTNAME, EXTVER), and whether its rows and columns were
   * exchanged; set by wcsFromHeader.
   */
  readonly extension?: { readonly name: string; readonly version: number; readonly transposed: boolean };
}

/**
 * The displacement at pixel (x, y) counted from 1: bilinear between cells, and constant beyond the
 * border, as in astropy 8.
 */
export function displacement(table: LookupTable, x: number, y: number): number {
  const { width, height, data } = table;
  const u = clamp((x - table.crval[0]) / table.cdelt[0] + table.crpix[0] - 1, width - 1);
  const v = clamp((y - table.crval[1]) / table.cdelt[1] + table.crpix[1] - 1, height - 1);
  const i = Math.min(Math.floor(u), Math.max(0, width - 2));
  const j = Math.min(Math.floor(v), Math.max(0, height - 2));
  const right = Math.min(i + 1, width - 1);
  const up = Math.min(j + 1, height - 1);
  const fu = u - i;
  const fv = v - j;
  return (
    data[j * width + i]! * (1 - fu) * (1 - fv) +
    data[j * width + right]! * fu * (1 - fv) +
    data[up * width + i]! * (1 - fu) * fv +
    data[up * width + right]! * fu * fv
  );
}

function clamp(value: number, highest: number): number {
  return value < 0 ? 0 : value > highest ? highest : value;
}
