import type { StretchFunction } from "./stretch-function.ts";

/** AsinhStretch of astropy.visualization: asinh(x / a) / asinh(1 / a). */
export const asinh: StretchFunction<"asinh"> = {
  name: "asinh",
  parameter: 0.1,
  curve: (a) => {
    const whole = Math.asinh(1 / a);
    return (x) => Math.asinh(x / a) / whole;
  },
};
