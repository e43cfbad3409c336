import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJobs } from "../../src/jobs/open-jobs.ts";
import { jobsContract } from "../support/jobs/contract.ts";
import { claimOf, testJob } from "../support/jobs/job-database.ts";
import { preparedJobsContract } from "../support/jobs/prepared-contract.ts";
import { sqliteJobs } from "../support/jobs/sqlite-jobs.ts";

jobsContract("SQLite", sqliteJobs);
preparedJobsContract("SQLite", sqliteJobs);

describe("the SQLite file of jobs", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sis-jobs-"));
    path = join(folder, "jobs.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("the SQLite file of jobs is created by the first job, not by looking for one", async () => {
    const queue = openJobs({ database: path });
    expect([await queue.get("a"), await queue.list({ limit: 1 }), await claimOf(queue)]).toEqual([
      undefined,
      [],
      undefined,
    ]);
    expect(await queue.abort("a")).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    await queue.submit(testJob("a", 1));
    expect(existsSync(path)).toBe(true);
    await queue.close();
  });

  it("the SQLite file of jobs is opened again after it was removed or replaced, and a file that is not a database is named", async () => {
    const queue = openJobs({ database: path });
    await queue.submit(testJob("a", 1));
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    expect(await queue.get("a")).toBeUndefined();
    expect((await queue.submit(testJob("b", 1))).isNew).toBe(true);
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    writeFileSync(path, "this is no database, whatever its name says".repeat(100));
    await expect(queue.get("b")).rejects.toMatchObject({ code: "JOBS_UNAVAILABLE" });
    await expect(queue.get("b")).rejects.toThrow(/file is not a database/);
    rmSync(path);
    expect((await queue.submit(testJob("b", 1))).isNew).toBe(true);
    await queue.close();
  });

  it("a SQLite file of jobs of a newer version is refused by its number", async () => {
    const queue = openJobs({ database: path });
    await queue.submit(testJob("a", 1));
    await queue.close();
    const newer = new DatabaseSync(path);
    newer.exec("INSERT INTO sbnsis_jobs_schema (version) VALUES (99)");
    newer.close();
    const again = openJobs({ database: path });
    await expect(again.get("a")).rejects.toThrow(/version 99, newer than 2/);
    await again.close();
  });

  it("of a newer version that names this one as able to use it is used, with columns that this one does not know", async () => {
    const queue = openJobs({ database: path });
    await queue.submit(testJob("a", 1));
    await queue.close();
    const newer = new DatabaseSync(path);
    newer.exec(`ALTER TABLE job ADD COLUMN color VARCHAR NOT NULL DEFAULT 'red';
      ALTER TABLE sbnsis_jobs_schema ADD COLUMN oldest INTEGER;
      INSERT INTO sbnsis_jobs_schema (version, oldest) VALUES (3, 2)`);
    const again = openJobs({ database: path });
    expect((await again.get("a"))?.phase).toBe("QUEUED");
    expect((await again.submit(testJob("b", 1))).isNew).toBe(true);
    await again.close();
    newer.exec("INSERT INTO sbnsis_jobs_schema (version, oldest) VALUES (4, 3)");
    newer.close();
    const refused = openJobs({ database: path });
    await expect(refused.get("a")).rejects.toThrow(/version 4, newer than 2/);
    await refused.close();
  });

  it("a SQLite file of jobs locked by another process is waited for", async () => {
    const queue = openJobs({ database: path });
    await queue.submit(testJob("a", 1));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const submitted = queue.submit(testJob("b", 1));
    setTimeout(() => other.exec("COMMIT"), 100);
    expect((await submitted).isNew).toBe(true);
    other.close();
    await queue.close();
  });
});
