import { useEffect, useRef, useState } from "preact/hooks";
import { parameter, pushParameters } from "../app/address.ts";
import { island } from "../app/island.ts";
import { followBatch, type Progress } from "../sets/follow-batch.ts";
import { PASTED_LIST } from "../sets/pasted-list.ts";
import { Failure } from "../ui/failure.tsx";
import { shownCount } from "../ui/text.ts";
import { BatchFiles } from "./batch-files.tsx";
import { type CutOptions, type ReadList, readList, startBatch } from "./cut-list.ts";
import { CutRows, type RowEnd } from "./cut-rows.tsx";

/** Delay after the last key press before the list is read, milliseconds. */
const PAUSE_MS = 400;

const EXAMPLE = `obs_id,ra,dec
urn:nasa:pds:survey:test-collection:test-000000,351.45,0.05`;

/** Cut: turns a list of images and positions into files. */
export function CutView() {
  const [text, setText] = useState(() => {
    const pasted = sessionStorage.getItem(PASTED_LIST) ?? "";
    sessionStorage.removeItem(PASTED_LIST);
    return pasted;
  });
  const [options, setOptions] = useState<CutOptions>({ size: "5arcmin", formats: ["fits"], align: true });
  const [list, setList] = useState<ReadList>();
  const [error, setError] = useState<unknown>();
  const [progress, setProgress] = useState<Progress>();
  const [ends, setEnds] = useState<ReadonlyMap<number, RowEnd>>(new Map());
  const batch = parameter("batch");
  const file = useRef<HTMLInputElement>(null);
  const listField = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setList(undefined);
    setError(undefined);
    if (text.trim() === "" || island.maximumRows === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      readList(text, options, abort.signal).then(setList, (reason) => {
        if (!abort.signal.aborted) setError(reason);
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, options]);
  useEffect(() => {
    setEnds(new Map());
    setProgress(undefined);
    if (batch === undefined) return;
    const found = new Map<number, RowEnd>();
    return followBatch<RowEnd>(batch, {
      row: (row) => found.set(row.n, row),
      progress: (now) => {
        setProgress(now);
        setEnds(new Map(found));
      },
      end: (now) => {
        setProgress(now);
        setEnds(new Map(found));
      },
    });
  }, [batch]);
  const make = async () => {
    setError(undefined);
    try {
      pushParameters({ batch: await startBatch(text, options) });
    } catch (reason) {
      setError(reason);
    }
  };
  if (island.maximumRows === null) return <p class="text">This service does not offer batches.</p>;
  const usable = list?.rows.filter(({ code }) => code === null).length ?? 0;
  const tooMany = list !== undefined && list.pixels > list.limits.pixels;
  return (
    <section class="cut">
      <h1>Cut out a list</h1>
      <div class="cut-input">
        <label for="list">
          A CATCH list (JSON), CSV, TSV, VOTable, ADES, MPC 80-column records, or a Horizons ephemeris
        </label>
        <textarea
          ref={listField}
          id="list"
          rows={9}
          spellcheck={false}
          value={text}
          placeholder={EXAMPLE}
          onInput={(event) => setText(event.currentTarget.value)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            const [dropped] = event.dataTransfer?.files ?? [];
            if (dropped === undefined) return;
            event.preventDefault();
            void dropped.text().then(setText);
          }}
        />
        <div class="field-actions">
          <input
            ref={file}
            type="file"
            hidden
            onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)}
          />
          <button type="button" onClick={() => file.current?.click()}>
            Open a file
          </button>
          {text === "" && (
            <button
              type="button"
              onClick={() => {
                setText(EXAMPLE);
                // the button, which has the focus, disappears
                listField.current?.focus();
              }}
            >
              Example
            </button>
          )}
          <span class="dim">or drop it on the list; up to {shownCount(island.maximumRows)} rows</span>
        </div>
      </div>
      <OptionFields options={options} change={setOptions} />
      {error !== undefined && <Failure error={error} />}
      <div class="field-actions">
        <button class="primary" type="button" disabled={usable === 0 || tooMany} onClick={() => void make()}>
          Make {usable === 0 ? "cutouts" : `${shownCount(usable)} ${usable === 1 ? "cutout" : "cutouts"}`}
        </button>
        <output class="dim" aria-live="polite">
          {list !== undefined &&
            `${shownCount(list.rows.length)} ${list.rows.length === 1 ? "row" : "rows"} read as ${list.form}${list.target === null ? "" : ` for ${list.target}`}, ${(list.pixels / 1e6).toPrecision(2)} Mpx`}
          {tooMany && `; at most ${shownCount(list.limits.pixels / 1e6)} Mpx: choose a smaller size`}
        </output>
      </div>
      {list?.notes.map((note) => (
        <p class="hint" key={note}>
          {note}
        </p>
      ))}
      {batch !== undefined && <BatchFiles id={batch} progress={progress} options={options} />}
      {list !== undefined && <CutRows rows={list.rows} ends={ends} />}
    </section>
  );
}

/** Fields for size and formats. */
function OptionFields({
  options,
  change,
}: {
  readonly options: CutOptions;
  readonly change: (options: CutOptions) => void;
}) {
  const { size, formats, align } = options;
  const toggle = (format: string, isOn: boolean) => {
    const next = isOn ? [...formats, format] : formats.filter((one) => one !== format);
    if (next.length > 0) change({ ...options, formats: next });
  };
  return (
    <fieldset class="cut-options">
      <legend class="visually-hidden">Products of each row</legend>
      <label class="field">
        Size, such as 5arcmin or 121px
        <input value={size} onChange={(event) => change({ ...options, size: event.currentTarget.value })} />
      </label>
      {["fits", "jpeg", "png"].map((format) => (
        <label key={format} class="check">
          <input
            type="checkbox"
            checked={formats.includes(format)}
            onChange={(event) => toggle(format, event.currentTarget.checked)}
          />
          {format.toUpperCase()}
        </label>
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={align}
          disabled={formats.every((format) => format === "fits")}
          onChange={(event) => change({ ...options, align: event.currentTarget.checked })}
        />
        pictures north up
      </label>
    </fieldset>
  );
}
