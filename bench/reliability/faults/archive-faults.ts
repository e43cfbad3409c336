import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ArchiveMode } from "./archive.ts";
import { excused, type Fault, lastFor, type Part, type Scene } from "./part.ts";
import type { Random } from "./random.ts";

/** An archive that a service must handle: no failure is excused. */
function sound(mode: ArchiveMode): Fault {
  return async ({ archives }, random) => {
    archives.sound.mode = mode;
    await lastFor(random, 5, 12);
    archives.sound.mode = "closing";
  };
}

/** After its timeouts an archive is left alone for up to 40 s (src/archive/host-breaker.ts). */
const REST_MS = 45_000;

/**
 * An archive that cannot be served: only requests that name it are excused, and only with the codes
 * of a source.
 */
function dead(mode: ArchiveMode): Fault {
  return async (scene, random) => {
    const { faulty } = scene.archives;
    const names = (kind: string, outcome: string) =>
      kind === "faulty archive" && /^50[0-9] SOURCE_/.test(outcome);
    const isLeftAlone = (kind: string, outcome: string) =>
      kind === "faulty archive" && /^50[34] (SOURCE_TIMEOUT|SOURCE_UNREACHABLE)/.test(outcome);
    await excused(scene, `archive: ${mode}`, isLeftAlone, REST_MS, async () => {
      await excused(scene, `archive: ${mode}`, names, 1_000, async () => {
        faulty.mode = mode;
        await lastFor(random, 5, 15);
        faulty.mode = "keep-alive";
      });
    });
  };
}

/** Correct archives that do what some libraries do not expect. */
export const soundArchiveFaults: Part = {
  "archive: FIN right behind each body": sound("closing"),
  "archive: keep-alive": sound("keep-alive"),
  "archive: another ETag for each answer": sound("other-etags"),
  "archive: Content-Encoding aws-chunked": sound("aws-chunked"),
  "archive: 403 to Range": sound("no-ranges"),
};

/** Archives that send no bytes, or wrong ones. */
export const deadArchiveFaults: Part = {
  "archive: stalled": dead("stalled"),
  "archive: stalled-in-body": dead("stalled-in-body"),
  "archive: html": dead("html"),
  "archive: cut": dead("cut"),
  "archive: reset": dead("reset"),
  "archive: failing": dead("failing"),
};

const isMissing = (kind: string, outcome: string) => kind === "moving" && outcome === "404 SOURCE_MISSING";

/** Harvests the moving frames, again while another fault prevents it. */
async function harvestMoving(scene: Scene, random: Random, folder?: string): Promise<void> {
  const { place } = scene;
  for (let attempt = 1; ; attempt++) {
    const begun = performance.now();
    const { status, text } = await place.add(["-r", "--update", folder ?? place.folderOf("moving")]);
    if (status === 0) return;
    const isBlocked = scene.wasPresent("database", begun) || scene.wasPresent(".env", begun);
    if (!isBlocked || attempt === 10) scene.complain(`harvest of moved files: ${status}: ${text}`);
    if (!isBlocked) return;
    await lastFor(random, 1, 2);
  }
}

/** Moved files of a local archive. */
export const fileFaults: Part = {
  "file moved away and back": (scene, random) =>
    scene.alone(() =>
      excused(scene, "file moved away and back", isMissing, 0, async () => {
        const { path } = random.of(scene.place.frames.moving);
        renameSync(path, `${path}.away`);
        await lastFor(random, 2, 6);
        renameSync(`${path}.away`, path);
      }),
    ),
  "file packed, harvested, unpacked, harvested": (scene, random) =>
    scene.alone(() =>
      excused(scene, "file packed, harvested, unpacked, harvested", isMissing, 0, async () => {
        const { place } = scene;
        const { path } = random.of(place.frames.moving);
        const packed = `${path}.gz`;
        writeFileSync(packed, gzipSync(readFileSync(path)));
        place.own(place.folderOf("moving"));
        rmSync(path);
        await harvestMoving(scene, random);
        await lastFor(random, 1, 2);
        writeFileSync(path, gunzipSync(readFileSync(packed)));
        place.own(place.folderOf("moving"));
        rmSync(packed);
        await harvestMoving(scene, random);
      }),
    ),
  "archive moved, then harvested": (scene, random) =>
    scene.alone(() =>
      excused(scene, "archive moved, then harvested", isMissing, 0, async () => {
        const { place } = scene;
        const [home, away] = [place.folderOf("moving"), `${place.folderOf("moving")}-elsewhere`];
        for (const [from, to] of [
          [home, away],
          [away, home],
        ] as const) {
          renameSync(from, to);
          await harvestMoving(scene, random, to);
          await lastFor(random, 1, 2);
        }
      }),
    ),
  "archive not mounted, then pruned": (scene, random) =>
    scene.alone(() =>
      excused(scene, "archive not mounted, then pruned", isMissing, 0, async () => {
        const home = scene.place.folderOf("moving");
        renameSync(home, `${home}-away`);
        // a mount point without its file system
        mkdirSync(home);
        const { status, text } = await scene.place.add(["-r", "--prune", "--yes", home]);
        if (status === 0) scene.complain(`prune of an archive that is not mounted: ${text}`);
        await lastFor(random, 1, 2);
        rmdirSync(home);
        renameSync(`${home}-away`, home);
      }),
    ),
};
