import { Type } from "typebox";
import type { Job } from "../../jobs/job.ts";
import { ENDED_PHASES } from "../../jobs/job.ts";
import type { BatchJob } from "../../moving-objects/batch-handler.ts";

/** How long a client should wait before it requests the status again, seconds. */
const NEXT_POLL_SECONDS = 1;

/** Files of a batch by kind, below its address. */
const PRODUCTS = {
  manifest: "manifest.json",
  csv: "manifest.csv",
  votable: "manifest.vot",
  files: "files.zip",
  frames: "frames.fits",
  sheet: "sheet.jpg",
  stack: "stack.fits",
  blink: "blink.png",
} as const;

/** Files that contain all rows of a batch, which are refused while some are missing. */
const WHOLE: ReadonlySet<string> = new Set(["files", "frames", "stack", "blink"]);

/** Response with the status of a batch. */
export const batchStatusSchema = Type.Object({
  id: Type.String({ description: "Hash of the request: the same list and options have the same id." }),
  phase: Type.String({
    description:
      "QUEUED, EXECUTING, COMPLETED, ABORTED or ERROR, as in UWS 1.1. COMPLETED with failed rows is the normal end.",
  }),
  target: Type.Union([Type.String(), Type.Null()]),
  form: Type.String({ description: "Form in which the list was sent." }),
  notes: Type.Array(Type.String()),
  created: Type.String(),
  expires: Type.String({ description: "When the batch is deleted (UTC)." }),
  rows: Type.Object({
    total: Type.Integer(),
    done: Type.Integer(),
    partial: Type.Integer({ description: "Rows of which only some formats were made." }),
    failed: Type.Integer(),
    skipped: Type.Integer({ description: "Rows that an ended batch did not start." }),
  }),
  bytes: Type.Integer({ description: "Size of all products that were made." }),
  products: Type.Array(
    Type.Object({
      kind: Type.String(),
      url: Type.String(),
      ready: Type.Boolean({ description: "Whether it is complete." }),
    }),
  ),
  next_poll_s: Type.Union([Type.Number(), Type.Null()], {
    description: "Seconds after which to poll again; null at the end.",
  }),
  error: Type.Union([Type.Object({ code: Type.String(), detail: Type.String() }), Type.Null()]),
});

/** Whether a job has ended. */
export const hasEnded = ({ phase }: Pick<Job, "phase">): boolean => ENDED_PHASES.includes(phase);

/**
 * The status of a batch.
 *
 * @param partial number of rows of which only some formats were made
 * @param url address of the batch
 */
export function batchStatus(job: Job, partial: number, url: string) {
  const { target, form, notes } = job.request as unknown as BatchJob;
  const ended = hasEnded(job);
  const isReady = (kind: string) => ended && (job.done === job.items || !WHOLE.has(kind));
  return {
    id: job.id,
    phase: job.phase,
    target,
    form,
    notes,
    created: new Date(job.created).toISOString(),
    expires: new Date(job.destruction).toISOString(),
    rows: {
      total: job.items,
      done: job.done - job.failed,
      partial,
      failed: job.failed - partial,
      skipped: ended ? job.items - job.done : 0,
    },
    bytes: job.bytes,
    products: Object.entries(PRODUCTS).map(([kind, name]) => ({
      kind,
      url: `${url}/${name}`,
      ready: isReady(kind),
    })),
    next_poll_s: ended ? null : NEXT_POLL_SECONDS,
    error: job.error,
  };
}
