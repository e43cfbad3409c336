import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { address, keepRows, pushParameters } from "../app/address.ts";
import { type ImageRow, island, lookUrl, serviceUrl } from "../app/island.ts";
import { PASTED_LIST } from "../sets/pasted-list.ts";
import { LONGEST_ROWS, listOfRows, rowsText } from "../sets/rows-text.ts";
import { Failure } from "../ui/failure.tsx";
import { shownCount } from "../ui/text.ts";
import { FindForm } from "./find-form.tsx";
import { FindTake } from "./find-take.tsx";
import { FoundList } from "./found-list.tsx";
import { readPlace } from "./place.ts";
import { SEARCH_PARAMETERS, Search, type SearchParameters, searchOf } from "./search.ts";
import { SkyPanel } from "./sky-panel.tsx";
import { TimePanel } from "./time-panel.tsx";

/** Maximum length of a Compare address with readable identifiers. */
const LONGEST_ADDRESS = 2000;

/** Address of Compare for images: by their identifiers or, if these are too long, by `#rows=`. */
function compareUrl(ids: readonly string[], rows: string | undefined): string {
  const url = serviceUrl("view/set", { ids: ids.join(",") });
  return url.length <= LONGEST_ADDRESS || rows === undefined ? url : `${serviceUrl("view/set")}#rows=${rows}`;
}

/** Whether a pasted text is a list rather than a place or a name. */
function isList(text: string): boolean {
  return text.trim().includes("\n") || /^\s*[{[<]/.test(text);
}

function openList(text: string): void {
  sessionStorage.setItem(PASTED_LIST, text);
  location.href = serviceUrl("view/cut");
}

/** Accepts a list pasted or dropped anywhere on the page. */
function useLists(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!isList(text)) return;
      event.preventDefault();
      openList(text);
    };
    const over = (event: DragEvent) => event.preventDefault();
    const drop = async (event: DragEvent) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      const text = file === undefined ? event.dataTransfer?.getData("text/plain") : await file.text();
      if (text) openList(text);
    };
    const dropped = (event: DragEvent) => void drop(event);
    document.addEventListener("paste", paste);
    document.addEventListener("dragover", over);
    document.addEventListener("drop", dropped);
    return () => {
      document.removeEventListener("paste", paste);
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", dropped);
    };
  }, []);
}

/**
 * Keeps ticked images in the address as `#rows=`, so that it can be shared, and ticks those of an
 * opened address. Returns their text, undefined while there is none, and why the text of the
 * address cannot be read.
 */
function useTicks(ticked: Signal<ReadonlySet<string>>): {
  readonly text: string | undefined;
  readonly fault: unknown;
} {
  const [text, setText] = useState<string>();
  const [fault, setFault] = useState<unknown>();
  useEffect(() => {
    const [, given] = /^#rows=(.+)$/.exec(location.hash) ?? [];
    if (given === undefined) return;
    listOfRows(given).then(
      (list) => {
        ticked.value = new Set(list.split("\n"));
      },
      (error: unknown) => setFault(error),
    );
  }, []);
  useEffect(() => {
    let isLast = true;
    if (ticked.value.size === 0) {
      if (text !== undefined) keepRows("");
      setText(undefined);
      return;
    }
    void rowsText([...ticked.value].join("\n")).then((next) => {
      if (!isLast) return;
      setText(next);
      keepRows(next.length > LONGEST_ROWS ? "" : next);
    });
    return () => {
      isLast = false;
    };
  }, [ticked.value]);
  return { text, fault };
}

/** Find: a form, a map of the sky, coverage in time, and the list of images. */
export function FindView() {
  const search = useMemo(() => new Search(address.value), []);
  const chosen = useSignal<ImageRow | undefined>(undefined);
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState(address.value);
  const { text: rowsInAddress, fault: rowsFault } = useTicks(ticked);
  useLists();
  const url = address.value;
  useEffect(() => {
    if (url === last) return;
    setLast(url);
    void search.start(searchOf(url));
  }, [url]);
  const { total, rows, isLoading, error, next, search: current } = search.found.value;
  const apply = (parameters: SearchParameters, isSameSearch = false) => {
    if (!isSameSearch) ticked.value = new Set();
    chosen.value = undefined;
    pushParameters(Object.fromEntries(SEARCH_PARAMETERS.map((name) => [name, parameters[name]])));
  };
  const place = current.pos === undefined ? undefined : readPlace(current.pos);
  return (
    <div class="find">
      <FindForm url={url} search={current} summary={island.summary ?? []} apply={apply} />
      <div class="find-charts">
        <SkyPanel
          rows={rows}
          chosen={chosen.value}
          place={place}
          choose={([ra, dec]) =>
            apply({
              ...current,
              pos: `${ra.toFixed(4)},${dec.toFixed(4)}`,
              radius: current.radius ?? "1deg",
              order: "distance",
            })
          }
        />
        <TimePanel
          rows={rows}
          select={(start, stop) => apply({ ...current, time: `${start}/${stop}`, order: "time" })}
        />
      </div>
      <section class="find-results" aria-label="Images found">
        <div class="find-bar">
          <h1 aria-live="polite">
            {isLoading && rows.length === 0
              ? "Searching …"
              : `${shownCount(total)} ${total === 1 ? "image" : "images"}`}
          </h1>
          <span class="dim">
            {rows.length < total && !isLoading && `${shownCount(rows.length)} read`}
            {isLoading && rows.length > 0 && "reading …"}
          </span>
          {chosen.value !== undefined && (
            <a class="button" href={lookUrl(chosen.value.obs_id)}>
              Look
            </a>
          )}
          {ticked.value.size > 0 && (
            <a class="button primary" href={compareUrl([...ticked.value], rowsInAddress)}>
              Compare {ticked.value.size}
            </a>
          )}
          <FindTake search={current} />
        </div>
        {error !== undefined && <Failure error={error} />}
        {rowsFault !== undefined && <Failure error={rowsFault} />}
        {rows.length === 0 && !isLoading && error === undefined && (
          <p class="dim">
            No images match. Try a larger radius or fewer conditions; target names must match the labels
            exactly. For a moving object, paste its CATCH list or its ephemeris into{" "}
            <a href={serviceUrl("view/cut")}>Cut</a>.
          </p>
        )}
        <FoundList
          rows={rows}
          total={total}
          order={current.order ?? "id"}
          hasPlace={place !== undefined}
          more={next === null ? undefined : () => void search.more()}
          chosen={chosen}
          ticked={ticked}
          reorder={(order) => apply({ ...current, order }, true)}
        />
      </section>
    </div>
  );
}
