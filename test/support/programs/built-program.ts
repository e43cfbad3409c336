import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { askMaster } from "../../../src/cluster/control-socket.ts";
import type { ServiceStatus } from "../../../src/cluster/master.ts";
import { loadSettings } from "../../../src/config/settings.ts";
import { freePort, killProcessesIn } from "../cluster/service-under-test.ts";

const dist = fileURLToPath(new URL("../../../dist/cli/", import.meta.url));

/** The built program of compute threads, which cannot load TypeScript. */
export const THREAD_PROGRAM = fileURLToPath(
  new URL("../../../dist/products/threads/compute-thread.js", import.meta.url),
);

/** Returns the path of a file in dist/. Errors: an Error if it was not built. */
export function requireBuilt(path: string): string {
  if (!existsSync(path)) throw new Error("dist/ is not there: run npm run build");
  return path;
}

/** The outcome of a command. */
interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary working directory with a `.env` on a free port, and the built commands. */
export interface Workplace {
  readonly directory: string;
  readonly port: number;
  readonly base: string;
  /** Runs `sbnsis` or `sbnsis-add` to its end. */
  run(program: "sbnsis" | "sbnsis-add", ...args: readonly string[]): Promise<Ended>;
  /** Runs the commands of another folder from now on, as after an upgrade. */
  upgrade(cli: string): void;
  /** Starts `sbnsis` and leaves it running. */
  spawn(...args: readonly string[]): ChildProcess;
  /** Appends a line to `.env`. */
  set(name: string, value: string): void;
  /** Creates the tables, as `sbnsis create-tables` does. */
  createTables(): Promise<void>;
  /** The status of the running service, as its master reports it. */
  status(): Promise<ServiceStatus>;
  /** Ids of both workers, in order, once both are running: a start returns with the first. */
  workers(): Promise<readonly number[]>;
  /** Kills what is left running, and removes the directory. */
  dispose(): Promise<void>;
}

/** `commands` is the folder of the built ones; defaults to that of this checkout. */
export async function workplace(commands = dist): Promise<Workplace> {
  let cli = commands;
  requireBuilt(join(cli, "sbnsis.js"));
  const directory = mkdtempSync(join(tmpdir(), "sis-e2e-"));
  const port = await freePort();
  const lines = [
    `API_PORT=${port}`,
    "LIVE_GUNICORN_INSTANCES=2",
    // a spare worker takes as long to start as the others, and few tests need one
    "SBNSIS_SPARE_WORKER=FALSE",
    "SBNSIS_CUTOUT_CACHE=./cache",
    "TEST_DATA_PATH=./test-data",
  ];
  const write = () => writeFileSync(join(directory, ".env"), `${lines.join("\n")}\n`);
  write();
  const begin = (program: string, args: readonly string[]) =>
    spawn(process.execPath, [join(cli, `${program}.js`), ...args], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const run: Workplace["run"] = (program, ...args) =>
    new Promise((resolve, reject) => {
      const child = begin(program, args);
      const text = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (chunk) => {
        text.stdout += chunk;
      });
      child.stderr.setEncoding("utf8").on("data", (chunk) => {
        text.stderr += chunk;
      });
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, ...text }));
    });
  const status = async () => (await askMaster(directory, "status", 10_000)) as ServiceStatus;
  return {
    directory,
    port,
    base: `http://127.0.0.1:${port}`,
    run,
    upgrade(other) {
      cli = other;
    },
    spawn: (...args) => begin("sbnsis", args),
    set(name, value) {
      lines.push(`${name}=${value}`);
      write();
    },
    async createTables() {
      const catalog = await openWritableCatalog(loadSettings(directory).database);
      await catalog.createTables();
      await catalog.close();
    },
    status,
    async workers() {
      for (;;) {
        const { workers } = await status();
        if (workers.length === 2) return workers.map(({ pid }) => pid).sort((a, b) => a - b);
        await setTimeout(50);
      }
    },
    async dispose() {
      await killProcessesIn(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
