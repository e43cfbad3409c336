import { ANY_LOCAL_FILE } from "../../archive/local-access.ts";
import type { SourceAccess } from "../../archive/sources.ts";
import { OTHER_HOSTS } from "../../config/archive-connections.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { ComputePool } from "./compute-pool.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { BELOW_ALL, BELOW_CUTOUTS, BELOW_TILES } from "./thread-priority.ts";

/** Number of pictures of whole frames that may wait in a worker: each takes a second or two. */
const FRAME_QUEUE = 16;

/**
 * How long a host is paused within one task, in milliseconds; between tasks, `ArchiveTurns` pauses
 * it for all threads.
 */
const THREAD_REST_MS = 1_000;

/**
 * How long the threads for tiles, for whole frames and for jobs are kept after their last task,
 * milliseconds: a new one takes twice as long for its first frame.
 */
const IDLE_MS = 60_000;

/** The pools of a worker: quick tasks never wait for slow ones. */
export interface ComputePools {
  /** Cutouts of local files. */
  readonly cutouts: ComputePool;
  /** The same for jobs: single cutouts do not wait for them. */
  readonly jobs: ComputePool;
  /**
   * Bands of tiles, for which somebody is waiting. A band takes as long as ten cutouts, so no
   * cutout waits for one.
   */
  readonly tiles: ComputePool;
  /** Pictures and overviews of whole frames, one at a time. */
  readonly frames: ComputePool;
  /** Everything read from archives: its threads mostly wait. */
  readonly remote: ComputePool;
}

interface ThreadOptions {
  readonly threadProgram: string | undefined;
  readonly idleThreads: number | undefined;
  readonly warn: ((warning: string) => void) | undefined;
}

/** Creates the pools. Threads for whole frames and archives are started on demand. */
export function computePools(
  settings: Settings,
  access: SourceAccess,
  { threadProgram, idleThreads = 1, warn }: Partial<ThreadOptions>,
): ComputePools {
  const common = {
    // paths were checked when they were found
    access: {
      ...access,
      dataRoots: [],
      local: ANY_LOCAL_FILE,
      http: { ...access.http, restMs: THREAD_REST_MS },
    },
    maximumQueue: settings.products.queueLength,
    budget: new MemoryBudget(settings.products.memoryBytes),
    taskMs: settings.products.taskSeconds * 1000,
    ...(warn !== undefined && { warn }),
    ...(threadProgram !== undefined && { program: threadProgram }),
  };
  return {
    cutouts: new ComputePool({ ...common, threads: settings.products.computeThreads, idleThreads }),
    jobs: new ComputePool({
      ...{ ...common, threads: settings.products.computeThreads, idleThreads: 0, idleMs: IDLE_MS },
      niceness: BELOW_ALL,
    }),
    tiles: new ComputePool({
      ...{ ...common, threads: 1, idleThreads: 0, idleMs: IDLE_MS },
      niceness: BELOW_CUTOUTS,
    }),
    frames: new ComputePool({
      ...{ ...common, threads: 1, idleThreads: 0, idleMs: IDLE_MS, maximumQueue: FRAME_QUEUE },
      niceness: BELOW_TILES,
    }),
    remote: new ComputePool({
      ...common,
      threads: settings.products.remoteThreads + OTHER_HOSTS,
      idleThreads: 0,
    }),
  };
}

/** Ends all threads. */
export async function closePools(pools: ComputePools): Promise<void> {
  const { cutouts, jobs, tiles, frames, remote } = pools;
  await Promise.all([cutouts, jobs, tiles, frames, remote].map((pool) => pool.close()));
}
