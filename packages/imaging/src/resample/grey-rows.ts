/** Takes the grey rows of a picture one by one, the top row first. */
export interface GreyRows {
  /** Where the grey levels of the next row are to be stored; all of them must be. */
  line(): Uint8Array;
  /** Reports that the row is complete. */
  done(): void;
}
