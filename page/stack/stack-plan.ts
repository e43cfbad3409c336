import {
  alongAxis,
  carried,
  type Motion,
  positionAt,
  type StackPlane,
  type TimedPosition,
} from "@sbnsis/imaging";

/** A frame to stack. */
export interface StackableFrame {
  readonly n: number;
  /** Predicted position: ICRS in degrees, at MJD (UTC). */
  readonly place: TimedPosition;
  /** Middle of the exposure, MJD (UTC). */
  readonly mid: number;
  /** Seconds; undefined if unknown. */
  readonly exposure: number | undefined;
  readonly motion: Motion | undefined;
  /** Major axis of the uncertainty ellipse: arcseconds, degrees, number of standard deviations. */
  readonly uncertainty: { readonly a: number; readonly pa: number; readonly sigma: number } | undefined;
  /** Size of a pixel, degrees. */
  readonly scale: number;
}

/** How a stack aligns its frames. */
export interface StackAlignment {
  readonly align: "object" | "sky";
  /**
   * A motion that replaces the predicted positions, starting at that of the mean time: "/h and
   * degrees.
   */
  readonly motion?: Motion | undefined;
  /** Offset along the major axis of every frame's ellipse, standard deviations. */
  readonly along?: number | undefined;
  /** Width and height, pixels. */
  readonly side: number;
}

/** A plane for each frame, and the plane of the stack as a whole. */
export interface StackPlan {
  readonly planes: readonly { readonly n: number; readonly plane: StackPlane }[];
  /** Degrees per pixel of the coarsest frame. */
  readonly scale: number;
  /** Position of the object at the mean time. */
  readonly reference: TimedPosition;
}

/**
 * Plans a stack as the service does (/batch/{id}/stack.fits): each frame centered on the object at
 * the middle of its exposure, or all frames on the object at the mean time. Frames without an
 * ellipse cannot be moved along it and are left out when `along` is not 0.
 */
export function planStack(
  frames: readonly StackableFrame[],
  alignment: StackAlignment,
): StackPlan | undefined {
  const { align, motion, along = 0, side } = alignment;
  const movable = along === 0 ? frames : frames.filter(({ uncertainty }) => uncertainty !== undefined);
  if (movable.length === 0) return undefined;
  const scale = Math.max(...movable.map((frame) => frame.scale));
  const track = movable.map((frame) => placeAtMid(frame, along));
  const reference = positionAt(
    [...track].sort((a, b) => a.mjd - b.mjd),
    meanTime(movable),
  );
  const planes = movable.map(({ n, mid }, k) => {
    const object = motion === undefined ? track[k]! : carried(reference, motion, mid);
    const { ra, dec } = align === "object" ? object : reference;
    return { n, plane: { ra, dec, scale, side } };
  });
  return { planes, scale, reference };
}

/** Position of the object at the middle of the exposure of a frame. */
export function placeAtMid({ place, uncertainty, motion, mid }: StackableFrame, along = 0): TimedPosition {
  const moved = along === 0 || uncertainty === undefined ? place : alongAxis(place, uncertainty, along);
  return motion === undefined ? { ...moved, mjd: mid } : carried(moved, motion, mid);
}

/** Mean of the times, weighted with the exposures if all are known. */
function meanTime(frames: readonly StackableFrame[]): number {
  const areKnown = frames.every(({ exposure }) => exposure !== undefined && exposure > 0);
  const first = frames[0]!.mid;
  const weight = ({ exposure }: StackableFrame) => (areKnown ? exposure! : 1);
  const total = frames.reduce((sum, frame) => sum + weight(frame), 0);
  return first + frames.reduce((sum, frame) => sum + weight(frame) * (frame.mid - first), 0) / total;
}
