import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { headerBytes } from "../../packages/fits/src/header/header.ts";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { separation } from "../../packages/wcs/src/sky/great-circle.ts";
import { DEGREE } from "../../packages/wcs/src/sky/rotation.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { type HarvestEvent, type HarvestOptions, harvest } from "../../src/harvest/harvest.ts";
import { locationUrl } from "../../src/harvest/location-url.ts";
import { pruneImages } from "../../src/harvest/prune-images.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";
import { makeLabel } from "../support/inputs/make-label.ts";

let folder: string;
const settings = () => sqliteSettings(join(folder, "test.db"));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-harvest-"));
  mkdirSync(join(folder, "labels"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Lets the clock of this process, which reads the labels, be three seconds ahead of the files'. */
function settle(): void {
  vi.setSystemTime(Date.now() + 3_000);
}

const lid = (name: string) => `urn:nasa:pds:made.survey:data:${name}`;
function put(name: string, text = makeLabel({ lid: lid(name), file: `${name}.fits` })): string {
  const path = join(folder, "labels", `${name}.xml`);
  writeFileSync(path, text);
  return path;
}

function options(change: Partial<HarvestOptions> = {}): HarvestOptions {
  return {
    paths: [join(folder, "labels")],
    recursive: true,
    extensions: [".xml", ".lblx"],
    baseUrl: "file://",
    stripLeading: "",
    jobs: 1,
    update: false,
    ...change,
  };
}

async function run(change: Partial<HarvestOptions> = {}) {
  const catalog = await openWritableCatalog(settings());
  await catalog.createTables();
  const events: HarvestEvent[] = [];
  try {
    return { events, summary: await harvest(catalog, options(change), (event) => events.push(event)) };
  } finally {
    await catalog.close();
  }
}

async function recordOf(name: string) {
  const catalog = await openCatalog(settings());
  try {
    return await catalog.findImage(lid(name));
  } finally {
    await catalog.close();
  }
}

function database(change: (other: DatabaseSyncInstance) => void): void {
  const other = new DatabaseSync(join(folder, "test.db"));
  change(other);
  other.close();
}

describe("a harvest", () => {
  it("a harvest commits good labels, reports bad ones with path and reason, and skips products without images", async () => {
    put("good");
    const bad = put("bad", "<Product_Observational>");
    put("collection", "<Product_Collection/>");
    const { events, summary } = await run();
    expect(summary).toMatchObject({
      directories: 1,
      labels: 3,
      processed: 1,
      outcomes: { added: 1, failed: 1, skipped: 1 },
      missingFiles: 1,
    });
    expect(events).toContainEqual({
      path: bad,
      outcome: "failed",
      reason: expect.stringMatching(/not well-formed/),
    });
    const second = await run();
    expect(second.summary).toMatchObject({ processed: 1, outcomes: { added: 0, known: 1, failed: 1 } });
  });

  it.each([
    ["plain", ["x.fits"], "x.fits"],
    ["packed", ["x.fits.fz"], "x.fits.fz"],
    ["both", ["x.fits", "x.fits.fz"], "x.fits"],
    ["none", [], "x.fits"],
  ])("a harvest records the name of the file on disk: %s", async (_, files, expected) => {
    put("x");
    for (const file of files) writeFileSync(join(folder, "labels", file), "");
    const { summary } = await run();
    expect(summary.missingFiles).toBe(files.length === 0 ? 1 : 0);
    expect((await recordOf("x"))?.imageUrl).toBe(`file://${folder}/labels/${expected}`);
  });

  it("a harvest makes URLs that lead back to the file, whatever its name", async () => {
    const name = "50% #1 ?é [a]";
    const text = makeLabel({ lid: lid("odd"), file: `${name}.fits` });
    put(name, text);
    writeFileSync(join(folder, "labels", `${name}.fits`), "");
    await run();
    const record = await recordOf("odd");
    expect(fileURLToPath(record?.imageUrl ?? "")).toBe(join(folder, "labels", `${name}.fits`));
    expect(fileURLToPath(record?.labelUrl ?? "")).toBe(join(folder, "labels", `${name}.xml`));
  });

  it("a harvest searches subdirectories on request, each once, even with circular links", async () => {
    put("top");
    mkdirSync(join(folder, "labels", "deep"));
    put("deep/one", makeLabel({ lid: lid("one") }));
    symlinkSync("..", join(folder, "labels", "deep", "up"));
    symlinkSync("self.xml", join(folder, "labels", "self.xml"));
    execFileSync("mkfifo", [join(folder, "labels", "pipe.xml")]);
    writeFileSync(join(folder, "labels", "huge.xml"), "");
    truncateSync(join(folder, "labels", "huge.xml"), 1e9);
    expect((await run({ recursive: false })).summary).toMatchObject({ directories: 1, processed: 1 });
    const { events, summary } = await run();
    expect(summary).toMatchObject({ directories: 2, labels: 3, processed: 2, outcomes: { failed: 3 } });
    const reasons = events.filter(({ outcome }) => outcome === "failed").map(({ reason }) => reason);
    expect(reasons.sort()).toEqual([
      "not a regular file",
      "symbolic links form a loop",
      expect.stringMatching(/1000000000 bytes/),
    ]);
  });

  it("a harvest reads directories in order of names, and skips names that begin with a dot", async () => {
    for (const name of [".hidden", "deep", "Zoo"]) mkdirSync(join(folder, "labels", name));
    const names = ["b", "._b", "a10", "a9", "deep/x", ".hidden/y", "Zoo/z", "\u00e9"];
    for (const name of names) put(name, makeLabel({ lid: lid(name) }));
    const { events, summary } = await run();
    expect(summary).toMatchObject({ directories: 3, labels: 6, outcomes: { added: 6 } });
    expect(events.map(({ path }) => path.slice(folder.length + "/labels/".length))).toEqual([
      ...["Zoo/z.xml", "a10.xml", "a9.xml", "b.xml", "deep/x.xml", "\u00e9.xml"],
    ]);
    // names on the command line are always used
    const named = await run({ paths: [join(folder, "labels", ".hidden")] });
    expect(named.summary.outcomes).toMatchObject({ added: 1 });
  });

  it("a harvest reads other extensions, and only labels changed since a given time, on request", async () => {
    put("old");
    utimesSync(join(folder, "labels", "old.xml"), 1000, 1000);
    writeFileSync(join(folder, "labels", "new.LBLX"), makeLabel({ lid: lid("new") }));
    writeFileSync(join(folder, "labels", "other.lbl"), makeLabel({ lid: lid("other") }));
    expect((await run({ sinceMs: 2_000_000 })).summary.labels).toBe(1);
    expect((await run({ extensions: [".xml", ".lblx", ".lbl"] })).summary.labels).toBe(3);
  });

  it("a harvest reads a label again only if its file changed: size, times, or no known state", async () => {
    const reads = (events: readonly HarvestEvent[]) =>
      events.map(({ path, outcome }) => [basename(path), outcome]);
    const past = new Date(Date.now() - 60_000);
    for (const name of ["one", "two"]) utimesSync(put(name), past, past);
    writeFileSync(join(folder, "labels", "two.fits"), "");
    // the times of their inodes are new: the state of the files cannot be identified yet
    expect(reads((await run()).events)).toContainEqual(["one.xml", "added"]);
    settle();
    await run();
    // if a label were read now, it would be a different one of the same version
    database((other) => other.exec("UPDATE image_detail SET label_digest = 'other'"));
    const { summary } = await run();
    expect(summary).toMatchObject({ processed: 2, outcomes: { known: 2 }, missingFiles: 1 });
    // changed content of the same version and length: a conflict, so it was read
    writeFileSync(join(folder, "labels", "one.xml"), makeLabel({ lid: lid("one"), file: "oNe.fits" }));
    utimesSync(join(folder, "labels", "one.xml"), past, past);
    expect((await run()).summary.outcomes).toMatchObject({ known: 1, conflict: 1 });
  });

  it("a harvest uses corners of the image if the label has none, on request (the tangent plane)", async () => {
    const cards: readonly (readonly [string, string | number | boolean])[] = [
      ["SIMPLE", true],
      ["BITPIX", 8],
      ["NAXIS", 2],
      ["NAXIS1", 100],
      ["NAXIS2", 60],
      ["CTYPE1", "RA---TAN"],
      ["CTYPE2", "DEC--TAN"],
      ["CRVAL1", 10],
      ["CRVAL2", 20],
      ["CRPIX1", 50.5],
      ["CRPIX2", 30.5],
      ["CD1_1", -0.01],
      ["CD1_2", 0],
      ["CD2_1", 0],
      ["CD2_2", 0.01],
    ];
    const header = headerBytes(cards.map(([keyword, value]) => valueCard(keyword, value)));
    for (const name of ["good", "dark", "broken"]) put(name);
    const file = (name: string) => join(folder, "labels", `${name}.fits`);
    writeFileSync(file("good"), Buffer.concat([header, new Uint8Array(8640)]));
    const dark = cards.slice(0, 5).map(([keyword, value]) => valueCard(keyword, value));
    writeFileSync(file("dark"), Buffer.concat([headerBytes(dark), new Uint8Array(8640)]));
    writeFileSync(file("broken"), "no FITS");
    await run();
    settle();
    await run();
    const { events, summary } = await run({ footprintsFromImages: true });
    expect(summary.outcomes).toMatchObject({ updated: 1, known: 2, failed: 0 });
    const reasons = events.filter(({ reason }) => reason !== undefined).map(({ reason }) => reason);
    expect(reasons).toEqual([
      expect.stringMatching(/^no footprint: /),
      expect.stringMatching(/^no footprint: /),
    ]);
    expect((await run({ footprintsFromImages: true })).summary.outcomes).toMatchObject({ known: 3 });
    const catalog = await openCatalog(settings());
    const corners = (await catalog.findDetail(lid("good")))?.corners;
    await catalog.close();
    expect(corners).toHaveLength(4);
    for (const corner of corners ?? []) {
      const radius = Math.hypot(0.5, 0.3) * DEGREE;
      expect(separation(corner, [10, 20]) * DEGREE).toBeCloseTo(Math.atan(radius), 8);
    }
  });

  it("a harvest adds a deleted row again although its label did not change", async () => {
    put("one");
    settle();
    await run();
    database((other) => other.exec("DELETE FROM image"));
    expect((await run()).summary.outcomes).toMatchObject({ added: 1 });
  });

  it("a harvest handles many batches with a bad label in each", async () => {
    for (let i = 0; i < 700; i += 1) put(`t${i}`, i % 100 === 0 ? "<broken" : undefined);
    const { summary } = await run({ jobs: 2 });
    expect(summary).toMatchObject({ labels: 700, processed: 693, outcomes: { added: 693, failed: 7 } });
    expect((await recordOf("t699"))?.facility).toBe("Scope");
  });

  it("a dry run writes nothing", async () => {
    put("one");
    expect(await harvest(undefined, options())).toMatchObject({ processed: 1, outcomes: { read: 1 } });
  });

  it("a harvest prunes the rows whose label is gone, on request", async () => {
    put("stays");
    const goes = put("goes");
    await run();
    rmSync(goes);
    const catalog = await openWritableCatalog(settings());
    const what = { ...options(), atMost: { rows: 1 } };
    const none = { gone: 1, deleted: 0, refusals: [] };
    expect(await pruneImages(catalog, what, async () => false)).toEqual(none);
    expect(await pruneImages(catalog, what, async () => true)).toEqual({ ...none, deleted: 1 });
    expect(await catalog.verifyTables()).toEqual({ problems: [], remarks: [] });
    await catalog.close();
    expect(await recordOf("goes")).toBeUndefined();
    expect(await recordOf("stays")).toBeDefined();
  });

  it.skipIf(process.getuid?.() === 0)("a harvest survives a directory that it may not read", async () => {
    put("good");
    mkdirSync(join(folder, "labels", "closed"), { mode: 0 });
    const { summary } = await run();
    expect(summary.outcomes).toMatchObject({ added: 1, failed: 1 });
    chmodSync(join(folder, "labels", "closed"), 0o755);
  });
});

it.each([
  ["/data/a/b.xml", "file://", "", "file:///data/a/b.xml"],
  ["/data/a/b.xml", "https://host/archive/", "/data", "https://host/archive/a/b.xml"],
  ["/data/a/b.xml", "https://host/archive", "/data/", "https://host/archive/a/b.xml"],
  ["/data/a%b#c?.xml", "https://host", "/elsewhere", "https://host/data/a%25b%23c%3F.xml"],
])("the path %s under %s without %s becomes %s (RFC 3986, 3.3)", (path, baseUrl, stripLeading, url) => {
  expect(locationUrl(path, { baseUrl, stripLeading })).toBe(url);
});
