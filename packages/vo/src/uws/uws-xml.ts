import { XML_DECLARATION, xmlAttributes, xmlText } from "../xml/xml-text.ts";

const NAMESPACES = {
  "xmlns:uws": "http://www.ivoa.net/xml/UWS/v1.0",
  "xmlns:xlink": "http://www.w3.org/1999/xlink",
  "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
};
const ROOT = xmlAttributes(NAMESPACES);

/** The document of a job (REC-UWS-1.1, 2.2.2.1). */
export function uwsJobDocument(job: UwsJob): string {
  return document([
    `<uws:job${ROOT} version="1.1">`,
    element("jobId", job.id),
    ...(job.runId === null ? [] : [element("runId", job.runId)]),
    nil("ownerId"),
    element("phase", job.phase),
    nil("quote"),
    element("creationTime", time(job.created)),
    timeOrNil("startTime", job.started),
    timeOrNil("endTime", job.ended),
    element("executionDuration", String(job.executionSeconds)),
    element("destruction", time(job.destruction)),
    ...parameterElements(job.parameters, ""),
    ...resultElements(job.results, ""),
    ...(job.error === null
      ? []
      : [
          `<uws:errorSummary type="fatal" hasDetail="true"><uws:message>${xmlText(job.error)}</uws:message></uws:errorSummary>`,
        ]),
    "</uws:job>",
  ]);
}

/** The results of a job alone. */
export function uwsResultsDocument(results: readonly UwsResult[]): string {
  return document(resultElements(results, ROOT));
}

/** The parameters of a job alone. */
export function uwsParametersDocument(parameters: UwsJob["parameters"]): string {
  return document(parameterElements(parameters, ROOT));
}

/** A list of jobs (REC-UWS-1.1, 2.2.2.2). */
export function uwsJobList(jobs: readonly UwsJobReference[]): string {
  const references = jobs.map(({ id, href, phase, runId, created }) =>
    [
      `<uws:jobref${xmlAttributes({ id, "xlink:type": "simple", "xlink:href": href })}>`,
      element("phase", phase),
      ...(runId === null ? [] : [element("runId", runId)]),
      nil("ownerId"),
      element("creationTime", time(created)),
      "</uws:jobref>",
    ].join(""),
  );
  return document([`<uws:jobs${ROOT} version="1.1">`, ...references, "</uws:jobs>"]);
}

/** A time as UWS writes it: UTC, ISO 8601 with a Z. */
export function time(ms: number): string {
  return new Date(ms).toISOString();
}

function document(lines: readonly string[]): string {
  return `${[XML_DECLARATION, ...lines].join("\n")}\n`;
}

function element(name: string, text: string): string {
  return `<uws:${name}>${xmlText(text)}</uws:${name}>`;
}

function nil(name: string): string {
  return `<uws:${name} xsi:nil="true"/>`;
}

function timeOrNil(name: string, ms: number | null): string {
  return ms === null ? nil(name) : element(name, time(ms));
}

function parameterElements(parameters: UwsJob["parameters"], root: string): readonly string[] {
  const each = parameters.map(
    ([id, value]) => `<uws:parameter${xmlAttributes({ id })}>${xmlText(value)}</uws:parameter>`,
  );
  return [`<uws:parameters${root}>`, ...each, "</uws:parameters>"];
}

function resultElements(results: readonly UwsResult[], root: string): readonly string[] {
  const each = results.map(
    ({ id, href, mediaType, size }) =>
      `<uws:result${xmlAttributes({
        id,
        "mime-type": mediaType,
        size,
        "xlink:type": "simple",
        "xlink:href": href,
      })}/>`,
  );
  return [`<uws:results${root}>`, ...each, "</uws:results>"];
}

/** Job phases (IVOA REC-UWS-1.1, 2.1.3) that this package writes. */
export const UWS_PHASES = ["PENDING", "QUEUED", "EXECUTING", "COMPLETED", "ERROR", "ABORTED"] as const;

export type UwsPhase = (typeof UWS_PHASES)[number];

/** Phases in which clients may wait for a change (UWS 1.1, 2.2.1.1). */
export const ACTIVE_PHASES: readonly UwsPhase[] = ["PENDING", "QUEUED", "EXECUTING"];

/** A job in a list. Times are milliseconds since 1970. */
export interface UwsJobReference {
  readonly id: string;
  readonly href: string;
  readonly phase: UwsPhase;
  readonly runId: string | null;
  readonly created: number;
}

/** A result of a job: a file to fetch. */
export interface UwsResult {
  readonly id: string;
  readonly href: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** A job. */
export interface UwsJob extends Omit<UwsJobReference, "href"> {
  readonly started: number | null;
  readonly ended: number | null;
  /** Seconds after which it is aborted. */
  readonly executionSeconds: number;
  readonly destruction: number;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly results: readonly UwsResult[];
  /** Why the job failed. */
  readonly error: string | null;
}
