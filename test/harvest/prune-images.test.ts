import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { harvest } from "../../src/harvest/harvest.ts";
import { type PruneLimit, pruneImages } from "../../src/harvest/prune-images.ts";
import { madeImage } from "../support/catalog/made-catalog.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";
import { makeLabel } from "../support/inputs/make-label.ts";

let folder: string;
let archive: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-prune-images-"));
  archive = join(folder, "archive");
  // 20 labels in one folder, 2 in another
  for (let i = 0; i < 22; i += 1) {
    const place = join(archive, i < 20 ? "big" : "small");
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, `t${i}.xml`),
      makeLabel({ lid: `urn:nasa:pds:made.survey:data:t${i}`, file: `t${i}.fits` }),
    );
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = () => sqliteSettings(join(folder, "made.db"));

const rule = { extensions: [".xml"], baseUrl: "file://", stripLeading: "" };

async function add(): Promise<void> {
  const catalog = await openWritableCatalog(settings());
  await catalog.createTables();
  await harvest(catalog, { ...rule, paths: [archive], recursive: true, jobs: 1, update: false });
  await catalog.close();
}

/** A prune whose confirmation is always yes, as with --yes. */
async function prune(paths: readonly string[], atMost?: PruneLimit) {
  const catalog = await openWritableCatalog(settings());
  try {
    const options = { ...rule, paths, ...(atMost !== undefined && { atMost }) };
    return await pruneImages(catalog, options, async () => true);
  } finally {
    await catalog.close();
  }
}

describe("a prune with --yes", () => {
  it.each([["empty"], ["absent"], ["a folder without labels"]])(
    "a prune deletes nothing when the archive is %s, whatever --at-most says",
    async (state) => {
      await add();
      renameSync(archive, join(folder, "elsewhere"));
      if (state !== "absent") mkdirSync(archive);
      if (state.startsWith("a folder")) writeFileSync(join(archive, "README"), "not mounted");
      for (const atMost of [undefined, { share: 1 }, { rows: 100 }]) {
        expect(await prune([archive], atMost)).toEqual({
          gone: 22,
          deleted: 0,
          refusals: [`${archive} contains no labels, but 22 rows have their labels there: is it mounted?`],
        });
      }
    },
  );

  it("a prune deletes nothing when one of several disks below the archive is not mounted", async () => {
    await add();
    renameSync(join(archive, "small"), join(folder, "elsewhere"));
    mkdirSync(join(archive, "small"));
    const { gone, deleted, refusals } = await prune([archive]);
    expect({ gone, deleted }).toEqual({ gone: 2, deleted: 0 });
    expect(refusals).toEqual([expect.stringMatching(/archive\/small is empty.*is it mounted\?/)]);
    // a folder that was removed permanently
    rmSync(join(archive, "small"), { recursive: true });
    expect(await prune([archive])).toEqual({ gone: 2, deleted: 2, refusals: [] });
  });

  it("a prune deletes nothing when one of two archives is not mounted", async () => {
    await add();
    rmSync(join(archive, "big", "t0.xml"));
    renameSync(join(archive, "small"), join(folder, "elsewhere"));
    const { gone, deleted, refusals } = await prune([join(archive, "big"), join(archive, "small")]);
    expect({ gone, deleted, refusals: refusals.length }).toEqual({ gone: 3, deleted: 0, refusals: 1 });
  });

  it("a prune deletes a tenth of the rows and no more, unless --at-most allows it", async () => {
    await add();
    for (const i of [0, 1, 2]) rmSync(join(archive, "big", `t${i}.xml`));
    expect(await prune([archive])).toEqual({
      gone: 3,
      deleted: 0,
      refusals: [
        `the labels of 3 of 22 rows under ${archive} are gone, more than 10%: if that is right, repeat with --at-most 3`,
      ],
    });
    for (const atMost of [{ rows: 2 }, { share: 0.13 }])
      expect(await prune([archive], atMost)).toMatchObject({ deleted: 0, refusals: [expect.any(String)] });
    expect(await prune([archive], { share: 0.14 })).toEqual({ gone: 3, deleted: 3, refusals: [] });
    rmSync(join(archive, "big", "t3.xml"));
    expect(await prune([archive])).toEqual({ gone: 1, deleted: 1, refusals: [] });
  });

  it("a prune understands rows of the existing service, whose paths are not percent-encoded", async () => {
    mkdirSync(join(archive, "a%41b"));
    mkdirSync(join(archive, "100%"));
    const stays = ["a%41b/t0.xml", "100%/t0.xml", "big/../a%41b/t0.xml"];
    for (const name of stays) writeFileSync(join(archive, name), "<there/>");
    await add();
    const catalog = await openWritableCatalog(settings());
    const goes = ["a%41b/gone.xml", "100%/gone.xml"];
    const image = (obsId: string, name: string) => {
      const labelUrl = `file://${archive}/${name}`;
      return madeImage(name, { record: { obsId, collection: "urn:nasa:pds:a:b", imageUrl: null, labelUrl } });
    };
    await catalog.write([...stays, ...goes].map((name, i) => image(`urn:nasa:pds:a:b:c${i}`, name)));
    await catalog.close();
    expect(await prune([archive])).toEqual({ gone: 2, deleted: 2, refusals: [] });
    expect(await prune([join(archive, "100%"), join(archive, "a%41b")])).toMatchObject({ gone: 0 });
  });
});
