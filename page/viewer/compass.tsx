import type { ViewPoint, ViewSize } from "../drawing/camera.ts";
import { arrowPath, Cased, CasedText, scaleBar } from "./overlay.tsx";

/** North and east as directions on the screen, and a scale bar, in the lower corners. */
export function Compass({
  size,
  north,
  east,
  arcsecPerPixel,
}: {
  readonly size: ViewSize;
  /** Unit vectors; y downwards. */
  readonly north: ViewPoint;
  readonly east: ViewPoint;
  readonly arcsecPerPixel: number;
}) {
  // the letters are 38 pixels away, and half a line high
  const center = { x: size.width - 56, y: size.height - 56 };
  const along = ({ x, y }: ViewPoint, length: number) => ({
    x: center.x + length * x,
    y: center.y + length * y,
  });
  const bar = scaleBar(arcsecPerPixel, Math.min(140, size.width / 3));
  const y = size.height - 16;
  return (
    <g>
      <Cased kind="compass" d={arrowPath(center, along(north, 28), 6)} />
      <Cased kind="compass" d={arrowPath(center, along(east, 28), 6)} />
      <CasedText kind="compass middle" at={along(north, 38)}>
        N
      </CasedText>
      <CasedText kind="compass middle" at={along(east, 38)}>
        E
      </CasedText>
      <Cased kind="compass" d={`M16 ${y - 4}v8M16 ${y}h${bar.pixels.toFixed(1)}m0 -4v8`} />
      <CasedText kind="compass" at={{ x: 16, y: y - 9 }}>
        {bar.text}
      </CasedText>
    </g>
  );
}
