import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { type HarvestEvent, harvest } from "../../src/harvest/harvest.ts";
import { locationUrl, pathsOfUrl } from "../../src/harvest/location-url.ts";
import { sqliteSettings } from "../support/catalog/test-database.ts";
import { sharedFolder } from "../support/oracles.ts";

const real = sharedFolder("data", "pds4");

it.skipIf(real === undefined)(
  "a harvest of real labels reports each file once and is repeatable (directory listing; needs ../shared)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "sis-real-"));
    const settings = sqliteSettings(join(folder, "made.db"));
    const catalog = await openWritableCatalog(settings);
    await catalog.createTables();
    const run = async () => {
      const events: HarvestEvent[] = [];
      const options = { paths: [real!], recursive: true, extensions: [".xml", ".lblx"], baseUrl: "file://" };
      await harvest(catalog, { ...options, stripLeading: "", jobs: 1, update: false }, (event) =>
        events.push(event),
      );
      return events;
    };
    const [first, second] = [await run(), await run()];
    await catalog.close();
    const listed = readdirSync(real!, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(xml|lblx)$/i.test(name) && !/(^|\/)\./.test(name))
      .map((name) => join(real!, name));
    expect(first.map(({ path }) => path).sort()).toEqual(listed.sort());
    // four labels of a library's own tests name no product
    const failed = first.filter(({ outcome }) => outcome === "failed");
    expect([...new Set(failed.map(({ reason }) => reason))]).toEqual([
      "the logical_identifier urn:nasa:pds:none does not identify a product",
    ]);
    expect(second.map(({ path }) => path).sort()).toEqual(listed.sort());
    expect(second.filter(({ outcome }) => outcome === "added" || outcome === "moved")).toEqual([]);
    const served = await openCatalog(settings);
    const lid = first.find(({ path }) => path.endsWith("rollover_fwhm_units_VALID.xml"))?.lid;
    expect((await served.findDetail(lid!))?.limitingMagnitude).toBe(21.8);
    await served.close();
    rmSync(folder, { recursive: true });
  },
);

it("the URL of every path leads back to it, whatever the base and the stripped prefix (the path)", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[/\0]|^\.{1,2}$/.test(text));
  const bases = [
    "file://",
    "file:///mnt",
    "http://host",
    "https://host:8080/a/",
    "s3://bucket",
    "s3://bucket/p/",
  ];
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...bases),
      fc.constantFrom("", "/archive", "/archive/"),
      (names, baseUrl, stripLeading) => {
        const path = `/archive/${names.join("/")}`;
        const rule = { baseUrl, stripLeading };
        expect(pathsOfUrl(locationUrl(path, rule), rule)).toContain(path);
      },
    ),
  );
});
