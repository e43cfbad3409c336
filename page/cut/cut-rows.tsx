import { lookUrl } from "../app/island.ts";
import type { SetRow } from "../sets/load-set.ts";
import { shortName, shownCount } from "../ui/text.ts";
import type { RowEnd } from "./cut-list.ts";

/** Rows that are shown; problems come first, so none is hidden below many good rows. */
const SHOWN = 500;

/** The rows of a list as understood, with their problems in place. */
export function CutRows({
  rows,
  ends,
}: {
  readonly rows: readonly SetRow[];
  readonly ends: ReadonlyMap<number, RowEnd>;
}) {
  const bad = rows.filter(({ code }) => code !== null).length;
  const shown =
    rows.length <= SHOWN ? rows : rows.toSorted((a, b) => badness(b) - badness(a)).slice(0, SHOWN);
  return (
    <section aria-label="Rows of the list">
      {bad > 0 && (
        <p class="problem">
          {shownCount(bad)} of {shownCount(rows.length)} rows cannot be used; the others are made.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard */}
      <section class="table" tabIndex={0} aria-label="Rows as understood">
        <table class="cut-rows">
          <thead>
            <tr>
              <th class="number">Row</th>
              <th>Image</th>
              <th class="number">RA</th>
              <th class="number">Dec</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.n} row={row} end={ends.get(row.n)} />
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > shown.length && (
        <p class="hint">and {shownCount(rows.length - shown.length)} more rows</p>
      )}
    </section>
  );
}

const badness = ({ code, warnings }: SetRow): number => (code === null ? Math.min(1, warnings.length) : 2);

function Row({ row, end }: { readonly row: SetRow; readonly end: RowEnd | undefined }) {
  const { n, obs_id: id, ra, dec, code, detail, warnings } = row;
  const state = code === null ? (end?.status ?? (warnings.length > 0 ? "warning" : "ready")) : "failed";
  return (
    <tr data-state={state}>
      <td class="number">{n}</td>
      <td>{id === null ? "–" : <a href={lookUrl(id)}>{shortName(id)}</a>}</td>
      <td class="number">{ra === null ? "–" : ra.toFixed(5)}</td>
      <td class="number">{dec === null ? "–" : dec.toFixed(5)}</td>
      <td class="state">
        {code === null ? (end === undefined ? "ready" : end.status) : code}
        {(detail ?? end?.detail) && <small> {detail ?? end?.detail}</small>}
        {warnings.length > 0 && <small> {warnings.join(", ")}</small>}
      </td>
    </tr>
  );
}
