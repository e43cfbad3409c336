import { spawn } from "node:child_process";

/**
 * Tells systemd about the state of the service when it asks for it (NOTIFY_SOCKET, sd_notify(3)). Node has no datagram sockets of the local
 * kind, so systemd's own program does it; the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: string): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  const child = spawn("systemd-notify", [state], { stdio: "ignore" });
  child.once("error", (error) => {
    process.stderr.write(`systemd was not told ${state}: ${error.message}\n`);
  });
  child.unref();
}
