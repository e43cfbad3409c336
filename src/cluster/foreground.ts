import { watch } from "node:fs";
import { sendSignal } from "../concurrency/process-signals.ts";
import { readPidFile } from "./pid-file.ts";

/**
 * Stays in the foreground as long as any master runs in `directory`: a restart replaces the master,
 * while this process, which systemd or a container started, stays. TERM, HUP, USR1 and USR2 are
 * forwarded to the master; INT ends it as TERM does.
 * Resolves to "stopped" after it was asked to end, to "ended" when the service ended for any other
 * reason.
 */
export function stayInForeground(directory: string): Promise<"stopped" | "ended"> {
  return new Promise((resolve) => {
    let isAsked = false;
    const pass = (signal: NodeJS.Signals) => {
      const found = readPidFile(directory);
      if (found.state === "running") sendSignal(found.pid, signal);
    };
    const relays = (["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const).map((signal) => {
      const relay = () => {
        isAsked ||= signal === "SIGTERM" || signal === "SIGINT";
        pass(signal === "SIGINT" ? "SIGTERM" : signal);
      };
      process.on(signal, relay);
      return () => process.off(signal, relay);
    });
    const watch = setInterval(() => {
      if (readPidFile(directory).state === "running") return;
      clearInterval(watch);
      for (const stop of relays) stop();
      resolve(isAsked ? "stopped" : "ended");
    }, 100);
  });
}

/**
 * Calls `changed` when code below `folder` changes, once for changes close together. Returns the
 * function that stops watching.
 */
export function watchSources(folder: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !/\.(ts|js|mjs|wasm|sql)$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, 300);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
