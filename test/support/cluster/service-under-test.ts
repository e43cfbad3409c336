import { execFile } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const launcher = fileURLToPath(new URL("launch-program.js", import.meta.url));
const dist = fileURLToPath(new URL("../../../dist/cluster/launcher.js", import.meta.url));

/**
 * A temporary directory and a free port for a service with the built launcher and master, and a
 * real worker.
 */
export interface ServiceUnderTest {
  readonly directory: string;
  readonly port: number;
  /** Runs the launcher; returns what it printed, and whether it exited with 0. */
  start(): Promise<{ readonly ok: boolean; readonly text: string }>;
  /** Id of the master from the pid file. */
  masterPid(): number;
  /** Ends all processes and removes the directory. */
  dispose(): Promise<void>;
}

export async function serviceUnderTest(): Promise<ServiceUnderTest> {
  if (!existsSync(dist)) throw new Error("dist/ is not there: run npm run build");
  const directory = mkdtempSync(join(tmpdir(), "sis-supervisor-"));
  const port = await freePort();
  const masterPid = () => Number(readFileSync(join(directory, "sbnsis.pid"), "utf8").split("\n")[0]);
  return {
    directory,
    port,
    masterPid,
    async start() {
      const run = promisify(execFile);
      try {
        const { stdout } = await run(process.execPath, [launcher, String(port)], { cwd: directory });
        return { ok: true, text: stdout };
      } catch (error) {
        return { ok: false, text: (error as { stdout: string }).stdout };
      }
    },
    async dispose() {
      await killProcessesIn(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Kills every process whose working directory is `directory`, and those that they start meanwhile;
 * resolves when none is left. Source: proc(5), `cwd`.
 */
export async function killProcessesIn(directory: string): Promise<void> {
  const here = realpathSync(directory);
  const killIfHere = (pid: number) => {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) !== here) return false;
      process.kill(pid, "SIGKILL");
      return true;
    } catch {
      // it has ended, or belongs to another user
      return false;
    }
  };
  const others = () =>
    readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  while (others().filter(killIfHere).length > 0) await setTimeout(10);
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Sends one request, by default on a connection of its own, which a stop need not wait for. Returns
 * the body, or throws when it is refused, cut short, or not 200.
 */
export function fetchText(port: number, path: string, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}`));
      });
    }).once("error", reject);
  });
}

/**
 * Clients that send requests with short pauses until stopped: half with keep-alive, half without.
 */
export function clients(
  port: number,
  count: number,
  paths: readonly string[] = ["/pid?ms=2", "/pid?ms=2", "/pid?ms=2", "/slow?ms=300"],
) {
  const failures: string[] = [];
  let answered = 0;
  let asked = 0;
  let going = true;
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const done = Array.from({ length: count }, async (_, i) => {
    while (going) {
      try {
        await fetchText(port, paths[asked++ % paths.length]!, i % 2 === 0 ? agent : false);
        answered++;
      } catch (error) {
        failures.push((error as Error).message);
      }
      // they would otherwise take the processors from what they wait for
      await setTimeout(25);
    }
  });
  return {
    async stop(): Promise<{ readonly answered: number; readonly failures: readonly string[] }> {
      going = false;
      await Promise.all(done);
      agent.destroy();
      return { answered, failures };
    },
  };
}
