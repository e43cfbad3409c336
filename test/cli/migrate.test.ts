import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runSbnsis } from "../../src/cli/sbnsis-commands.ts";
import { runHere } from "../support/programs/run-here.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-migrate-"));
  writeFileSync(join(folder, ".env"), "DB_DATABASE=./old.db\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const sbnsis = (...args: readonly string[]) => runHere(runSbnsis, folder, args);

/** A table as SQLAlchemy creates it for the existing service, with rows. */
function makeOld(): void {
  const old = new DatabaseSync(join(folder, "old.db"));
  old.exec(`CREATE TABLE image (
    id INTEGER NOT NULL, obs_id VARCHAR NOT NULL, collection VARCHAR NOT NULL, facility VARCHAR NOT NULL,
    instrument VARCHAR NOT NULL, data_product_type VARCHAR NOT NULL, calibration_level INTEGER, target VARCHAR,
    pixel_scale FLOAT, image_url VARCHAR, label_url VARCHAR, PRIMARY KEY (id));
    CREATE UNIQUE INDEX ix_image_obs_id ON image (obs_id);
    INSERT INTO image (obs_id, collection, facility, instrument, data_product_type) VALUES ('a:b', 'a', 'F', 'I', 'image')`);
  old.close();
}

describe("sbnsis migrate", () => {
  it("migrate --plan lists the changes and leaves the file's bytes unchanged; migrate then makes them, once", async () => {
    makeOld();
    const before = readFileSync(join(folder, "old.db"));
    const planned = await sbnsis("migrate", "--plan");
    expect(planned).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^1: the table image[\s\S]*CREATE TABLE image_detail[\s\S]*8 steps would be done\n$/,
      ),
    });
    expect(readFileSync(join(folder, "old.db")).subarray(100)).toEqual(before.subarray(100));
    expect(await sbnsis("verify-tables")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/run sbnsis migrate/),
    });
    expect((await sbnsis("migrate")).stdout).toMatch(/8 steps were done\n$/);
    expect((await sbnsis("migrate")).stdout).toBe("the tables are complete\n");
    expect((await sbnsis("migrate", "--plan")).stdout).toBe("the tables are complete\n");
    expect(await sbnsis("verify-tables")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/no footprint[^\n]*\nthe service works with these tables\n$/),
    });
  });

  it("migrate does not create a missing database", async () => {
    expect((await sbnsis("migrate", "--plan")).status).toBe(1);
    expect(await sbnsis("migrate")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/create-tables/),
    });
    expect(existsSync(join(folder, "old.db"))).toBe(false);
  });

  it("migrate reports differences it cannot resolve, with status 1", async () => {
    const odd = new DatabaseSync(join(folder, "old.db"));
    odd.exec("CREATE TABLE image (id INTEGER PRIMARY KEY, obs_id VARCHAR)");
    odd.close();
    expect(await sbnsis("verify-tables")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/lacks the column collection/),
    });
  });
});
