import { existsSync, readdirSync, readFileSync } from "node:fs";
import { excused, lastFor, type Part, pause, type Scene, until } from "./part.ts";
import type { Random } from "./random.ts";

/** A worker that is replaced later than this hung without being noticed. */
const REPLACED_WITHIN_MS = 50_000;

async function aWorker({ place }: Scene, random: Random): Promise<number> {
  return random.of((await place.status()).workers).pid;
}

/** Waits until the same number of other workers serve. */
async function replaced(scene: Scene, pid: number, count: number): Promise<void> {
  const { place, complain } = scene;
  const tried = () =>
    until(async () => {
      const { workers } = await place.status();
      return workers.length >= count && workers.every((worker) => worker.pid !== pid);
    }, REPLACED_WITHIN_MS);
  let isReplaced = await tried();
  // no worker can start with a mistake in .env or without the database, and the pauses between
  // attempts grow
  for (let again = 0; !isReplaced && again < 3; again++) {
    const since = performance.now() - REPLACED_WITHIN_MS;
    if (!scene.wasPresent(".env", since) && !scene.wasPresent("database", since)) break;
    isReplaced = await tried();
  }
  if (!isReplaced) complain(`worker ${pid} was not replaced within ${REPLACED_WITHIN_MS / 1000} s`);
}

async function end(
  scene: Scene,
  random: Random,
  signal: "SIGKILL" | "SIGSTOP",
  fault: string,
): Promise<void> {
  const count = (await scene.place.status()).workers.length;
  const pid = await aWorker(scene, random);
  scene.victims.add(pid);
  // its connections end with it: only the responses in progress on them are lost
  await excused(
    scene,
    fault,
    (_, outcome) => outcome === "cut",
    0,
    async () => {
      process.kill(pid, signal);
      await replaced(scene, pid, count);
    },
  );
}

/** Whether a restart may fail: the new version reads `.env` and queries the database. */
function mayFail(scene: Scene, since: number): boolean {
  return scene.wasPresent(".env", since) || scene.wasPresent("database", since);
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .filter((name) => {
      try {
        return Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Killed, frozen and restarted processes of the service. */
export const processFaults: Part = {
  "worker killed (KILL)": (scene, random) => end(scene, random, "SIGKILL", "worker killed (KILL)"),
  "worker frozen (STOP)": (scene, random) => end(scene, random, "SIGSTOP", "worker frozen (STOP)"),
  "spare killed (KILL)": async ({ place, victims }) => {
    const serving = (await place.status()).workers.map(({ pid }) => pid);
    for (const pid of childrenOf(place.master()).filter((one) => !serving.includes(one))) {
      victims.add(pid);
      process.kill(pid, "SIGKILL");
    }
    await pause(1_000);
  },
  "master frozen (STOP, then CONT)": async ({ place }, random) => {
    const pid = place.master();
    process.kill(pid, "SIGSTOP");
    await lastFor(random, 2, 8);
    process.kill(pid, "SIGCONT");
  },
  "restart (USR2)": async (scene) => {
    const [before, begun] = [scene.place.master(), performance.now()];
    scene.place.signal("SIGUSR2");
    const isFollowed = await until(() => scene.place.master() !== before, 60_000);
    if (!isFollowed && !mayFail(scene, begun)) scene.complain("USR2: no successor within 60 s");
    await until(() => !existsSync(`/proc/${before}`), isFollowed ? 30_000 : 0);
  },
  "restart (sbnsis restart)": async (scene) => {
    const begun = performance.now();
    const { status, text } = await scene.place.sbnsis("restart");
    if (status !== 0 && !mayFail(scene, begun)) scene.complain(`sbnsis restart: ${status}: ${text}`);
  },
  "reload (HUP)": async (scene) => {
    const begun = performance.now();
    const before = (await scene.place.status()).workers.map(({ pid }) => pid);
    scene.place.signal("SIGHUP");
    const isRolled = await until(async () => {
      const { workers } = await scene.place.status();
      return workers.length > 0 && workers.every(({ pid }) => !before.includes(pid));
    }, 60_000);
    if (!isRolled && !mayFail(scene, begun)) scene.complain("HUP: not all workers replaced within 60 s");
  },
};
