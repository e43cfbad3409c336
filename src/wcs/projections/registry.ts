import { SisError } from "../../errors/sis-error.ts";
import type { Projection } from "./projection.ts";
import { tan } from "./tan.ts";

const PROJECTIONS: ReadonlyMap<string, Projection> = new Map([tan].map((each) => [each.code, each]));

/** The projection of a code. Errors: WCS_UNSUPPORTED. */
export function projectionOf(code: string): Projection {
  const found = PROJECTIONS.get(code);
  if (found === undefined) throw new SisError("WCS_UNSUPPORTED", `The projection ${code} is not known.`);
  return found;
}
