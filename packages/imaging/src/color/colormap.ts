import { COLORMAP_TABLES } from "./colormap-tables.generated.ts";

/** Names of the color maps, as in hips2fits, matplotlib and SAOImage DS9 (heat, cool). */
export const COLORMAPS = [
  "gray",
  "viridis",
  "magma",
  "inferno",
  "cividis",
  "plasma",
  "heat",
  "cool",
] as const;
export type ColormapName = (typeof COLORMAPS)[number];

/** (position, brightness), both 0..1, positions ascending; linear in between. */
type Knots = readonly (readonly [number, number])[];

/** heat.sao and cool.sao of SAOImage: red, green, blue. */
const KNOTS: Readonly<Record<"heat" | "cool", readonly [Knots, Knots, Knots]>> = {
  heat: [
    [
      [0, 0],
      [0.34, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [1, 1],
    ],
    [
      [0, 0],
      [0.65, 0],
      [0.98, 1],
      [1, 1],
    ],
  ],
  cool: [
    [
      [0, 0],
      [0.29, 0],
      [0.76, 0.1],
      [1, 1],
    ],
    [
      [0, 0],
      [0.22, 0],
      [0.96, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [0.53, 1],
      [1, 1],
    ],
  ],
};

/** The colors of a map: 256 times red, green, blue. */
export function colormapTable(name: Exclude<ColormapName, "gray">): Uint8Array {
  if (name !== "heat" && name !== "cool") {
    return Uint8Array.from(atob(COLORMAP_TABLES[name]), (character) => character.charCodeAt(0));
  }
  const table = new Uint8Array(768);
  for (let level = 0; level < 256; level++) {
    for (let channel = 0; channel < 3; channel++) {
      table[level * 3 + channel] = Math.round(255 * interpolated(KNOTS[name][channel]!, level / 255));
    }
  }
  return table;
}

function interpolated(knots: Knots, at: number): number {
  const upper = Math.max(
    1,
    knots.findIndex(([position]) => position >= at),
  );
  const [x0, y0] = knots[upper - 1]!;
  const [x1, y1] = knots[upper]!;
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}

/**
 * Converts grey levels to red, green, blue with a table of colormapTable.
 * @param out three bytes for each level
 */
export function colorize(gray: Uint8Array, table: Uint8Array, out: Uint8Array): void {
  for (let i = 0, k = 0; i < gray.length; i++) {
    const entry = gray[i]! * 3;
    out[k++] = table[entry]!;
    out[k++] = table[entry + 1]!;
    out[k++] = table[entry + 2]!;
  }
}
