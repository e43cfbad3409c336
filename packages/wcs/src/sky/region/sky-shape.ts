/**
 * A region of the sky as protocols write it; ICRS, degrees (IVOA SIA 2.0, 2.1.1; DALI 1.1, 3.3).
 */
export type SkyShape =
  | { readonly kind: "circle"; readonly lon: number; readonly lat: number; readonly radius: number }
  | {
      /** Bounded by meridians and parallels. */
      readonly kind: "range";
      /** From the first eastward to the second: 359 to 1 spans longitude 0; 0 to 360 is all. */
      readonly lon: readonly [number, number];
      readonly lat: readonly [number, number];
    }
  | {
      /** Bounded by great circles through at least three vertices, in either direction. */
      readonly kind: "polygon";
      readonly vertices: readonly (readonly [lon: number, lat: number])[];
    };
