import type { StretchFunction } from "./stretch-function.ts";

/** LogStretch of astropy.visualization: log(a x + 1) / log(a + 1). */
export const log: StretchFunction<"log"> = {
  name: "log",
  parameter: 1000,
  curve: (a) => {
    const whole = Math.log(a + 1);
    return (x) => Math.log(a * x + 1) / whole;
  },
};
