import { spawn } from "node:child_process";
import type { WriteLog } from "../master-log.ts";

/**
 * Tells systemd about the state of the service when it asks for it (NOTIFY_SOCKET, sd_notify(3)). Node has no datagram sockets of the local
 * kind, so systemd's own program does it; the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: string, log: WriteLog): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  const child = spawn("systemd-notify", [state], { stdio: "ignore" });
  child.once("error", (error) => {
    log("WARNING", { event: `systemd was not told ${state}`, reason: error.message });
  });
  child.unref();
}
