import { asinh } from "./asinh.ts";
import { linear } from "./linear.ts";
import { log } from "./log.ts";
import { power } from "./power.ts";
import { sqrt } from "./sqrt.ts";
import type { StretchFunction } from "./stretch-function.ts";

/** Every stretch, in the order of the documents. */
const FUNCTIONS = [linear, sqrt, log, asinh, power] as const;

/** Name of a stretch: how values within the interval become brightness. */
export type Stretch = (typeof FUNCTIONS)[number]["name"];

/** The stretches; see {@link StretchFunction} for how to add one. */
export const STRETCH_FUNCTIONS: readonly StretchFunction<Stretch>[] = FUNCTIONS;
