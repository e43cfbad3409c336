import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { CopyButton } from "../ui/copy-button.tsx";
import { HistogramPlot } from "../viewer/panels/histogram-plot.tsx";
import { type Findings, findingsCsv, histogramCsv, type Measurement, type Tool } from "./measurement.ts";
import { ProfilePlot } from "./profile-plot.tsx";

const NAMES: Readonly<Record<Tool, string>> = {
  mark: "Mark (M)",
  distance: "Distance (D)",
  circle: "Circle (R)",
  line: "Line (L)",
};

/** The measurements, and the tools for new ones. */
export function MeasurePanel({
  tool,
  measurements,
  findingsOf,
}: {
  readonly tool: Signal<Tool | undefined>;
  readonly measurements: Signal<readonly Measurement[]>;
  /** Undefined while pixels are being read, or off the image. */
  readonly findingsOf: (measurement: Measurement) => Findings | undefined;
}) {
  const list = measurements.value;
  const buttons = useRef<HTMLDivElement>(null);
  return (
    <section class="panel" aria-labelledby="measure-title">
      <h2 id="measure-title">Measure</h2>
      <div class="row" ref={buttons}>
        {(Object.keys(NAMES) as Tool[]).map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={tool.value === each}
            onClick={() => {
              tool.value = tool.value === each ? undefined : each;
            }}
          >
            {NAMES[each]}
          </button>
        ))}
      </div>
      {tool.value === undefined ? null : (
        <p class="hint">
          Drag on the picture, or move the cursor with the arrow keys and press Enter
          {tool.value === "mark" ? "" : " at both ends"}.
        </p>
      )}
      <ol class="measurements">
        {list.map((measurement, i) => (
          <Result
            key={i}
            kind={measurement.kind}
            found={findingsOf(measurement)}
            onRemove={() => {
              measurements.value = list.filter((each) => each !== measurement);
              // the button that had the focus disappears
              buttons.current?.querySelector("button")?.focus();
            }}
          />
        ))}
      </ol>
    </section>
  );
}

function Result({
  kind,
  found,
  onRemove,
}: {
  readonly kind: Tool;
  readonly found: Findings | undefined;
  readonly onRemove: () => void;
}) {
  const copied = useSignal("");
  return (
    <li>
      <div class="row">
        <strong>{kind}</strong>
        {found === undefined ? null : (
          <CopyButton text={() => findingsCsv(found)} done={copied}>
            Copy as CSV
          </CopyButton>
        )}
        {found?.histogram === undefined ? null : (
          <CopyButton text={() => histogramCsv(found.histogram!)} done={copied}>
            Copy histogram
          </CopyButton>
        )}
        {found?.ades === undefined ? null : (
          <CopyButton text={() => found.ades!} done={copied}>
            Copy ADES
          </CopyButton>
        )}
        <button type="button" aria-label={`Remove this ${kind}`} onClick={onRemove}>
          ×
        </button>
      </div>
      {found === undefined ? (
        <p class="hint">Off the image, or its pixels are still being read.</p>
      ) : (
        <>
          {found.profile === undefined ? null : <ProfilePlot points={found.profile} />}
          {found.histogram === undefined ? null : <HistogramPlot histogram={found.histogram} />}
          <dl class="findings number">
            {found.list.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <p class="hint" role="status">
            {copied.value}
          </p>
        </>
      )}
    </li>
  );
}
