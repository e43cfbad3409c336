import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSbnsisAdd } from "../../src/cli/add/add-labels.ts";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";
import { runHere } from "../support/programs/run-here.ts";

describe("a database of the existing service", { timeout: 120_000 }, () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await workplace();
    place.set("LIVE_GUNICORN_INSTANCES", "1");
    const old = new DatabaseSync(join(place.directory, "default.db"));
    old.exec(`CREATE TABLE image (id INTEGER NOT NULL, obs_id VARCHAR NOT NULL, collection VARCHAR NOT NULL, facility VARCHAR NOT NULL,
      instrument VARCHAR NOT NULL, data_product_type VARCHAR NOT NULL, calibration_level INTEGER, target VARCHAR, pixel_scale FLOAT,
      image_url VARCHAR, label_url VARCHAR, PRIMARY KEY (id));
      CREATE UNIQUE INDEX ix_image_obs_id ON image (obs_id);
      INSERT INTO image (obs_id, collection, facility, instrument, data_product_type) VALUES ('a:b', 'a', 'F', 'I', 'image')`);
    old.close();
  });
  afterAll(() => place.dispose());

  const log = () => readFileSync(join(place.directory, "logging", "sbnsis.log"), "utf8");
  const summary = async () => await (await fetch(`${place.base}/summary`)).json();

  it("an existing service's database is served at once, with a warning that names sbnsis migrate, and without one after it", async () => {
    expect((await place.run("sbnsis", "start")).status).toBe(0);
    expect(await summary()).toEqual([{ collection: "a", facility: "F", instrument: "I", count: 1 }]);
    expect(log()).toMatch(/^WARNING .*run sbnsis migrate, then sbnsis restart/m);
    expect((await place.run("sbnsis", "migrate")).status).toBe(0);
    const before = log().length;
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    expect(await summary()).toHaveLength(1);
    expect(log().slice(before)).not.toMatch(/migrate/);
  });

  it("a database with a newer schema than the program's is refused, with the reason", async () => {
    await place.run("sbnsis", "stop");
    const newer = new DatabaseSync(join(place.directory, "default.db"));
    newer.exec("INSERT INTO sis_schema VALUES (99)");
    newer.close();
    for (const ended of [
      await place.run("sbnsis", "start"),
      await runHere(runSbnsis, place.directory, ["migrate"]),
      await runHere(runSbnsisAdd, place.directory, ["."]),
      await runHere(runSbnsisAdd, place.directory, ["--no-create", "."]),
    ]) {
      expect(ended.status).not.toBe(0);
      expect(ended.stderr).toMatch(
        /schema 99; this version of the service supports schemas up to \d+: install a newer version/,
      );
    }
  });
});
