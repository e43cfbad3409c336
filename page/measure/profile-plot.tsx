import { numberText } from "../ui/sexagesimal.ts";
import type { ProfilePoint } from "./profile.ts";

const WIDTH = 256;
const HEIGHT = 80;

/** Values along a line; gaps where there are none. */
export function ProfilePlot({ points }: { readonly points: readonly ProfilePoint[] }) {
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const length = points.at(-1)?.distance || 1;
  let isPen = false;
  const path = points
    .map(({ distance, value }) => {
      if (!Number.isFinite(value)) {
        isPen = false;
        return "";
      }
      const command = isPen ? "L" : "M";
      isPen = true;
      const y = HEIGHT - 4 - ((value - low) / (high - low || 1)) * (HEIGHT - 8);
      return `${command}${((distance / length) * WIDTH).toFixed(2)} ${y.toFixed(2)}`;
    })
    .join("");
  const label =
    values.length === 0
      ? "The line has no values."
      : `Profile over ${length.toFixed(1)} pixels, from ${numberText(low)} to ${numberText(high)}.`;
  return (
    <figure class="profile">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path class="values" d={path} />
      </svg>
      <figcaption class="number">{label}</figcaption>
    </figure>
  );
}
