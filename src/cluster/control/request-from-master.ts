import { type MasterReply, type MasterRequest, sendToParent, type WorkerCommand } from "./protocol.ts";

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
