import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openCatalog, openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { madeImage } from "../../support/catalog/made-catalog.ts";
import { useTestDatabases } from "../../support/catalog/test-database.ts";
import { anyPlace, seeded, squareFrame } from "../../support/inputs/sky-frames.ts";
import { PostgresServer, postgresPrograms } from "../../support/servers/postgres-server.ts";

const programs = postgresPrograms();
/** 2015-01-01. */
const Y2015 = 57_023;

/** Frames all over the sky in 2015, 2016 and 2017, and some without a start. */
function madeFrames(count: number) {
  const random = seeded(17);
  return Array.from({ length: count }, (_, i) => {
    const startMjd = i % 10 === 0 ? null : Y2015 + random() * 3 * 365;
    const stopMjd = startMjd === null ? null : startMjd + 0.001;
    const corners = squareFrame(anyPlace(random), 3, random() * 90);
    const made = madeImage(`n${i}`);
    return { ...made, detail: { ...made.detail, startMjd, stopMjd, corners } };
  });
}

if (programs === undefined) it.skip("PostgreSQL is not installed: run .ci/install-tools");
else {
  // every plan that the server executes is in its log
  const server = await PostgresServer.open(programs, mkdtempSync(join(tmpdir(), "sis-postgres-")), [
    ...["-F", "-c", "logging_collector=on", "-c", "session_preload_libraries=auto_explain"],
    ...["-c", "auto_explain.log_min_duration=0", "-c", "auto_explain.log_analyze=on"],
  ]);
  afterAll(async () => await server.destroy());
  const logged = () => {
    const folder = join(server.folder, "data", "log");
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  };
  /** An empty catalog whose footprints are divided by year. */
  const divided = async () => {
    const database = await server.database();
    const catalog = await openWritableCatalog(database.settings);
    await catalog.createTables();
    expect(await catalog.divideFootprints(1)).toBe(false);
    await database.execute("INSERT INTO image_footprint VALUES (0, '(1,1),(0,0)', '(1,0),(0,0)', '[]')");
    expect(await catalog.divideFootprints(1)).toBe(true);
    await database.execute("DELETE FROM image_footprint");
    await catalog.close();
    return database;
  };

  // the same tests of searches on divided footprints
  useTestDatabases(divided);
  describe("searches of the sky on footprints divided by year", async () => {
    await import("../../http/search/search-sky.test.ts");
  });
  describe("observations on footprints divided by year", async () => {
    await import("../../catalog/observations.test.ts");
  });
  describe("observations of places on footprints divided by year", async () => {
    await import("../../catalog/observations-of-place.test.ts");
  });
  describe("the coverage of surveys on footprints divided by year", async () => {
    await import("../../catalog/survey-coverage.test.ts");
  });

  describe("footprints that are divided by year", () => {
    it("a search by place and time reads the years of its time alone (plans by auto_explain); searches find the same before and after", async () => {
      const database = await server.database();
      const writer = await openWritableCatalog(database.settings);
      await writer.createTables();
      await writer.write(madeFrames(600));
      await writer.finishWriting();
      const page = { maxrec: 1000, offset: 0, order: "id" } as const;
      const random = seeded(5);
      const places = Array.from({ length: 8 }, () => {
        const [ra, dec] = anyPlace(random);
        return { ra, dec, radius: 20 };
      });
      const time = { start: Y2015 + 380, stop: Y2015 + 420 };
      const found = async () => {
        const catalog = await openCatalog(database.settings);
        const pages = [];
        for (const place of places) {
          pages.push(await catalog.searchImages({ ...page, place, time }));
          pages.push(await catalog.searchImages({ ...page, place }));
        }
        await catalog.close();
        return pages.map(({ total, images }) => [total, images.map(({ record }) => record.obsId)]);
      };
      const before = await found();
      expect(before.some(([total]) => Number(total) > 3)).toBe(true);

      expect(await writer.divideFootprints(601)).toBe(false);
      expect(await writer.divideFootprints(600)).toBe(true);
      expect(await writer.divideFootprints(1)).toBe(false);
      expect(await writer.verifyTables()).toEqual({ problems: [], remarks: [] });
      const at = logged().length;
      expect(await found()).toEqual(before);
      const plans = logged()
        .slice(at)
        .split("Query Text:")
        .filter((plan) => plan.includes("image_footprint.start_mjd <="));
      expect(plans).toHaveLength(places.length);
      for (const plan of plans) {
        const scanned = [...plan.matchAll(/Scan (?:using \S+ )?on (image_footprint_\w+)/g)].map(
          ([, name]) => name,
        );
        expect(new Set(scanned)).toEqual(new Set(["image_footprint_2016"]));
      }

      // rewritten, new and deleted images have one footprint, in the partition of their start
      const later = madeFrames(700).map(({ record, detail, ...rest }) => ({
        ...rest,
        record,
        detail: { ...detail, startMjd: Y2015 + 800, stopMjd: Y2015 + 800.1 },
      }));
      const outcomes = await writer.write(later, { update: true });
      expect(new Set(outcomes)).toEqual(new Set(["updated", "added"]));
      await database.execute("DELETE FROM image WHERE id <= 100");
      expect(await writer.verifyTables()).toEqual({ problems: [], remarks: [] });
      const [row] = await database.execute("SELECT count(*) AS n FROM image_footprint");
      expect(Number(row?.n)).toBe(600);
      await writer.close();
      await database.drop();
    });

    it("years of images without a partition get one when footprints are divided again; owner and privileges stay", async () => {
      const database = await divided();
      await database.execute("CREATE ROLE years_reader; GRANT SELECT ON image_footprint TO years_reader");
      const writer = await openWritableCatalog(database.settings);
      const [made] = madeFrames(2).slice(1);
      await writer.write([{ ...made!, detail: { ...made!.detail, startMjd: 88_069.5, stopMjd: 88_069.6 } }]);
      expect(await writer.divideFootprints(1_000_000)).toBe(true);
      await writer.close();
      const [row] = await database.execute(
        `SELECT (SELECT count(*) FROM image_footprint_2100) AS n, has_table_privilege('years_reader', 'image_footprint', 'SELECT') AS reads`,
      );
      expect(row).toEqual({ n: "1", reads: true });
      await database.execute("DROP OWNED BY years_reader; DROP ROLE years_reader");
      await database.drop();
    });
  });
}
