/** A box of pixels of an image of any number of axes, from 0, the first axis fastest. */
export interface SectionBox {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Byte ranges in the order of rows or tiles: they need not ascend. */
export interface WantedRanges {
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}
