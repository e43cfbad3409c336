import { readPidFile } from "./pid-file.ts";

/**
 * Stays in the foreground for as long as a master runs in `directory`, whichever it is: a restart changes the master, and this process, which
 * systemd or a container started, stays. TERM, HUP, USR1 and USR2 go on to the master; INT ends it as TERM does.
 * Resolves to "stopped" after it was told to end, to "ended" when the service ended by itself or by another hand.
 */
export function stayInForeground(directory: string): Promise<"stopped" | "ended"> {
  return new Promise((resolve) => {
    let told = false;
    const pass = (signal: NodeJS.Signals) => {
      const found = readPidFile(directory);
      if (found.state === "running") process.kill(found.pid, signal);
    };
    const relays = (["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const).map((signal) => {
      const relay = () => {
        told ||= signal === "SIGTERM" || signal === "SIGINT";
        pass(signal === "SIGINT" ? "SIGTERM" : signal);
      };
      process.on(signal, relay);
      return () => process.off(signal, relay);
    });
    const watch = setInterval(() => {
      if (readPidFile(directory).state === "running") return;
      clearInterval(watch);
      for (const stop of relays) stop();
      resolve(told ? "stopped" : "ended");
    }, 100);
  });
}
