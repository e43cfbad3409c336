import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { isAlive, parentOf } from "../concurrency/process-identity.ts";
import { killAndWait, sendSignal, waitUntilGone } from "../concurrency/process-signals.ts";

/** What a process of a service is. */
export interface ServiceProcess {
  readonly pid: number;
  readonly role: "master" | "worker";
  /** Its working directory, which is that of the service. */
  readonly directory: string;
}

/**
 * The processes of services that this user may inspect, in all directories. Source: proc(5),
 * `cmdline` and `cwd`; none on systems without /proc.
 */
function serviceProcesses(): ServiceProcess[] {
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const role = roleOf(pid);
      const directory = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
      return role === undefined || directory === undefined ? [] : [{ pid, role, directory }];
    });
}

/**
 * Workers of the service in `directory` whose master has gone. They drain by themselves when they
 * notice; one whose event loop hangs never does, and keeps the port.
 */
export function orphanWorkers(directory: string): number[] {
  const here = attempt(() => realpathSync(directory));
  return serviceProcesses()
    .filter(({ role, directory: its }) => role === "worker" && its === here)
    .map(({ pid }) => pid)
    .filter((pid) => {
      const parent = parentOf(pid);
      return parent !== undefined && roleOf(parent) !== "master";
    });
}

/**
 * The process of a service, in any directory, that listens on TCP port `port`; undefined when no
 * service process does.
 */
export function serviceOnPort(port: number): ServiceProcess | undefined {
  const sockets = listeningSockets(port);
  return serviceProcesses().find(({ pid }) => holdsAny(pid, sockets));
}

/**
 * Those of `pids` that hold a socket listening on TCP port `port`: the others have closed theirs
 * and are only finishing requests.
 */
export function holdersOfPort(pids: readonly number[], port: number): number[] {
  const sockets = listeningSockets(port);
  return pids.filter((pid) => holdsAny(pid, sockets));
}

/** Ends orphans: they may drain for `drainMs` and are then killed. Returns the orphans found. */
export async function endOrphans(directory: string, drainMs: number): Promise<number[]> {
  const pids = orphanWorkers(directory);
  for (const pid of pids) sendSignal(pid, "SIGTERM");
  await Promise.all(pids.map((pid) => waitUntilGone(pid, drainMs)));
  await killAndWait(pids.filter(isAlive));
  return pids;
}

function roleOf(pid: number): ServiceProcess["role"] | undefined {
  const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split("\0") ?? [];
  const program = words
    .map((word) => basename(word))
    .find((word) => /^(master|worker)-program\.[jt]s$/.test(word));
  return program === undefined ? undefined : program.startsWith("master") ? "master" : "worker";
}

/**
 * Inodes of the sockets that listen on `port`. Source: proc(5), net/tcp: state 0A is LISTEN, the
 * port is hexadecimal.
 */
function listeningSockets(port: number): ReadonlySet<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const lines = ["tcp", "tcp6"].flatMap(
    (name) =>
      attempt(() => readFileSync(`/proc/net/${name}`, "latin1"))
        ?.split("\n")
        .slice(1) ?? [],
  );
  const inodes = lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[3] === "0A" && fields[1]?.endsWith(`:${wanted}`) ? [`socket:[${fields[9]}]`] : [];
  });
  return new Set(inodes);
}

function holdsAny(pid: number, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return entries(folder).some((fd) => sockets.has(attempt(() => readlinkSync(`${folder}/${fd}`)) ?? ""));
}

function entries(folder: string): string[] {
  return attempt(() => readdirSync(folder)) ?? [];
}

/** Processes come and go during inspection, and those of other users may be unreadable. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
