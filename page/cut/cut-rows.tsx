import { lookUrl } from "../app/island.ts";
import type { SetRow } from "../sets/load-set.ts";
import { shortName, shownCount } from "../ui/text.ts";

/** The outcome of a row. */
export interface RowEnd {
  readonly n: number;
  readonly status: "done" | "partial" | "failed" | "skipped";
  readonly detail: string | null;
}

/** Number of rows shown; problems come first, so that none is hidden below many good rows. */
const SHOWN = 500;

/** The meaning of each warning of docs/user.md. */
const WARNINGS: Readonly<Record<string, string>> = {
  EDGE: "the box is partly off the image",
  ELLIPSE_LARGER: "the uncertainty ellipse is larger than the box",
  EPHEMERIS_SPARSE: "positions interpolated in the ephemeris may be wrong by more than an arcsecond",
  GEOCENTRIC: "the ephemeris is geocentric: seen from the observatory, a near object is elsewhere",
  RATE_OF_DATE:
    "the motion refers to the equator of date: good for trails, but not for propagating a position over hours",
  TIME_MISMATCH: "the time is outside the exposure, and no motion is given",
  TRAILED: "the object moves by more than two pixels in the exposure",
};

/** The rows of a list as understood by the service, each with its problem. */
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
  const warnings = [...new Set(rows.flatMap((row) => row.warnings))].sort();
  return (
    <section aria-label="Rows of the list">
      {bad > 0 && (
        <p class="problem">
          {shownCount(bad)} of {shownCount(rows.length)} rows cannot be used; the others are made.
        </p>
      )}
      {warnings.map((warning) => (
        <p class="hint" key={warning}>
          {warning}: {WARNINGS[warning] ?? "see the guide"}
        </p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard */}
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
      <td>
        {id === null ? (
          "–"
        ) : code === "IMAGE_NOT_FOUND" ? (
          shortName(id)
        ) : (
          <a href={lookUrl(id)}>{shortName(id)}</a>
        )}
      </td>
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
