import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SummaryRow } from "../app/island.ts";
import { shownCount } from "../ui/text.ts";
import { placeParameter, readPlace } from "./place.ts";
import { countImages, type SearchParameters, searchOf } from "./search.ts";

/** Delay after the last key press before images are counted, milliseconds. */
const PAUSE_MS = 300;

interface FormProps {
  /** The search in the address: another one refills the fields without moving the focus. */
  readonly url: string;
  readonly search: SearchParameters;
  readonly summary: readonly SummaryRow[];
  readonly apply: (search: SearchParameters) => void;
}

/** The fields as the user typed them. */
interface Fields {
  readonly place: string;
  readonly radius: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly filter: string;
  readonly collection: string;
  readonly id: string;
}

function fieldsOf({ pos, radius, time, target, filter, collection, obs_id }: SearchParameters): Fields {
  const [from = "", to = from] = time?.split("/") ?? [];
  return {
    place: pos?.replace(",", " ") ?? "",
    radius: radius ?? "",
    from: from === ".." ? "" : from,
    to: to === ".." ? "" : to,
    target: target ?? "",
    filter: filter ?? "",
    collection: collection ?? "",
    id: obs_id ?? "",
  };
}

/** The search in the fields; undefined while the position cannot be read. */
function searchFrom(
  fields: Fields,
  { facility, instrument }: SearchParameters,
): SearchParameters | undefined {
  const { place, radius, from, to, target, filter, collection, id } = fields;
  const read = place.trim() === "" ? null : readPlace(place);
  if (read === undefined) return undefined;
  const written = radius.replaceAll(" ", "");
  const size = written === "" ? "5arcmin" : /^[\d.]+$/.test(written) ? `${written}arcmin` : written;
  const all = {
    ...(read !== null && { pos: placeParameter(read), radius: size, order: "distance" }),
    ...(read === null && (from !== "" || to !== "") && { order: "time" }),
    ...((from !== "" || to !== "") && { time: from === to ? from : `${from}/${to}` }),
    target: target.trim(),
    filter: filter.trim(),
    collection,
    obs_id: id.trim(),
    facility,
    instrument,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as SearchParameters;
}

/** The search form, with the number of images that the search would find. */
export function FindForm({ url, search, summary, apply }: FormProps) {
  const [fields, setFields] = useState(() => fieldsOf(search));
  const [count, setCount] = useState("");
  const isTouched = useRef(false);
  useEffect(() => {
    isTouched.current = false;
    setFields(fieldsOf(searchOf(url)));
    setCount("");
  }, [url]);
  const wanted = useMemo(() => searchFrom(fields, search), [fields]);
  useEffect(() => {
    if (!isTouched.current || wanted === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      countImages(wanted, abort.signal).then(
        (total) => setCount(`${shownCount(total)} ${total === 1 ? "image" : "images"}`),
        (error: Error) => abort.signal.aborted || setCount(error.message),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wanted]);
  const field = (name: keyof Fields, text: string, example: string) => (
    <label class="field">
      {text}
      <input
        value={fields[name]}
        placeholder={example}
        aria-invalid={name === "place" && wanted === undefined}
        onInput={(event) => {
          isTouched.current = true;
          setFields({ ...fields, [name]: event.currentTarget.value });
        }}
      />
    </label>
  );
  const collections = useMemo(() => collectionsOf(summary), [summary]);
  return (
    <form
      class="find-form"
      aria-label="Search"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== undefined) apply(wanted);
      }}
    >
      {field("place", "Place", "11:38:29 +17:58:33")}
      {wanted === undefined && (
        <p class="hint" role="alert">
          RA and Dec in degrees, or hours and degrees such as 11:38:29 +17:58:33
        </p>
      )}
      {field("radius", "Radius, arcmin unless a unit is given", "5")}
      {field("from", "From, UTC", "2019-07-01")}
      {field("to", "To, UTC", "2019-08")}
      {field("target", "Target", "65P")}
      {field("filter", "Filter", "o")}
      <label class="field">
        Survey
        <select
          value={fields.collection}
          onChange={(event) => {
            isTouched.current = true;
            setFields({ ...fields, collection: event.currentTarget.value });
          }}
        >
          <option value="">All</option>
          {collections.map(([collection, total]) => (
            <option key={collection} value={collection}>
              {collection.replace(/^urn:nasa:pds:/, "")} ({shownCount(total)})
            </option>
          ))}
        </select>
      </label>
      {field("id", "Identifier, or its beginning and *", "urn:nasa:pds:*")}
      <div class="field-actions">
        <button class="primary" type="submit" disabled={wanted === undefined}>
          Find
        </button>
        <button type="button" onClick={() => apply({})}>
          Clear
        </button>
        <output class="dim" aria-live="polite">
          {count}
        </output>
      </div>
      <p class="hint">
        Paste a CATCH job or a list of positions anywhere on this page, or drop a file. <kbd>/</kbd> moves to
        the list, arrow keys move within it, <kbd>space</kbd> ticks an image, <kbd>Enter</kbd> opens it.
      </p>
    </form>
  );
}

function collectionsOf(summary: readonly SummaryRow[]): readonly (readonly [string, number])[] {
  const totals = new Map<string, number>();
  for (const { collection, count } of summary) totals.set(collection, (totals.get(collection) ?? 0) + count);
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1));
}
