import { type Card, imageHdu, realCard, valueCard } from "@sbnsis/fits";
import type { PixelBox } from "@sbnsis/imaging";
import type { LookupTable, Wcs } from "@sbnsis/wcs";

/** Columns and rows of a table, from 0, both ends included. */
type Cells = readonly [readonly [number, number], readonly [number, number]];

/**
 * Pixels around the box that the tables also cover, so that its edges and their surroundings keep
 * their positions.
 */
const MARGIN = 2;

/**
 * The lookup tables of a coordinate system (FITS WCS paper IV, 4) for a cutout: IMAGE extensions
 * with their name and version, with as many cells as the box needs, and CRPIX and CRVAL shifted so
 * that every pixel keeps its displacement. Empty if there are none.
 *
 * @param box pixels of the frame, from 0
 */
export function cutoutTables({ detector, prior }: Wcs, box: PixelBox): readonly Uint8Array[] {
  const reach = Math.max(0, ...(detector ?? []).map((table) => (table === undefined ? 0 : largest(table))));
  return [...extensionsOf(detector, box, MARGIN), ...extensionsOf(prior, box, MARGIN + Math.ceil(reach))];
}

function extensionsOf(
  pair: NonNullable<Wcs["prior"]> | undefined,
  box: PixelBox,
  margin: number,
): readonly Uint8Array[] {
  const tables = (pair ?? []).filter((table) => table?.extension !== undefined) as LookupTable[];
  const same = (one: LookupTable, two: LookupTable) => one.extension?.version === two.extension?.version;
  return tables
    .filter((table, k) => tables.findIndex((each) => same(each, table)) === k)
    .map((table) => {
      const turned = (each: LookupTable) => each.extension!.transposed === table.extension!.transposed;
      const alike = tables.every((each) => !same(each, table) || turned(each));
      return tableHdu(table, alike ? cellsOf(table, box, margin) : allCells(table), box.start);
    });
}

function allCells({ width, height }: LookupTable): Cells {
  return [
    [0, width - 1],
    [0, height - 1],
  ];
}

function cellsOf(table: LookupTable, { start, shape }: PixelBox, margin: number): Cells {
  const along = (axis: 0 | 1, length: number): readonly [number, number] => {
    const ends = [start[axis] + 1 - margin, start[axis] + shape[axis] + margin].map(
      (pixel) => (pixel - table.crval[axis]) / table.cdelt[axis] + table.crpix[axis] - 1,
    );
    if (!ends.every(Number.isFinite)) return [0, length - 1];
    const clamped = (cell: number) => Math.max(0, Math.min(length - 1, Math.floor(cell)));
    const first = Math.min(clamped(Math.min(...ends)), Math.max(0, length - 2));
    return [first, Math.min(length - 1, clamped(Math.max(...ends)) + 1)];
  };
  return [along(0, table.width), along(1, table.height)];
}

function tableHdu(
  { width, data, crpix, crval, cdelt, extension }: LookupTable,
  [[left, right], [bottom, top]]: Cells,
  start: readonly [number, number],
): Uint8Array {
  const { name, version, transposed } = extension!;
  const [columns, rows] = [right - left + 1, top - bottom + 1];
  const cells = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++)
      cells[transposed ? i * rows + j : j * columns + i] = data[(bottom + j) * width + left + i]!;
  const single = Float32Array.from(cells);
  const cards: readonly Card[] = [
    valueCard("EXTNAME", name, "lookup table of a distortion"),
    valueCard("EXTVER", version),
    realCard("CRPIX1", crpix[0] - left),
    realCard("CRPIX2", crpix[1] - bottom),
    realCard("CRVAL1", crval[0] - start[0]),
    realCard("CRVAL2", crval[1] - start[1]),
    realCard("CDELT1", cdelt[0]),
    realCard("CDELT2", cdelt[1]),
  ];
  return imageHdu({
    naxis: transposed ? [rows, columns] : [columns, rows],
    pixels: cells.every((value, k) => Object.is(single[k], value)) ? single : cells,
    cards,
    kind: "extension",
  });
}

function largest({ data }: LookupTable): number {
  let most = 0;
  for (const value of data) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}
