import { type KeptFrame, makeStack } from "../stack/make-stack.ts";
import type { StackerMessage, StackerReply } from "../stack/stacker.ts";

/**
 * The worker that stacks. It keeps the frames, so that ordering a stack takes only a short message.
 */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<StackerMessage>) => void;
  postMessage(message: StackerReply, transfer?: Transferable[]): void;
};
const frames = new Map<number, KeptFrame>();
/** The order to carry out next; a newer one replaces it. */
let waiting: Extract<StackerMessage, { kind: "stack" }> | undefined;
let isBusy = false;

scope.onmessage = ({ data }) => {
  if (data.kind === "frame") frames.set(data.n, data.frame);
  else {
    if (waiting !== undefined) scope.postMessage({ job: waiting.job });
    waiting = data;
    void work();
  }
};

async function work(): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  for (let next = waiting; next !== undefined; next = waiting) {
    waiting = undefined;
    try {
      const stack = await makeStack(frames, next.order);
      scope.postMessage({ job: next.job, stack }, [stack.values.buffer as ArrayBuffer]);
    } catch (error) {
      scope.postMessage({ job: next.job, error: error instanceof Error ? error.message : String(error) });
    }
    // messages that arrived meanwhile are handled before the next stack
    await new Promise((resolve) => setTimeout(resolve));
  }
  isBusy = false;
}
