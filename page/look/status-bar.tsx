import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import { degreesText, hoursText, numberText } from "../ui/sexagesimal.ts";

export interface StatusBarProps {
  readonly sky: SkyPlace | undefined;
  /** Counted from 1, as in FITS. */
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly value: number | undefined;
  readonly isExact: boolean;
  readonly unit: string;
  /** Scale, level and the like. */
  readonly children?: preact.ComponentChildren;
}

/** The text of a value, with "≈" if it is rounded or averaged. */
function valueText({ value, isExact, unit }: Pick<StatusBarProps, "value" | "isExact" | "unit">): string {
  if (value === undefined) return "…";
  if (Number.isNaN(value)) return "no value";
  return `${isExact ? "" : "≈ "}${numberText(value)}${unit === "" ? "" : ` ${unit}`}`;
}

/** The readout as a sentence, for the clipboard and for screen readers. */
export function readoutText(props: StatusBarProps): string {
  const { sky, x, y } = props;
  if (x === undefined || y === undefined) return "The cursor is not on the image.";
  const place = sky === undefined ? "" : `RA ${sky.ra.toFixed(6)} Dec ${sky.dec.toFixed(6)} `;
  return `${place}x ${x.toFixed(2)} y ${y.toFixed(2)} value ${valueText(props)}`;
}

/** Position and value at the cursor. */
export function StatusBar(props: StatusBarProps) {
  const { sky, x, y, children } = props;
  return (
    <dl class="status-bar number">
      <div>
        <dt>RA</dt>
        <dd data-readout="ra">{sky === undefined ? "–" : sky.ra.toFixed(6)}</dd>
        <dd class="dim">{sky === undefined ? "" : hoursText(sky.ra)}</dd>
      </div>
      <div>
        <dt>Dec</dt>
        <dd data-readout="dec">
          {sky === undefined ? "–" : `${sky.dec < 0 ? "" : "+"}${sky.dec.toFixed(6)}`}
        </dd>
        <dd class="dim">{sky === undefined ? "" : degreesText(sky.dec)}</dd>
      </div>
      <div>
        <dt>x</dt>
        <dd data-readout="x">{x === undefined ? "–" : x.toFixed(2)}</dd>
        <dt>y</dt>
        <dd data-readout="y">{y === undefined ? "–" : y.toFixed(2)}</dd>
      </div>
      <div>
        <dt>value</dt>
        <dd data-readout="value">{x === undefined ? "–" : valueText(props)}</dd>
      </div>
      {children}
    </dl>
  );
}
