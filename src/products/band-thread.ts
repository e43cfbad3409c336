import { parentPort, workerData } from "node:worker_threads";
import { missingOf, takeBands } from "../imaging/level-job.ts";
import { type SourceAccess, Sources } from "../storage/sources.ts";
import type { BandsTaken, NumberedTask } from "./band-helper.ts";
import { checkpointOf } from "./cancel-flag.ts";
import { frameBands } from "./frame-bands.ts";
import { describeThrown } from "./thrown-by-thread.ts";
import { withSource } from "./with-source.ts";

/** All that this thread reads from. */
const sources = new Sources(workerData as SourceAccess);

parentPort?.on("message", async (task: NumberedTask) => parentPort?.postMessage(await taken(task)));

async function taken({ id, source, image, job, cancelled }: NumberedTask): Promise<BandsTaken> {
  const { location, identity } = source;
  try {
    const bands = await withSource(sources, location, { identity }, (bytes) => {
      const frame = frameBands(bytes, image);
      return takeBands(frame, job, checkpointOf(cancelled), missingOf(job, frame));
    });
    return { id, bands };
  } catch (error) {
    return { id, ...describeThrown(error) };
  }
}
