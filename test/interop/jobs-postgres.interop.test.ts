import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJobs } from "../../src/jobs/open-jobs.ts";
import { jobsContract } from "../support/jobs/contract.ts";
import { claimOf, doneItem, testJob } from "../support/jobs/job-database.ts";
import { preparedJobsContract } from "../support/jobs/prepared-contract.ts";
import { jobProcessContract } from "../support/jobs/process-contract.ts";
import { PostgresServer, postgresPrograms } from "../support/postgres-server.ts";

const programs = postgresPrograms();

describe.skipIf(programs === undefined)("jobs on a PostgreSQL server", () => {
  let server: PostgresServer;
  let made = 0;
  beforeAll(async () => {
    server = await PostgresServer.create(programs!);
  });
  afterAll(() => server.destroy());

  const postgresJobs = async () => {
    made += 1;
    const name = `jobs${made}`;
    await server.execute("postgres", `CREATE DATABASE ${name}`);
    const { username: user, password } = server.settings(name);
    const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${name}`;
    const drop = async () => {
      await server.execute("postgres", `DROP DATABASE ${name} WITH (FORCE)`);
    };
    return { url, drop };
  };
  jobsContract("PostgreSQL", postgresJobs);
  preparedJobsContract("PostgreSQL", postgresJobs);
  jobProcessContract("PostgreSQL", postgresJobs);

  it("a server that is killed and restarted loses no result, and the queue goes on by itself", async () => {
    const { url, drop } = await postgresJobs();
    const queue = openJobs({ database: url });
    await queue.submit(testJob("a", 4));
    const claim = (await claimOf(queue))!;
    expect(await queue.store(claim, [doneItem(0), doneItem(1)], 3_600_000)).toBe(true);
    await server.kill();
    await expect(queue.get("a")).rejects.toMatchObject({ code: "JOBS_UNAVAILABLE" });
    await server.start();
    await expect
      .poll(() => queue.get("a").catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ done: 2 });
    expect(await queue.store(claim, [doneItem(2), doneItem(3)], 1000)).toBe(true);
    expect(await queue.get("a")).toMatchObject({ phase: "COMPLETED", done: 4 });
    await queue.close();
    await drop();
  });
});
