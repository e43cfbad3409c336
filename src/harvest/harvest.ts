import { resolve } from "node:path";
import type { WriteOutcome } from "../catalog/image-writer.ts";
import type { WritableCatalog } from "../catalog/writable-catalog.ts";
import { partUnchanged } from "./find/unchanged-labels.ts";
import { walkLabels } from "./find/walk-labels.ts";
import type { LocationRule } from "./location-url.ts";
import { isMoved } from "./location-url.ts";
import { LabelReader } from "./read/label-reader.ts";
import type { ReadOutcome } from "./read/read-image.ts";

/** What to harvest, and how. */
export interface HarvestOptions {
  /** Labels and directories. */
  readonly paths: readonly string[];
  readonly recursive: boolean;
  /** File extensions of labels, including the dot. */
  readonly extensions: readonly string[];
  readonly baseUrl: string;
  readonly stripLeading: string;
  /** Threads that read labels. */
  readonly jobs: number;
  /** Reads all labels and rewrites their rows, except those with an older version. */
  readonly update: boolean;
  /** Whether images without corners in their label get those of their FITS headers. */
  readonly footprintsFromImages?: boolean;
  /** Only labels changed at or after this moment, milliseconds of the Unix epoch. */
  readonly sinceMs?: number;
}

/** The outcome of one path. `read` is the outcome of a good label in a dry run. */
export interface HarvestEvent {
  readonly path: string;
  readonly outcome: WriteOutcome | "read" | "skipped" | "failed";
  readonly lid?: string;
  /** version_id of the label. */
  readonly version?: string;
  readonly reason?: string;
  /** Set when the data file is not next to the label. */
  readonly fileMissing?: true;
}

/** Number of labels with each outcome. */
export interface HarvestSummary {
  readonly directories: number;
  /** Label files found. */
  readonly labels: number;
  /** Labels that are, or in a dry run would be, in the catalog now. */
  readonly processed: number;
  readonly outcomes: Readonly<Record<HarvestEvent["outcome"], number>>;
  readonly missingFiles: number;
}

/** Default extensions of labels. */
export const LABEL_EXTENSIONS: readonly string[] = [".xml", ".lblx"];

/** Labels in one message to a thread, and in one transaction. */
const READ_BATCH = 128;
const WRITE_BATCH = 1000;

/**
 * Messages in progress for each thread: while a batch is written, this thread sends no new ones.
 */
const TASKS_AHEAD = 6;

/** Number of batches after which written rows are counted by blocks. */
const SEAL_BATCHES = 64;

const CONFLICT = "the catalog has this LID with the same version_id from another label";

/** A harvest in progress: counts, and images waiting to be written. */
class Harvest {
  directories = 0;
  labels = 0;
  missingFiles = 0;
  readonly outcomes: Record<HarvestEvent["outcome"], number> = {
    added: 0,
    known: 0,
    updated: 0,
    moved: 0,
    older: 0,
    conflict: 0,
    read: 0,
    skipped: 0,
    failed: 0,
  };
  readonly #catalog: WritableCatalog | undefined;
  readonly #update: boolean;
  readonly #rule: LocationRule;
  readonly #wantsFootprints: boolean;
  readonly #onEvent: (event: HarvestEvent) => void;
  /** Whether the catalog had labels from earlier harvests when this one began. */
  #hasKnown: boolean | undefined;
  #waiting: Extract<ReadOutcome, { kind: "image" }>[] = [];
  #batches = 0;

  constructor(
    catalog: WritableCatalog | undefined,
    { update, footprintsFromImages = false, baseUrl, stripLeading }: HarvestOptions,
    onEvent: (event: HarvestEvent) => void,
  ) {
    this.#catalog = catalog;
    this.#update = update;
    this.#rule = { baseUrl, stripLeading };
    this.#wantsFootprints = footprintsFromImages;
    this.#onEvent = onEvent;
  }

  report(event: HarvestEvent): void {
    this.outcomes[event.outcome] += 1;
    this.#onEvent(event);
  }

  /**
   * Reports the labels among `paths` that have not changed since an earlier harvest, and returns
   * all others.
   */
  async passUnchanged(paths: readonly string[]): Promise<readonly string[]> {
    if (this.#update) return paths;
    this.#hasKnown ??= (await this.#catalog?.hasKnownLabels()) ?? false;
    if (this.#catalog === undefined || !this.#hasKnown) return paths;
    const { unchanged, others } = await partUnchanged(
      this.#catalog,
      paths,
      this.#rule,
      this.#wantsFootprints,
    );
    for (const { path, lid, version, fileFound } of unchanged) {
      if (!fileFound) this.missingFiles += 1;
      this.report({ path, outcome: "known", lid, version, ...(!fileFound && { fileMissing: true }) });
    }
    return others;
  }

  async take(read: readonly ReadOutcome[]): Promise<void> {
    for (const outcome of read) {
      if (outcome.kind === "image") this.#waiting.push(outcome);
      else {
        const { kind, path, reason, lid, version } = outcome;
        this.report({
          path,
          outcome: kind,
          ...(lid !== undefined && { lid }),
          ...(version !== undefined && { version }),
          reason,
        });
      }
    }
    if (this.#waiting.length >= WRITE_BATCH) await this.flush();
  }

  /** Reports labels that were read, but not written because an earlier batch failed. */
  giveUp(read: readonly ReadOutcome[], error: unknown): void {
    const images = [...this.#waiting, ...read].filter((outcome) => outcome.kind === "image");
    this.#waiting = [];
    this.#reportFailed(images, error);
  }

  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    const written = await this.#write(batch);
    this.#batches += 1;
    if (this.#batches % SEAL_BATCHES === 0) await this.#catalog?.seal();
    for (const [i, { path, image, fileFound, remark }] of batch.entries()) {
      const outcome = written?.[i] ?? "read";
      if (!fileFound) this.missingFiles += 1;
      this.report({
        path,
        outcome,
        lid: image.record.obsId,
        version: image.detail.versionId,
        ...(remark !== undefined && { reason: remark }),
        ...(outcome === "conflict" && { reason: CONFLICT }),
        ...(!fileFound && { fileMissing: true }),
      });
    }
  }

  /** Errors: CATALOG_UNAVAILABLE; each label of the batch is then reported as failed. */
  async #write(
    batch: readonly Extract<ReadOutcome, { kind: "image" }>[],
  ): Promise<readonly WriteOutcome[] | undefined> {
    try {
      return await this.#catalog?.write(
        batch.map(({ image }) => image),
        { update: this.#update, isMoved: (before, now) => isMoved(before, now, this.#rule) },
      );
    } catch (error) {
      this.#reportFailed(batch, error);
      throw error;
    }
  }

  #reportFailed(images: readonly Extract<ReadOutcome, { kind: "image" }>[], error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    for (const { path, image } of images) {
      const { versionId: version } = image.detail;
      this.report({ path, outcome: "failed", lid: image.record.obsId, version, reason });
    }
  }

  summary(): HarvestSummary {
    const { added, known, updated, moved, read } = this.outcomes;
    return {
      directories: this.directories,
      labels: this.labels,
      processed: added + known + updated + moved + read,
      outcomes: { ...this.outcomes },
      missingFiles: this.missingFiles,
    };
  }
}

/**
 * Reads labels into the catalog; without one it is a dry run. A bad label is an event and stops
 * nothing; good ones are committed in batches, so that finished work survives when the process is
 * killed, and a second run finds it.
 * Errors: CATALOG_UNAVAILABLE, CATALOG_SCHEMA.
 */
export async function harvest(
  catalog: WritableCatalog | undefined,
  options: HarvestOptions,
  onEvent: (event: HarvestEvent, summary: () => HarvestSummary) => void = () => {},
): Promise<HarvestSummary> {
  const run = new Harvest(catalog, options, (event) => onEvent(event, () => run.summary()));
  const reader = new LabelReader(options, options.jobs, options.footprintsFromImages ?? false);
  const inFlight = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let found: string[] = [];
  let changed: string[] = [];
  // several threads continue to read; their results are processed one batch after another
  let taken: Promise<void> = Promise.resolve();

  const send = async (atLeast: number): Promise<void> => {
    const paths = found;
    found = [];
    if (paths.length > 0) changed.push(...(await run.passUnchanged(paths)));
    if (changed.length < atLeast) return;
    const batch = changed;
    changed = [];
    const job = reader
      .read(batch)
      .then((read) => {
        taken = taken.then(
          () => run.take(read),
          (error: unknown) => {
            run.giveUp(read, error);
            throw error;
          },
        );
        return taken;
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => inFlight.delete(job));
    inFlight.add(job);
    while (inFlight.size >= TASKS_AHEAD * options.jobs) await Promise.race(inFlight);
  };

  try {
    const roots = options.paths.map((path) => resolve(path));
    for (const step of walkLabels(roots, options)) {
      if (failure !== undefined) break;
      if (step.kind === "directory") run.directories += 1;
      else if (step.kind === "problem")
        run.report({ path: step.path, outcome: "failed", reason: step.reason });
      else {
        run.labels += 1;
        found.push(step.path);
        if (found.length >= READ_BATCH) await send(READ_BATCH);
      }
    }
    await send(1);
    while (inFlight.size > 0) await Promise.all(inFlight);
    if (failure !== undefined) {
      run.giveUp([], failure.error);
      throw failure.error;
    }
    await run.flush();
    if (run.outcomes.added + run.outcomes.updated + run.outcomes.moved >= WRITE_BATCH)
      await catalog?.finishWriting();
    await catalog?.updateCoverage(run.outcomes.updated + run.outcomes.moved > 0);
    return run.summary();
  } finally {
    await reader.close();
  }
}
