import { usageError } from "../errors.ts";
import { maxrecOf, runIdOf } from "../parameters/common.ts";
import type { GivenParameters } from "../parameters/given-parameters.ts";
import { type Interval, readInterval } from "../parameters/interval.ts";
import { readPosition, type Shape } from "../parameters/shape.ts";

/**
 * A query of SIA 2.0 (REC-SIA-2.0-20151223, 2.1). An empty list means that the parameter was not
 * given; values of one list are alternatives, and all lists must be met.
 */
export interface SiaQuery {
  readonly pos: readonly Shape[];
  /** Wavelengths in vacuum, metres. */
  readonly band: readonly Interval[];
  /** Modified Julian Dates, UTC. */
  readonly time: readonly Interval[];
  readonly pol: readonly string[];
  /** Degrees. */
  readonly fov: readonly Interval[];
  /** Arcseconds. */
  readonly spatres: readonly Interval[];
  readonly specrp: readonly Interval[];
  /** Seconds. */
  readonly exptime: readonly Interval[];
  /** Seconds. */
  readonly timeres: readonly Interval[];
  readonly id: readonly string[];
  readonly collection: readonly string[];
  readonly facility: readonly string[];
  readonly instrument: readonly string[];
  readonly dptype: readonly string[];
  readonly calib: readonly number[];
  readonly target: readonly string[];
  /** Media types; undefined if not given. */
  readonly format: readonly string[];
  readonly maxrec: number;
  readonly runId: string | undefined;
}

/** Reads the query from the parameters. Errors: VO_USAGE. */
export function readSiaQuery(parameters: GivenParameters): SiaQuery {
  const texts = (name: string) => parameters.all(name);
  const intervals = (name: string) => texts(name).map((text) => readInterval(name, text));
  return {
    pos: texts("POS").map((text) => readPosition("POS", text)),
    band: intervals("BAND"),
    time: intervals("TIME"),
    pol: texts("POL"),
    fov: intervals("FOV"),
    spatres: intervals("SPATRES"),
    specrp: intervals("SPECRP"),
    exptime: intervals("EXPTIME"),
    timeres: intervals("TIMERES"),
    id: texts("ID"),
    collection: texts("COLLECTION"),
    facility: texts("FACILITY"),
    instrument: texts("INSTRUMENT"),
    dptype: texts("DPTYPE"),
    calib: texts("CALIB").map(readLevel),
    target: texts("TARGET"),
    format: texts("FORMAT"),
    maxrec: maxrecOf(parameters),
    runId: runIdOf(parameters),
  };
}

function readLevel(text: string): number {
  if (!/^[0-4]$/.test(text)) throw usageError("CALIB", text, "a whole number from 0 to 4");
  return Number(text);
}
