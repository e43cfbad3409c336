import type { Signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ImageRow, imageUrl, lookUrl } from "../app/island.ts";
import { distanceText } from "../ui/sexagesimal.ts";
import { shortName, shownTime, surveyName } from "../ui/text.ts";

/** Height of every row, CSS pixels: fixed, so that positions in a long list can be computed. */
const ROW_HEIGHT = 56;

/** Number of rows rendered above and below the visible part. */
const MARGIN = 6;

/** More rows are read when this many rows or fewer remain below the visible part. */
const AHEAD = 200;

interface ListProps {
  readonly rows: readonly ImageRow[];
  readonly total: number;
  readonly order: string;
  readonly hasPlace: boolean;
  /** Reads more rows; undefined when all have been read. */
  readonly more: (() => void) | undefined;
  readonly chosen: Signal<ImageRow | undefined>;
  readonly ticked: Signal<ReadonlySet<string>>;
  readonly reorder: (order: "id" | "time" | "distance") => void;
}

/** Columns that sort the rows read so far; time and distance sort all rows, in the service. */
const SORTS = {
  survey: (row: ImageRow) => row.collection,
  filter: (row: ImageRow) => row.filter ?? "",
  exposure: (row: ImageRow) => row.exposure ?? 0,
  target: (row: ImageRow) => row.target ?? "",
} as const;

type Sort = keyof typeof SORTS;

function sorted(rows: readonly ImageRow[], sort: Sort | undefined, isDown: boolean): readonly ImageRow[] {
  if (sort === undefined) return rows;
  const key = SORTS[sort];
  const sign = isDown ? -1 : 1;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}

/** The images found; however many there are, only the visible rows are in the document. */
export function FoundList(props: ListProps) {
  const { rows, order, hasPlace, more, chosen, ticked, reorder } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState(0);
  const [sort, setSort] = useState<Sort>();
  const [isDown, setDown] = useState(false);
  const shown = useMemo(() => sorted(rows, sort, isDown), [rows, sort, isDown]);
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - MARGIN);
  const last = Math.min(shown.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + MARGIN);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);
  useEffect(() => {
    if (last + AHEAD > rows.length) more?.();
  }, [last, rows.length, more === undefined]);
  useEffect(() => {
    const toList = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      frame.current?.focus();
    };
    document.addEventListener("keydown", toList);
    return () => document.removeEventListener("keydown", toList);
  }, []);
  const choose = (index: number) => {
    const next = Math.min(shown.length - 1, Math.max(0, index));
    setActive(next);
    chosen.value = shown[next];
    const element = frame.current;
    if (element === null) return;
    if (next * ROW_HEIGHT < element.scrollTop) element.scrollTop = next * ROW_HEIGHT;
    const below = (next + 1) * ROW_HEIGHT - element.clientHeight;
    if (below > element.scrollTop) element.scrollTop = below;
  };
  const tick = (row: ImageRow | undefined) => {
    if (row === undefined) return;
    const next = new Set(ticked.value);
    if (!next.delete(row.obs_id)) next.add(row.obs_id);
    ticked.value = next;
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => choose(active + 1),
    ArrowUp: () => choose(active - 1),
    PageDown: () => choose(active + Math.floor(view.height / ROW_HEIGHT)),
    PageUp: () => choose(active - Math.floor(view.height / ROW_HEIGHT)),
    Home: () => choose(0),
    End: () => choose(shown.length - 1),
    " ": () => tick(shown[active]),
    Enter: () => {
      const row = shown[active];
      if (row !== undefined) location.href = lookUrl(row.obs_id);
    },
  };
  const head = (name: Sort | "time" | "distance", text: string) => {
    const isServer = name === "time" || name === "distance";
    const isSorted = isServer ? sort === undefined && order === name : sort === name;
    return (
      <button
        type="button"
        class={`column-${name}`}
        aria-pressed={isSorted}
        onClick={() => {
          if (isServer) {
            setSort(undefined);
            reorder(name);
            return;
          }
          setDown(sort === name && !isDown);
          setSort(name);
        }}
      >
        {text}
        {isSorted && (isDown && !isServer ? " ▾" : " ▴")}
      </button>
    );
  };
  return (
    <div class="found" data-place={hasPlace}>
      <div class="found-head" role="toolbar" aria-label="Sort by">
        {hasPlace && head("distance", "distance")}
        {head("time", "time, UTC")}
        {head("survey", "survey")}
        {head("filter", "filter")}
        {head("exposure", "exposure")}
        {head("target", "target")}
      </div>
      <div
        class="found-rows"
        ref={frame}
        tabIndex={0}
        role="listbox"
        aria-label="Images"
        aria-multiselectable="true"
        aria-activedescendant={
          shown.length > 0 && active >= first && active < last ? `row-${active}` : undefined
        }
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (act === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          act();
        }}
      >
        <div class="found-space" style={{ height: `${shown.length * ROW_HEIGHT}px` }} role="presentation">
          {shown.slice(first, last).map((row, i) => (
            <FoundRow
              key={row.obs_id}
              row={row}
              index={first + i}
              count={props.total}
              isActive={first + i === active}
              isTicked={ticked.value.has(row.obs_id)}
              hasPlace={hasPlace}
              choose={() => choose(first + i)}
              hover={() => {
                chosen.value = row;
              }}
              tick={() => tick(row)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: ImageRow;
  readonly index: number;
  readonly count: number;
  readonly isActive: boolean;
  readonly isTicked: boolean;
  /** Whether the search has a position, from which rows then have a distance. */
  readonly hasPlace: boolean;
  readonly choose: () => void;
  readonly hover: () => void;
  readonly tick: () => void;
}

/** A row: a click chooses and ticks it, a double click opens it in Look. */
function FoundRow({ row, index, count, isActive, isTicked, hasPlace, choose, hover, tick }: RowProps) {
  const { obs_id: id, collection, instrument, start, filter, exposure, target, distance } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys of all its rows
    <div
      id={`row-${index}`}
      class="found-row"
      role="option"
      tabIndex={-1}
      aria-selected={isTicked}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-active={isActive}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      onClick={() => {
        choose();
        tick();
      }}
      onDblClick={() => {
        location.href = lookUrl(id);
      }}
      onMouseEnter={hover}
    >
      <span class="tick" aria-hidden="true">
        {isTicked ? "☑" : "☐"}
      </span>
      <img
        src={imageUrl(id, { format: "jpeg", quick: true, width: 96 })}
        alt=""
        width={48}
        height={48}
        loading="lazy"
        decoding="async"
      />
      {hasPlace && (
        <span class="column-distance number">{distance == null ? "–" : distanceText(distance * 3600)}</span>
      )}
      <span class="column-time number">{shownTime(start)}</span>
      <span class="column-survey">
        {instrument}
        <small class="dim">
          {surveyName(collection)} · {shortName(id)}
        </small>
      </span>
      <span class="column-filter">{filter ?? "–"}</span>
      <span class="column-exposure number">{exposure == null ? "–" : `${exposure} s`}</span>
      <span class="column-target">{target ?? "–"}</span>
    </div>
  );
}
