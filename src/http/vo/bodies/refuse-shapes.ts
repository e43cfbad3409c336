import { VoError } from "@sbnsis/vo";
import { type SkyShape, shapeProblem } from "@sbnsis/wcs/internal";

/**
 * Refuses regions that are not what their standards allow on the sphere, such as polygons whose
 * edges cross (SIA 2.0, 2.1.1; DALI 1.1, 3.3.7). Errors: VO_USAGE.
 */
export function refuseShapes(parameter: string, shapes: readonly SkyShape[]): void {
  for (const shape of shapes) {
    const problem = shapeProblem(shape);
    if (problem !== undefined) throw new VoError("VO_USAGE", `${parameter} is not allowed: ${problem}.`);
  }
}
