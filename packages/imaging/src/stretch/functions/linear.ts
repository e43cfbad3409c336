import type { StretchFunction } from "./stretch-function.ts";

/** LinearStretch of astropy.visualization. The usual case has a kernel: see linearLevels. */
export const linear: StretchFunction<"linear"> = { name: "linear", curve: () => (x) => x };
