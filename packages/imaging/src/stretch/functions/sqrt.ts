import type { StretchFunction } from "./stretch-function.ts";

/** SqrtStretch of astropy.visualization. */
export const sqrt: StretchFunction<"sqrt"> = { name: "sqrt", curve: () => Math.sqrt };
