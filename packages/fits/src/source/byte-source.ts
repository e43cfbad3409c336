/** A run of bytes in a source, counted from 0. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** How bytes are read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  /**
   * Where to put the bytes: the ranges back to back in their order, from its index 0. It must hold their summed length.
   * The answer is then views of it. Without it the source allocates.
   */
  readonly into?: Uint8Array;
}

/**
 * The one port through which bytes come: a file, a web archive, memory. Everything above decides what to read; a source only reads it.
 * A range that reaches behind the end is `FITS_TRUNCATED`; other failures are the `SOURCE_*` codes.
 */
export interface ByteSource {
  /** Size in bytes. */
  size(options?: { readonly signal?: AbortSignal }): Promise<number>;
  /** Reads every range; answer i has exactly `ranges[i].length` bytes. */
  read(ranges: readonly ByteRange[], options?: ReadOptions): Promise<Uint8Array[]>;
}
