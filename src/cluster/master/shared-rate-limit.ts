import type { Settings } from "../../config/settings-groups.ts";
import { ClientBuckets } from "../../http/client-buckets.ts";
import { SharedLimit } from "../../http/shared-limit.ts";
import {
  type MasterReply,
  type MasterRequest,
  sendToParent,
  type WorkerCommand,
} from "../control/protocol.ts";
import { workerCount } from "../service-programs.ts";

/** How long a request waits for the master's count, milliseconds. */
const TURN_TIMEOUT_MS = 250;

/**
 * The rate limit of a worker: counted by its master, which counts for all workers; while the master
 * does not reply, by the worker alone against its share.
 */
export function sharedRateLimit(settings: Settings): SharedLimit {
  const workers = workerCount(settings.cluster);
  const own = new ClientBuckets({
    perMinute: settings.rateLimit.perMinute / workers,
    burst: Math.max(1, settings.rateLimit.burst / workers),
  });
  return new SharedLimit(own, async (client) => {
    const reply = await requestFromMaster({ about: "turn", client }, TURN_TIMEOUT_MS);
    return reply?.about === "turn" ? reply.waitMs : undefined;
  });
}

const TIMEOUT_MS = 1_000;

let lastId = 0;
let waiting: Map<number, (reply: MasterReply | undefined) => void> | undefined;

/**
 * Sends a request to the master of this worker; undefined when there is none or it does not reply
 * in time.
 */
export function requestFromMaster(
  request: MasterRequest,
  timeoutMs = TIMEOUT_MS,
): Promise<MasterReply | undefined> {
  waiting ??= listen();
  const open = waiting;
  const id = ++lastId;
  return new Promise((resolve) => {
    const end = (reply: MasterReply | undefined) => {
      clearTimeout(late);
      open.delete(id);
      resolve(reply);
    };
    const late = setTimeout(() => end(undefined), timeoutMs);
    open.set(id, end);
    if (!sendToParent({ type: "request", id, request })) end(undefined);
  });
}

function listen() {
  const open = new Map<number, (reply: MasterReply | undefined) => void>();
  process.on("message", (command: WorkerCommand) => {
    if (command.type === "reply") open.get(command.id)?.(command.reply);
  });
  return open;
}
