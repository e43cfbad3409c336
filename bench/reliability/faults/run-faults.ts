import { existsSync } from "node:fs";
import { join } from "node:path";
import { databaseVariables } from "../../../test/support/catalog/test-database.ts";
import { PostgresServer, postgresPrograms } from "../../../test/support/servers/postgres-server.ts";
import { startArchive } from "./archive.ts";
import { deadArchiveFaults, fileFaults, soundArchiveFaults } from "./archive-faults.ts";
import { postgresFaults, sqliteFaults } from "./database-faults.ts";
import {
  cacheFaults,
  clockFaults,
  diskFaults,
  harvests,
  linkedLogFaults,
  logFaults,
  settingsFaults,
} from "./file-faults.ts";
import { askedFor } from "./load.ts";
import { type MachineWatch, watchMachine } from "./machine-watch.ts";
import { type Part, pause, type Scene, until } from "./part.ts";
import { Place } from "./place.ts";
import { processFaults } from "./process-faults.ts";
import { Random } from "./random.ts";
import { report } from "./report.ts";
import { Tally } from "./tally.ts";

/** Options of a run. */
export interface FaultsOptions {
  /** Created by the run. */
  readonly directory: string;
  /** The repository, built. */
  readonly root: string;
  readonly port: number;
  readonly seconds: number;
  readonly seed: number;
  /** Requests per second, in addition to those for readiness. */
  readonly rate: number;
  readonly database: "postgresql" | "sqlite";
  readonly workers: number;
}

const READY_EVERY_MS = 250;
/** Seconds between faults of one part. */
const QUIET: readonly [number, number] = [2, 25];

/**
 * Runs a supervised service under load while everything around it fails, at times given by the
 * seed. Resolves with whether the service passed.
 */
export async function runFaults(options: FaultsOptions): Promise<boolean> {
  const { seed, database } = options;
  const place = new Place(options.directory, options.root);
  process.chdir(place.directory);
  await place.makeFrames(seed);
  const archives = {
    sound: await startArchive(place.folderOf("archive")),
    faulty: await startArchive(place.folderOf("faulty")),
  };
  archives.faulty.mode = "keep-alive";
  const server = database === "postgresql" ? await openPostgres() : undefined;
  const machine = await watchMachine();
  const clear = async () => {
    machine.close();
    await place.sbnsis("stop");
    place.unmountDisk();
    await server?.destroy();
    await Promise.all([archives.sound.close(), archives.faulty.close()]);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void clear().finally(() => process.exit(1)));
  }
  try {
    return await stand(options, place, archives, server, machine);
  } finally {
    await clear();
  }
}

async function openPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error("PostgreSQL is not installed; try --database sqlite");
  const server = await PostgresServer.create(programs);
  await server.execute("postgres", "CREATE DATABASE sky");
  return server;
}

async function stand(
  options: FaultsOptions,
  place: Place,
  archives: Scene["archives"],
  server: PostgresServer | undefined,
  machine: MachineWatch,
): Promise<boolean> {
  const sqlite = place.path("db", "sky.db");
  const settings: Record<string, unknown> = {
    API_PORT: options.port,
    LIVE_GUNICORN_INSTANCES: options.workers,
    SBNSIS_CUTOUT_CACHE: "./disk/cache",
    // little is cached, so that archives receive requests all the time
    SBNSIS_CACHE_MAX_BYTES: 2_000_000,
    SBNSIS_MEMORY_CACHE_BYTES: 0,
    SBNSIS_BLOCK_CACHE_BYTES: 0,
    SBNSIS_REMOTE_REVALIDATE_MS: 0,
    SBNSIS_REMOTE_IDLE_TIMEOUT_MS: 2_000,
    SBNSIS_REMOTE_DEADLINE_MS: 5_000,
    ...(server === undefined ? { DB_DATABASE: sqlite } : databaseVariables(server.settings("sky"))),
  };
  place.write(
    ".env",
    `${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n")}\n`,
  );
  place.own(place.directory);
  for (const ended of [
    await place.add(["-r", place.folderOf("steady"), place.folderOf("moving")]),
    await place.addFrom(archives.sound, "archive"),
    await place.addFrom(archives.faulty, "faulty"),
    await place.sbnsis("start"),
  ]) {
    if (ended.status !== 0) throw new Error(ended.text);
  }
  const random = new Random(options.seed);
  const present = new Map<string, number>();
  const ends: { readonly fault: string; readonly at: number }[] = [];
  const findings: string[] = [];
  const tally = new Tally(() => [...present.keys()].join(", "), machine.wasLate);
  let last: Promise<unknown> = Promise.resolve();
  const count = (["steady", "moving", "archive", "faulty"] as const).reduce(
    (sum, set) => sum + place.frames[set].length,
    0,
  );
  const scene: Scene = {
    place,
    tally,
    archives,
    victims: new Set(),
    complain(what) {
      findings.push(what);
      process.stderr.write(`finding: ${what} (${[...present.keys()].join(", ")})\n`);
    },
    wasPresent: (name, since) =>
      [...present.keys()].some((fault) => fault.startsWith(name)) ||
      ends.some(({ fault, at }) => fault.startsWith(name) && at >= since),
    alone(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    expected: { count, before: count, since: 0 },
  };
  const end = performance.now() + options.seconds * 1000;
  const times: Record<string, number> = {};
  const parts: readonly Part[] = [
    processFaults,
    soundArchiveFaults,
    deadArchiveFaults,
    fileFaults,
    { ...logFaults, ...linkedLogFaults },
    { ...cacheFaults, ...(process.getuid?.() === 0 && diskFaults) },
    ...(place.hasClock ? [clockFaults] : []),
    settingsFaults,
    harvests,
    server === undefined ? sqliteFaults(sqlite) : postgresFaults(server, "sky"),
  ];
  const provoke = async (part: Part, chance: Random) => {
    let bag: string[] = [];
    for (;;) {
      await pause(chance.between(...QUIET) * 1000);
      if (performance.now() >= end) return;
      if (bag.length === 0) bag = chance.shuffled(Object.keys(part));
      const name = bag.pop()!;
      times[name] = (times[name] ?? 0) + 1;
      present.set(name, performance.now());
      try {
        await part[name]!(scene, chance);
      } catch (error) {
        scene.complain(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      present.delete(name);
      ends.push({ fault: name, at: performance.now() });
    }
  };
  let isGoing = true;
  const asked = askedFor(scene, `http://127.0.0.1:${options.port}`, new Random(random.next() * 2 ** 32));
  const load = loadOf(() => isGoing, options.rate, tally, asked);
  await Promise.all(parts.map((part) => provoke(part, new Random(random.next() * 2 ** 32))));
  // the faults are over; now everything must work as before
  await pause(5_000);
  isGoing = false;
  await load;
  await afterwards(scene, options, asked);
  return report({ options, scene, times, findings, machine });
}

/** Sends this many requests per second, whatever the responses, and four for readiness. */
async function loadOf(
  isGoing: () => boolean,
  rate: number,
  tally: Tally,
  asked: ReturnType<typeof askedFor>,
): Promise<void> {
  const open = new Set<Promise<unknown>>();
  const begin = (one: Parameters<Tally["ask"]>[0]) => {
    const asking = tally.ask(one).finally(() => open.delete(asking));
    open.add(asking);
  };
  let [due, readyDue] = [performance.now(), performance.now()];
  while (isGoing()) {
    for (; due <= performance.now(); due += 1000 / rate) begin(asked.any());
    for (; readyDue <= performance.now(); readyDue += READY_EVERY_MS) begin(asked.ready());
    await pause(5);
  }
  await Promise.all(open);
}

async function afterwards(
  { place, tally, complain }: Scene,
  options: FaultsOptions,
  asked: ReturnType<typeof askedFor>,
): Promise<void> {
  const isFull = await until(async () => (await place.status()).workers.length === options.workers, 60_000);
  const { workers, logProblems } = await place.status();
  if (!isFull) complain(`afterwards there are ${workers.length} workers`);
  if (logProblems.length > 0) complain(`afterwards the log is in trouble: ${logProblems.join(", ")}`);
  if (existsSync(join(place.directory, "default.db")))
    complain("there is a default.db that nobody asked for");
  // an archive that was avoided receives requests again
  await pause(options.seconds >= 300 ? 45_000 : 0);
  const lost = tally.lost.length;
  for (const one of asked.each()) await tally.ask(one);
  if (tally.lost.length > lost) complain("afterwards not everything was answered");
}
