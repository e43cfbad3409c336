import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const module = new URL("../../dist/products/compute-pool.js", import.meta.url).href;

/** Starts pools and closes them while their threads still load their program. */
const program = `
import { setTimeout as sleep } from "node:timers/promises";
import { ComputePool } from ${JSON.stringify(module)};
for (let i = 0; i < 40; i++) {
  const pool = new ComputePool({ access: {}, threads: 2, idleThreads: 2, maximumQueue: 1 });
  await sleep(20 + 2 * i);
  await pool.close();
}
process.stdout.write("closed");
`;

test("a pool that is closed while its threads load does not abort the process (Node 20 does, when they load by require)", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  expect(stdout).toBe("closed");
});
