import { serviceUrl } from "../app/island.ts";

/** Progress of a batch. */
export interface Progress {
  readonly id: string;
  readonly phase: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly bytes: number;
}

/** Phases of a batch in which no more rows are made. */
export const ENDED_PHASES: readonly string[] = ["COMPLETED", "ABORTED", "ERROR"];

/**
 * Follows a batch until it ends; the browser reconnects by itself. Returns a function that stops
 * following.
 */
export function followBatch<Row>(
  id: string,
  receive: {
    readonly row: (row: Row) => void;
    readonly progress: (progress: Progress) => void;
    readonly end: (progress: Progress) => void;
  },
): () => void {
  const events = new EventSource(serviceUrl(`batch/${encodeURIComponent(id)}/events`));
  const on = <T>(name: string, act: (data: T) => void) =>
    events.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as T));
  on("row", receive.row);
  on("progress", receive.progress);
  on<Progress>("end", (progress) => {
    events.close();
    receive.end(progress);
  });
  return () => events.close();
}
