import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { lastFor, type Part, pause, type Scene } from "./part.ts";

let rotations = 0;

function rotate({ place }: Scene): void {
  renameSync(place.path("logging", "sbnsis.log"), place.path("logging", `sbnsis.log.${++rotations}`));
  place.signal("SIGUSR1");
}

/** Rotations of the log, and logs that cannot be opened anew. */
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

/** Caches that take nothing, or are taken away. */
export const cacheFaults: Part = {
  "cache read-only": async ({ place }, random) => {
    const folder = place.path("cache", "sbnsis-products");
    if (!existsSync(folder)) return;
    chmodSync(folder, 0o500);
    await lastFor(random, 3, 10);
    if (existsSync(folder)) chmodSync(folder, 0o700);
  },
  "cache: a file in its place": async ({ place }, random) => {
    const folder = place.path("cache");
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, "");
    await lastFor(random, 3, 8);
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
  },
  "cache removed": async ({ place }, random) => {
    // the service writes to it meanwhile
    rmSync(place.path("cache", "sbnsis-products"), { recursive: true, force: true, maxRetries: 20 });
    await lastFor(random, 2, 5);
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

/** Mistakes in `.env`; the service reads it again when a process begins. */
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

/** Harvests of all that is served, while it is served. */
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
