import { spawn } from "node:child_process";
import type { WriteLog } from "../master-log.ts";

/**
 * Reports the state of the service to systemd if systemd wants it (NOTIFY_SOCKET, sd_notify(3)).
 * Node has no local datagram sockets, so systemd's own program sends it; the unit needs
 * `NotifyAccess=all`.
 */
export function notifySystemd(state: string, log: WriteLog): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  const child = spawn("systemd-notify", [state], { stdio: "ignore" });
  child.once("error", (error) => {
    log("WARNING", { event: `systemd was not told ${state}`, reason: error.message });
  });
  child.unref();
}
