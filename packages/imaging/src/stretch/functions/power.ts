import type { StretchFunction } from "./stretch-function.ts";

/** PowerStretch of astropy.visualization: x^a. */
export const power: StretchFunction<"power"> = {
  name: "power",
  parameter: 2,
  curve: (a) => (x) => x ** a,
};
