import { useEffect, useRef, useState } from "preact/hooks";
import type { ImageRow } from "../app/island.ts";
import { styleColor } from "../ui/style-color.ts";
import { coverageOf } from "./coverage.ts";

interface TimeProps {
  readonly rows: readonly ImageRow[];
  readonly select: (start: string, stop: string) => void;
}

/** Images over time; marking a range searches in it. The chart is loaded once there are images. */
export function TimePanel({ rows, select }: TimeProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const hasTimes = rows.some(({ start }) => start);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = place.current;
    if (element === null || !hasTimes || width === 0) return;
    let remove: (() => void) | undefined;
    let isCurrent = true;
    void import("./coverage-chart.ts").then(({ drawCoverage }) => {
      const coverage = coverageOf(rows.map(({ start }) => start));
      if (isCurrent && coverage !== undefined) remove = drawCoverage(element, coverage, styleColor, select);
    });
    return () => {
      isCurrent = false;
      remove?.();
    };
  }, [rows, width]);
  return (
    <figure class="times">
      <div ref={place} role="img" aria-label="Number of images over time" />
      <figcaption class="dim">
        {hasTimes ? "Images over time; drag to search a period" : "No times are known"}
      </figcaption>
    </figure>
  );
}
