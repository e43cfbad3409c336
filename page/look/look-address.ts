import { effect } from "@preact/signals";
import { icrsToPixel, pixelScales, pixelToIcrs } from "@sbnsis/wcs";
import { parameter, replaceParameters } from "../app/address.ts";
import type { SkyPlace } from "../drawing/sky/tangent-plane.ts";
import type { MeasureTool } from "../measure/measure-tool.ts";
import { measurementsOf, measurementsText } from "../measure/measurement.ts";
import {
  displayChanges,
  displayOf,
  flagOf,
  levelsOf,
  levelsText,
  numberOfAddress,
  placeOf,
  placeText,
} from "../viewer/view-address.ts";
import type { LookState } from "./look-state.ts";

/** The position marked by the address. */
export function placeOfAddress(): SkyPlace | undefined {
  return placeOf("mark", parameter("mark"));
}

/** Restores the state in the address. Errors: a RangeError that names what cannot be read. */
export function restoreLookState(state: LookState, tool: MeasureTool): void {
  const { view } = state;
  const wcs = state.wcs.value;
  view.display.value = displayOf(parameter);
  const cut = parameter("cut");
  const cuts = state.description.value?.cuts;
  if (cut === "zscale" || cut === "percentile" || cut === "minmax") {
    if (cuts) state.levels.value = { low: cuts[cut][0], high: cuts[cut][1] };
  } else if (cut !== undefined) {
    const levels = levelsOf(cut);
    if (levels === undefined)
      throw new RangeError(`cut=${cut} is not zscale, percentile, minmax or low,high`);
    state.levels.value = levels;
  }
  tool.measurements.value = measurementsOf(parameter("m") ?? "");
  const at = placeOf("at", parameter("at")) ?? placeOfAddress();
  if (wcs === undefined || at === undefined) return;
  const place = icrsToPixel(wcs, at.ra, at.dec);
  if (place === undefined) return;
  const arcsec = numberOfAddress("z", parameter("z"));
  const scale = arcsec === undefined ? 1 : arcsec / (3600 * Math.min(...pixelScales(wcs)));
  view.camera.value = {
    u: place.x,
    v: place.y,
    scale: Math.min(view.limits.most, Math.max(view.limits.least, scale)),
    turn: numberOfAddress("rot", parameter("rot")) ?? 0,
    isMirrored: flagOf("flip", parameter("flip")),
  };
}

/** Keeps the address in step with the view; returns the function that stops this. */
export function keepLookState(state: LookState, tool: MeasureTool): () => void {
  let isFirst = true;
  return effect(() => {
    const { u, v, scale, turn, isMirrored } = state.view.camera.value;
    const { low, high } = state.levels.value;
    const display = displayChanges(state.view.display.value);
    const measurements = measurementsText(tool.measurements.value);
    const wcs = state.wcs.value;
    const cuts = state.description.value?.cuts;
    const at = wcs && pixelToIcrs(wcs, u, v);
    if (!cuts || wcs === undefined || at === undefined) return;
    // the initial state needs no address
    if (isFirst) {
      isFirst = false;
      return;
    }
    const isZscale = low === cuts.zscale[0] && high === cuts.zscale[1];
    replaceParameters({
      ...display,
      at: placeText(at),
      z: String(Number((scale * 3600 * Math.min(...pixelScales(wcs))).toPrecision(5))),
      rot: turn % 360 === 0 ? undefined : String(Number((turn % 360).toFixed(2))),
      flip: isMirrored ? "true" : undefined,
      cut: isZscale ? undefined : levelsText({ low, high }),
      m: measurements === "" ? undefined : measurements,
    });
  });
}
