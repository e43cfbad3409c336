import { usageError } from "../errors.ts";
import type { GivenParameters } from "../parameters/given-parameters.ts";
import { UWS_PHASES, type UwsPhase } from "./uws-xml.ts";

/** Default and maximum execution duration, seconds. */
export const EXECUTION = { fallback: 600, longest: 3600 };

/** Default and maximum time until a job is destroyed, milliseconds. */
export const RETENTION = { fallback: 7 * 86_400_000, longest: 30 * 86_400_000 };

/** How long a client may wait for a change of phase, seconds: below the timeouts of proxies. */
const LONGEST_WAIT = 60;

/** Filters of a job list (UWS 1.1, 2.2.2.2). */
export interface UwsListQuery {
  /** Undefined: any. */
  readonly phases: readonly UwsPhase[] | undefined;
  /** Created after this time, milliseconds since 1970. */
  readonly after: number | undefined;
  /** Only this many of the latest jobs. */
  readonly last: number | undefined;
}

/** A request to wait for another phase (UWS 1.1, 2.2.1.1). */
export interface UwsWait {
  readonly seconds: number;
  /** The phase that the client knows; if the job is in another one, it is returned at once. */
  readonly phase: UwsPhase | undefined;
}

/** Errors: VO_USAGE. */
export function readListQuery(parameters: GivenParameters): UwsListQuery {
  const phases = parameters.all("PHASE").map(readPhase);
  const after = parameters.one("AFTER");
  const last = parameters.one("LAST");
  if (last !== undefined && !(/^\d{1,9}$/.test(last) && Number(last) > 0))
    throw usageError("LAST", last, "a positive integer");
  return {
    phases: phases.length === 0 ? undefined : phases,
    after: after === undefined ? undefined : readTime("AFTER", after),
    last: last === undefined ? undefined : Number(last),
  };
}

/** WAIT and PHASE of a request for a job; undefined without WAIT. Errors: VO_USAGE. */
export function readWait(parameters: GivenParameters): UwsWait | undefined {
  const wait = parameters.one("WAIT");
  const phase = parameters.one("PHASE");
  const known = phase === undefined ? undefined : readPhase(phase);
  if (wait === undefined) return undefined;
  if (!/^(?:\d{1,9}|-1)$/.test(wait))
    throw usageError("WAIT", wait, "a number of seconds, or -1 for the longest wait");
  const seconds = wait === "-1" ? LONGEST_WAIT : Math.min(LONGEST_WAIT, Number(wait));
  return { seconds, phase: known };
}

/** A requested change of phase. Errors: VO_USAGE. */
export function readPhaseChange(parameters: GivenParameters): "RUN" | "ABORT" | undefined {
  const phase = parameters.one("PHASE");
  if (phase === undefined || phase === "RUN" || phase === "ABORT") return phase;
  throw usageError("PHASE", phase, "RUN or ABORT");
}

/** EXECUTIONDURATION in seconds; 0 and larger values mean the maximum. Errors: VO_USAGE. */
export function readExecutionDuration(parameters: GivenParameters): number | undefined {
  const text = parameters.one("EXECUTIONDURATION");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw usageError("EXECUTIONDURATION", text, "a whole number of seconds");
  const seconds = Number(text);
  return seconds === 0 ? EXECUTION.longest : Math.min(EXECUTION.longest, seconds);
}

/**
 * DESTRUCTION, milliseconds since 1970, at most `RETENTION.longest` after now. Errors: VO_USAGE.
 */
export function readDestruction(parameters: GivenParameters, now: number): number | undefined {
  const text = parameters.one("DESTRUCTION");
  return text === undefined ? undefined : Math.min(now + RETENTION.longest, readTime("DESTRUCTION", text));
}

const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** A time without a zone is UTC (DALI 1.1, 3.3.3). */
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;

function readTime(parameter: string, text: string): number {
  const iso = text.replace(" ", "T");
  const hasTime = iso.includes("T");
  const ms = TIME.test(text) ? Date.parse(hasTime && !ZONE.test(iso) ? `${iso}Z` : iso) : Number.NaN;
  // Date.parse accepts 30 February as 2 March
  const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number];
  const isDay = day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (Number.isNaN(ms) || !isDay) throw usageError(parameter, text, "a time such as 2026-11-28T20:00:00Z");
  return ms;
}

function readPhase(text: string): UwsPhase {
  const phase = UWS_PHASES.find((name) => name === text);
  if (phase === undefined) throw usageError("PHASE", text, UWS_PHASES.join(", "));
  return phase;
}
