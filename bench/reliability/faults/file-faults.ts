import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { lastFor, type Part, pause, type Scene } from "./part.ts";
import type { Random } from "./random.ts";

let rotations = 0;

function rotate({ place }: Scene): void {
  renameSync(place.path("logging", "sbnsis.log"), place.path("logging", `sbnsis.log.${++rotations}`));
  place.signal("SIGUSR1");
}

/** Rotations of the log, and logs that cannot be reopened. */
export const logFaults: Part = {
  "log rotated": async (scene, random) => {
    rotate(scene);
    await lastFor(random, 1, 3);
  },
  "log: folder owned by root after a rotation": async (scene, random) => {
    const folder = scene.place.path("logging");
    chmodSync(folder, 0o555);
    rotate(scene);
    await lastFor(random, 3, 8);
    chmodSync(folder, 0o755);
    scene.place.signal("SIGUSR1");
    await pause(1_000);
  },
  "log: a directory in its place": async (scene, random) => {
    const path = scene.place.path("logging", "sbnsis.log");
    renameSync(path, `${path}.${++rotations}`);
    mkdirSync(path);
    scene.place.signal("SIGUSR1");
    await lastFor(random, 3, 8);
    rmdirSync(path);
    scene.place.signal("SIGUSR1");
    await pause(1_000);
  },
};

/** A log that is a symbolic link, and one that becomes a file again. */
export const linkedLogFaults: Part = {
  "log: a symbolic link": async (scene, random) => {
    const { place } = scene;
    const path = place.path("logging", "sbnsis.log");
    const target = place.path("logging", `sbnsis.log.linked-${++rotations}`);
    renameSync(path, `${path}.${rotations}`);
    symlinkSync(target, path);
    place.signal("SIGUSR1");
    await lastFor(random, 2, 5);
    // the target is rotated, and the link stays
    renameSync(target, `${target}.1`);
    place.signal("SIGUSR1");
    await lastFor(random, 2, 4);
    if (!existsSync(target)) scene.complain("the target of a log that is a link was not made again");
    unlinkSync(path);
    place.signal("SIGUSR1");
    await pause(1_000);
  },
};

/** The wall clock is put back and forward; ages and deadlines must not notice. */
export const clockFaults: Part = Object.fromEntries(
  ["-3600s", "-86400s", "+7200s"].map((offset) => [
    `clock: ${offset}`,
    async ({ place }: Scene, random: Random) => {
      place.setClock(offset);
      await lastFor(random, 5, 15);
      place.setClock("+0");
      await lastFor(random, 2, 3);
    },
  ]),
);

/** Caches that store nothing, or are removed. */
export const cacheFaults: Part = {
  "cache read-only": async ({ place }, random) => {
    const folder = join(place.cache, "sbnsis-products");
    if (!existsSync(folder)) return;
    chmodSync(folder, 0o500);
    await lastFor(random, 3, 10);
    if (existsSync(folder)) chmodSync(folder, 0o700);
  },
  "cache: a file in its place": async ({ place }, random) => {
    const folder = place.cache;
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, "");
    await lastFor(random, 3, 8);
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
  },
  "cache removed": async ({ place }, random) => {
    const folder = join(place.cache, "sbnsis-products");
    if (!existsSync(folder)) return;
    // moved first: the service writes to it meanwhile; not rmSync, whose retries would block
    // the load and the archives, which are in this process
    renameSync(folder, `${folder}-away`);
    await rm(`${folder}-away`, { recursive: true, force: true, maxRetries: 20 });
    await lastFor(random, 2, 5);
  },
};

/** The disk of the cache is full. */
export const diskFaults: Part = {
  "cache: its disk is full": async ({ place, complain }, random) => {
    const ballast = join(place.disk, "ballast");
    const file = openSync(ballast, "w");
    const block = Buffer.alloc(65_536);
    try {
      for (let written = 0; written < 2 ** 30; written += block.length) writeSync(file, block);
      complain("the disk of the cache cannot be filled");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
    await lastFor(random, 3, 10);
    rmSync(ballast);
  },
};

async function edit({ place }: Scene, lines: string, during: () => Promise<void>): Promise<void> {
  const path = place.path(".env");
  const text = readFileSync(path, "utf8");
  appendFileSync(path, lines);
  try {
    await during();
  } finally {
    writeFileSync(path, text);
  }
}

/** Mistakes in `.env`; each process of the service reads it when it starts. */
export const settingsFaults: Part = {
  ".env: a misspelled variable, then HUP": (scene, random) =>
    edit(scene, "SBNSIS_QUEUE_LENGHT=5\n", async () => {
      scene.place.signal("SIGHUP");
      await lastFor(random, 3, 6);
    }),
  ".env: a line that cannot be read, then a restart": (scene, random) =>
    edit(scene, 'APP_NAME="unfinished\n', async () => {
      const { status } = await scene.place.sbnsis("restart");
      if (status === 0) scene.complain("sbnsis restart took a .env that cannot be read");
      await lastFor(random, 1, 3);
    }),
  ".env: a setting changed": (scene, random) =>
    edit(scene, "SBNSIS_QUEUE_LENGTH=65\n", () => lastFor(random, 2, 6)),
};

/** Harvests of everything that is served, while it is served. */
export const harvests: Part = {
  "harvest (sbnsis-add --update)": (scene, random) =>
    scene.alone(async () => {
      const { place, archives } = scene;
      const begun = performance.now();
      const ended = [
        await place.add(["-r", "--update", place.folderOf("steady"), place.folderOf("moving")]),
        await place.addFrom(archives.sound, "archive", "--update"),
      ];
      const isExcused = scene.wasPresent("database", begun) || scene.wasPresent(".env", begun);
      for (const { status, text } of ended) {
        const allowed = isExcused ? [0, 1, 2] : [0];
        if (!allowed.includes(status ?? -1)) scene.complain(`harvest: ${status}: ${text}`);
      }
      await lastFor(random, 1, 3);
    }),
};
