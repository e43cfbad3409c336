import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The path of a new SQLite file for jobs, and how to remove it. */
export async function sqliteJobs() {
  const folder = mkdtempSync(join(tmpdir(), "sis-jobs-"));
  return { url: join(folder, "jobs.db"), drop: async () => rmSync(folder, { recursive: true }) };
}
