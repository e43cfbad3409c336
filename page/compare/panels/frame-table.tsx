import { useComputed } from "@preact/signals";
import type { PlacedRow } from "../../sets/load-set.ts";
import { isoOfMjd } from "../../ui/sexagesimal.ts";
import { shownTime, surveyOf } from "../../ui/text.ts";
import type { CompareState } from "../compare-state.ts";

/** ISO 8601 of a Modified Julian Date. */
export function timeOfMjd(mjd: number | undefined | null): string | undefined {
  return mjd == null || Number.isNaN(mjd) ? undefined : isoOfMjd(mjd);
}

/** The frames as a table, for users who cannot see the picture. */
export function FrameTable({ state }: { readonly state: CompareState }) {
  const hasMagnitude = state.rows.some(({ vmag }) => vmag != null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table must be scrollable by keyboard
    <section class="frames" tabIndex={0} aria-label="Images of the set">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">use</span>
            </th>
            <th scope="col">mid-time UTC</th>
            <th scope="col">survey</th>
            {hasMagnitude ? <th scope="col">V</th> : null}
            <th scope="col">noise</th>
          </tr>
        </thead>
        <tbody>
          {state.rows.map((row, index) => (
            <FrameLine key={row.n} state={state} row={row} index={index} hasMagnitude={hasMagnitude} />
          ))}
          {state.unusable.map((row) => (
            <tr key={row.n} class="unusable">
              <td />
              <td colSpan={hasMagnitude ? 4 : 3}>
                {row.label ?? row.obs_id ?? `row ${row.n}`}: {row.detail ?? "no sky position is given"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FrameLine({
  state,
  row,
  index,
  hasMagnitude,
}: {
  readonly state: CompareState;
  readonly row: PlacedRow;
  readonly index: number;
  readonly hasMagnitude: boolean;
}) {
  const isCurrent = useComputed(() => state.index.value === index);
  const isUsed = useComputed(() => !state.leftOut.value.has(row.n));
  const frame = useComputed(() => {
    state.loader.version.value;
    return state.loader.frames.get(row.n);
  }).value;
  const fault = useComputed(() => {
    state.loader.version.value;
    return state.loader.faults.get(row.n);
  }).value;
  const time = shownTime(timeOfMjd(frame?.mid ?? row.mjd)).slice(0, 16);
  return (
    <tr
      aria-current={isCurrent.value ? "true" : undefined}
      class={fault === undefined ? undefined : "unusable"}
      onClick={() => state.show(index)}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Use ${time}`}
          checked={isUsed.value}
          onClick={(event) => event.stopPropagation()}
          onChange={() => state.toggleUse(row.n)}
        />
      </td>
      <td class="number">
        <button type="button" class="plain" title={fault} onClick={() => state.show(index)}>
          {time}
        </button>
      </td>
      <td>{surveyOf(row.obs_id)}</td>
      {hasMagnitude ? <td class="number">{row.vmag?.toFixed(1) ?? ""}</td> : null}
      <td class="number">
        {fault !== undefined
          ? "failed"
          : frame === undefined
            ? "…"
            : frame.cutout.statistics.sigma.toPrecision(3)}
      </td>
    </tr>
  );
}
