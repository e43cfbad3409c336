import { useEffect, useRef, useState } from "preact/hooks";
import type { ImageRow } from "../app/island.ts";
import { styleColor } from "../ui/style-color.ts";
import { shownDeclination, shownRightAscension } from "../ui/text.ts";
import type { SkyMap } from "./sky-map.ts";

interface SkyProps {
  readonly rows: readonly ImageRow[];
  readonly chosen: ImageRow | undefined;
  readonly place: readonly [ra: number, dec: number] | undefined;
  readonly choose: (place: readonly [ra: number, dec: number]) => void;
}

type PlaceAt = (x: number, y: number) => readonly [ra: number, dec: number] | undefined;

/** Footprints on the sky; the map is loaded when it is first drawn. */
export function SkyPanel({ rows, chosen, place, choose }: SkyProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<SkyMap | undefined>(undefined);
  const placeAt = useRef<PlaceAt>(() => undefined);
  const [whole, setWhole] = useState(false);
  const [size, setSize] = useState(0);
  const [under, setUnder] = useState<readonly [number, number]>();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || element.clientWidth === 0) return;
    let isCurrent = true;
    void import("./sky-map.ts").then(({ SkyMap }) => {
      if (!isCurrent) return;
      map.current ??= new SkyMap();
      placeAt.current = map.current.draw(element, { rows, chosen, place, whole, color: styleColor });
    });
    return () => {
      isCurrent = false;
    };
  }, [rows, chosen, place?.join(), whole, size]);
  const at = (event: MouseEvent) => placeAt.current(event.offsetX, event.offsetY);
  return (
    <figure class="sky">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Map of the sky with the footprints of ${rows.length} images; the list has the same images`}
        onMouseMove={(event) => setUnder(at(event))}
        onMouseLeave={() => setUnder(undefined)}
        onClick={(event) => {
          const found = at(event);
          if (found !== undefined) choose(found);
        }}
      />
      <figcaption>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          Whole sky
        </button>
        <span class="dim number">
          {under === undefined
            ? "Click a position to search there"
            : `${shownRightAscension(under[0], 0)} ${shownDeclination(under[1], 0)}`}
        </span>
      </figcaption>
    </figure>
  );
}
