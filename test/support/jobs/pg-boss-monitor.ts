import pg from "pg";
import { createBoss } from "../../../src/jobs/engines/pg-boss-library.ts";

/** Whether pg-boss is installed: npm leaves it out on the oldest Node. */
export async function isPgBossInstalled(): Promise<boolean> {
  const name: string = "pg-boss";
  return await import(name).then(
    () => true,
    () => false,
  );
}

/**
 * Lets pg-boss find all its workers without a heartbeat for an hour, as its monitor does every 5 s;
 * what is delivered now may then be delivered again.
 */
export async function loseHeartbeats(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query(
    "update sbnsis_queue.job set heartbeat_on = heartbeat_on - interval '1 hour' where state = 'active'",
  );
  await pool.query("update sbnsis_queue.queue set monitor_on = null, monitor_claim_on = null");
  const boss = await createBoss({
    db: { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) },
    schema: "sbnsis_queue",
    schedule: false,
    supervise: false,
    registerInstance: false,
  });
  await boss.start();
  await boss.supervise("chunk");
  await boss.stop({ graceful: false, close: false });
  await pool.end();
}
