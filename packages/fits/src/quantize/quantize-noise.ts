/** Range and background noise of the pixels of a tile, ignoring NaN pixels. */
export interface TileNoise {
  readonly least: number;
  readonly most: number;
  /** Number of pixels that are not NaN. */
  readonly good: number;
  /** Standard deviation of the background: the smallest nonzero one of three estimates, or 0. */
  readonly sigma: number;
}

/**
 * Converts the median of absolute differences of order 2, 3 and 5 to a standard deviation of normal
 * noise.
 */
const ORDER2 = 1.0483579;
const ORDER3 = 0.6052697;
const ORDER5 = 0.1772048;
/** A difference of order 5 spans nine pixels. */
const SPAN = 9;

/**
 * Background noise of a tile as estimated by fpack: the median over its rows of the medians of
 * absolute differences between pixels two apart (Stoehr et al., ST-ECF newsletter 42), ignoring
 * flat stretches. float32 pixels are differenced in float32, as there.
 */
export function tileNoise(pixels: Float32Array | Float64Array, rowLength: number): TileNoise {
  const [width, height] =
    rowLength < SPAN ? [pixels.length, 1] : [rowLength, Math.floor(pixels.length / rowLength)];
  const round = pixels instanceof Float32Array ? Math.fround : (x: number) => x;
  const medians: [number[], number[], number[]] = [[], [], []];
  const row = new Float64Array(width);
  const differences = [new Float64Array(width), new Float64Array(width), new Float64Array(width)] as const;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let good = 0;
  for (let y = 0; y < height; y++) {
    let n = 0;
    for (let i = y * width; i < (y + 1) * width; i++) {
      const pixel = pixels[i]!;
      if (Number.isNaN(pixel)) continue;
      row[n++] = pixel;
      if (pixel < least) least = pixel;
      if (pixel > most) most = pixel;
    }
    good += n;
    if (n >= SPAN) rowMedians(row, n, differences, medians, round);
  }
  const [sigma2, sigma3, sigma5] = [
    ORDER2 * middle(medians[0]),
    ORDER3 * middle(medians[1]),
    ORDER5 * middle(medians[2]),
  ];
  let sigma = sigma3;
  if (sigma2 !== 0 && sigma2 < sigma) sigma = sigma2;
  if (sigma5 !== 0 && sigma5 < sigma) sigma = sigma5;
  return { least, most, good, sigma };
}

/** Adds the three medians of one row of `n` pixels to `medians`. */
function rowMedians(
  row: Float64Array,
  n: number,
  [second, third, fifth]: readonly [Float64Array, Float64Array, Float64Array],
  medians: readonly [number[], number[], number[]],
  round: (x: number) => number,
): void {
  let n2 = 0;
  let n3 = 0;
  for (let i = SPAN - 1; i < n; i++) {
    const v3 = row[i - 6]!;
    const v5 = row[i - 4]!;
    const v6 = row[i - 3]!;
    const v7 = row[i - 2]!;
    const flat = v5 === v6 && v6 === v7;
    if (!flat) second[n2++] = Math.abs(round(v5 - v7));
    if (flat && v3 === row[i - 5]! && v3 === v5) continue;
    third[n3] = Math.abs(round(round(round(2 * v5) - v3) - v7));
    const outer = round(round(round(6 * v5) - round(4 * v3)) - round(4 * v7));
    fifth[n3] = Math.abs(round(round(outer + row[i - 8]!) + row[i]!));
    n3++;
  }
  if (n3 === 0) return;
  // fpack takes the median of the second-order differences over as many values as there are
  // third-order ones. Where three equal pixels left fewer, values of an earlier row in the buffer
  // count too, or 0. Repacking a file gives the same step only if this is reproduced.
  if (n3 === 1 ? n2 === 1 : n2 > 1) medians[0].push(lowerMedian(second, n3));
  medians[1].push(lowerMedian(third, n3));
  medians[2].push(lowerMedian(fifth, n3));
}

/** Median of the medians of the rows; 0 without any. */
function middle(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/**
 * Element (n - 1) >> 1 of the first `n` in sorted order, by quickselect with median-of-three
 * pivots, which reorders them. The resulting order is that of the C library, because a later row
 * may use it (see {@link rowMedians}).
 */
function lowerMedian(values: Float64Array, n: number): number {
  const k = (n - 1) >> 1;
  let low = 0;
  let high = n - 1;
  while (high > low + 1) {
    const centre = (low + high) >> 1;
    sortPair(values, centre, high);
    sortPair(values, low, high);
    sortPair(values, centre, low);
    swap(values, centre, low + 1);
    const pivot = values[low]!;
    let up = low + 1;
    let down = high;
    for (;;) {
      do up++;
      while (pivot > values[up]!);
      do down--;
      while (values[down]! > pivot);
      if (down < up) break;
      swap(values, up, down);
    }
    swap(values, low, down);
    if (down <= k) low = up;
    if (down >= k) high = down - 1;
  }
  if (high === low + 1) sortPair(values, low, high);
  return values[k]!;
}

function sortPair(values: Float64Array, i: number, j: number): void {
  if (values[i]! > values[j]!) swap(values, i, j);
}

function swap(values: Float64Array, i: number, j: number): void {
  const swapped = values[i]!;
  values[i] = values[j]!;
  values[j] = swapped;
}
