import { useEffect, useRef } from "preact/hooks";
import type { MadeStack } from "./make-stack.ts";

/** Black and white levels of a stack: percentiles of its values. */
function levelsOf(values: Float64Array): readonly [number, number] {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (sorted.length - 1))] ?? 0;
  const [low, middle, high] = [at(0.02), at(0.5), at(0.997)];
  return [Math.max(low, middle - (high - middle) * 0.3), high];
}

/** A stack as a picture, north up. */
export function StackPicture({ stack }: { readonly stack: MadeStack }) {
  const place = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = place.current!.getContext("2d")!;
    const { side, values } = stack;
    const picture = context.createImageData(side, side);
    const [low, high] = levelsOf(values);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const value = values[(side - 1 - y) * side + x]!;
        const at = 4 * (y * side + x);
        const grey = (255 * (value - low)) / (high - low || 1);
        // a clamped array rounds and clips; pixels without a value are blue, as in the viewer
        picture.data.set(Number.isNaN(value) ? [41, 28, 74, 255] : [grey, grey, grey, 255], at);
      }
    }
    context.putImageData(picture, 0, 0);
  }, [stack]);
  return (
    <canvas
      ref={place}
      class="stack-picture"
      width={stack.side}
      height={stack.side}
      role="img"
      aria-label={`Stack of ${stack.frames} images around the object, north up`}
    />
  );
}
