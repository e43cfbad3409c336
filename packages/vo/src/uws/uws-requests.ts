import { usageError } from "../errors.ts";
import type { GivenParameters } from "../parameters/given-parameters.ts";
import { UWS_PHASES, type UwsPhase } from "./uws-xml.ts";

/** Execution duration, seconds: where none is given, and the longest one. */
export const EXECUTION = { fallback: 600, longest: 3600 };

/** Time until a job is destroyed, milliseconds: where none is given, and the longest one. */
export const RETENTION = { fallback: 7 * 86_400_000, longest: 30 * 86_400_000 };

/** How long a client may wait for a change of phase, seconds: below the timeouts of proxies. */
const LONGEST_WAIT = 60;

/** Which jobs of a list a client wants (UWS 1.1, 2.2.2.2). */
export interface UwsListQuery {
  /** Undefined: any. */
  readonly phases: readonly UwsPhase[] | undefined;
  /** Created after this time, milliseconds since 1970. */
  readonly after: number | undefined;
  /** Only so many of the latest. */
  readonly last: number | undefined;
}

/** A request to wait for another phase (UWS 1.1, 2.2.1.1). */
export interface UwsWait {
  readonly seconds: number;
  /** The phase that the client knows; in another one it gets the job at once. */
  readonly phase: UwsPhase | undefined;
}

/** Errors: VO_USAGE. */
export function readListQuery(parameters: GivenParameters): UwsListQuery {
  const phases = parameters.all("PHASE").map(readPhase);
  const after = parameters.one("AFTER");
  const last = parameters.one("LAST");
  if (last !== undefined && !(/^\d{1,9}$/.test(last) && Number(last) > 0))
    throw usageError("LAST", last, "a positive whole number");
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
  if (!/^(?:\d{1,9}|-1)$/.test(wait)) throw usageError("WAIT", wait, "seconds, or -1 to wait long");
  const seconds = wait === "-1" ? LONGEST_WAIT : Math.min(LONGEST_WAIT, Number(wait));
  return { seconds, phase: known };
}

/** A change of phase that a client asks for. Errors: VO_USAGE. */
export function readPhaseChange(parameters: GivenParameters): "RUN" | "ABORT" | undefined {
  const phase = parameters.one("PHASE");
  if (phase === undefined || phase === "RUN" || phase === "ABORT") return phase;
  throw usageError("PHASE", phase, "RUN or ABORT");
}

/** EXECUTIONDURATION in seconds; 0 and what is longer mean the longest. Errors: VO_USAGE. */
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
  // Date.parse makes 2 March of 30 February
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
