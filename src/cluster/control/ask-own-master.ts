import { type MasterAnswer, type MasterQuestion, tellParent, type WorkerCommand } from "./protocol.ts";

const TIMEOUT_MS = 1_000;

let asked = 0;
let waiting: Map<number, (answer: MasterAnswer | undefined) => void> | undefined;

/** Asks the master of this worker; undefined when there is none or it does not answer in time. */
export function askOwnMaster(
  question: MasterQuestion,
  timeoutMs = TIMEOUT_MS,
): Promise<MasterAnswer | undefined> {
  waiting ??= listen();
  const open = waiting;
  const id = ++asked;
  return new Promise((resolve) => {
    const end = (answer: MasterAnswer | undefined) => {
      clearTimeout(late);
      open.delete(id);
      resolve(answer);
    };
    const late = setTimeout(() => end(undefined), timeoutMs);
    open.set(id, end);
    if (!tellParent({ type: "question", id, question })) end(undefined);
  });
}

function listen() {
  const open = new Map<number, (answer: MasterAnswer | undefined) => void>();
  process.on("message", (command: WorkerCommand) => {
    if (command.type === "answer") open.get(command.id)?.(command.answer);
  });
  return open;
}
