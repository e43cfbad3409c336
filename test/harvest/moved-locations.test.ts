import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { type HarvestOptions, harvest } from "../../src/harvest/harvest.ts";
import { locationUrl, pathsOfUrl } from "../../src/harvest/location-url.ts";
import { harvestOptions, sqliteSettings } from "../support/catalog/test-database.ts";
import { makeLabel } from "../support/inputs/make-label.ts";

let folder: string;
const settings = () => sqliteSettings(join(folder, "made.db"));
const LID = "urn:nasa:pds:made.survey:data:x";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-moved-"));
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old", "x.xml"), makeLabel({ lid: LID, file: "x.fits" }));
  writeFileSync(join(folder, "old", "x.fits"), "");
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Counts of a harvest of a folder, without zeros. */
async function outcomes(name: string, change: Partial<HarvestOptions> = {}) {
  const catalog = await openWritableCatalog(settings());
  try {
    await catalog.createTables();
    const summary = await harvest(catalog, harvestOptions([join(folder, name)], change));
    const counts = Object.entries(summary.outcomes).filter(([, count]) => count > 0);
    return { ...Object.fromEntries(counts), processed: summary.processed };
  } finally {
    await catalog.close();
  }
}

async function locations() {
  const catalog = await openCatalog(settings());
  try {
    const { labelUrl, imageUrl } = (await catalog.findImage(LID))!;
    return [labelUrl, imageUrl];
  } finally {
    await catalog.close();
  }
}

const at = (name: string, file = "x.fits") => [
  `file://${folder}/${name}/x.xml`,
  `file://${folder}/${name}/${file}`,
];

/** Makes labels old enough to be identified by the state of their files. */
function later(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
}

describe("locations in the catalogue", () => {
  it("locations in the catalog follow an archive that moved (the new paths)", async () => {
    await outcomes("old");
    renameSync(join(folder, "old"), join(folder, "new"));
    expect(await outcomes("new")).toEqual({ moved: 1, processed: 1 });
    expect(await locations()).toEqual(at("new"));
    expect(await outcomes("new")).toEqual({ known: 1, processed: 1 });
  });

  it("locations in the catalog follow an archive that moved and whose labels changed or are older (the new paths)", async () => {
    await outcomes("old");
    for (const [i, version] of ["1.0", "0.9"].entries()) {
      const text = makeLabel({ lid: LID, file: "x.fits", version }).replace("</title>", " again</title>");
      rmSync(join(folder, i === 0 ? "old" : "1.0"), { recursive: true });
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, "x.xml"), text);
      expect(await outcomes(version)).toEqual({ moved: 1, processed: 1 });
      expect(await locations()).toEqual(at(version));
    }
  });

  it("locations in the catalog stay while the old label exists: a copy is known, and wins with --update", async () => {
    await outcomes("old");
    mkdirSync(join(folder, "new"));
    for (const name of ["x.xml", "x.fits"])
      copyFileSync(join(folder, "old", name), join(folder, "new", name));
    expect(await outcomes("new")).toEqual({ known: 1, processed: 1 });
    expect(await locations()).toEqual(at("old"));
    expect(await outcomes("new", { update: true })).toEqual({ updated: 1, processed: 1 });
    expect(await locations()).toEqual(at("new"));
  });

  it.each([
    ["https://a.example/x", "https://b.example"],
    ["file://", "https://a.example"],
    ["https://a.example", "file://"],
    ["https://a.example", "s3://bucket"],
  ])("locations in the catalog follow another base: %s, then %s", async (before, after) => {
    await outcomes("old", { baseUrl: before });
    expect(await outcomes("old", { baseUrl: after })).toEqual({ moved: 1, processed: 1 });
    const url = (name: string) =>
      locationUrl(join(folder, "old", name), { baseUrl: after, stripLeading: "" });
    expect(await locations()).toEqual([url("x.xml"), url("x.fits")]);
  });

  it.each([
    ["x.fits", "x.fits.fz"],
    ["x.fits.fz", "x.fits"],
    [undefined, "x.fits.fz"],
  ])(
    "the location in the catalog follows a data file that was %s and is %s, though its label did not change",
    async (before, after) => {
      const file = (name: string) => join(folder, "old", name);
      rmSync(file("x.fits"));
      if (before !== undefined) writeFileSync(file(before), "");
      later();
      await outcomes("old");
      if (before !== undefined) rmSync(file(before));
      expect(await outcomes("old")).toEqual({ known: 1, processed: 1 });
      writeFileSync(file(after), "");
      expect(await outcomes("old")).toEqual({ moved: 1, processed: 1 });
      expect(await locations()).toEqual(at("old", after));
    },
  );

  it("--update rewrites locations though nothing changed, and corners from images stay", async () => {
    later();
    await outcomes("old");
    const catalog = await openWritableCatalog(settings());
    const corners = [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
    ] as const;
    const { record, detail } = await read();
    const rich = { record: { ...record, target: "wrong" }, detail: { ...detail, corners } };
    await catalog.write([rich], { update: true });
    await catalog.close();
    expect(await outcomes("old")).toEqual({ known: 1, processed: 1 });
    expect(await outcomes("old", { update: true })).toEqual({ updated: 1, processed: 1 });
    const after = await read();
    expect(after.record.target).toBe(record.target);
    expect(after.detail.corners).toEqual(corners);
  });

  async function read() {
    const catalog = await openCatalog(settings());
    try {
      return { record: (await catalog.findImage(LID))!, detail: (await catalog.findDetail(LID))! };
    } finally {
      await catalog.close();
    }
  }
});

it.each([
  ["file://", "", "file:///d/a%20b.xml", ["/d/a b.xml", "/d/a%20b.xml"]],
  ["file://", "", "file:///d/100%/x.xml", ["/d/100%/x.xml"]],
  ["file://", "", "file://localhost/d/x.xml", ["/d/x.xml"]],
  ["file://", "", "https://host/d/x.xml", []],
  ["https://host/p/", "/d", "https://host/p/a/x.xml", ["/d/a/x.xml", "/a/x.xml"]],
  ["https://host/p", "", "https://host/px/a.xml", []],
  ["s3://bucket", "", "s3://bucket/d/100%25.xml", ["/d/100%25.xml"]],
])(
  "with base %s and stripped prefix '%s', the location %s may be that of %j",
  (baseUrl, stripLeading, url, paths) => {
    expect(pathsOfUrl(url, { baseUrl, stripLeading })).toEqual(paths);
  },
);

it.each([
  ["s3://bucket", "/d/a b%#é.xml", "s3://bucket/d/a b%#é.xml"],
  ["s3://bucket/prefix/", "/d/x.xml", "s3://bucket/prefix/d/x.xml"],
  ["file:///mnt", "/d/a b.xml", "file:///mnt/d/a%20b.xml"],
])("below the base %s the label %s has the location %s (S3 keys are unencoded)", (baseUrl, path, url) => {
  expect(locationUrl(path, { baseUrl, stripLeading: "" })).toBe(url);
  expect(pathsOfUrl(url, { baseUrl, stripLeading: "" }), basename(path)).toContain(path);
});
