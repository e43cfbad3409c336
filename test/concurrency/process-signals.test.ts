import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isAlive } from "../../src/concurrency/process-identity.ts";
import { killAndWait, sendSignal } from "../../src/concurrency/process-signals.ts";

async function endedProcess(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid!;
}

describe("signals to processes that may have ended", () => {
  it("reports that a process has gone instead of failing", async () => {
    expect(sendSignal(await endedProcess(), "SIGTERM")).toBe(false);
    expect(sendSignal(process.pid, "SIGCONT")).toBe(true);
  });

  it("kills the others when one of several has ended by itself", async () => {
    const gone = await endedProcess();
    const child = spawn("sleep", ["60"]);
    await killAndWait([gone, child.pid!]);
    expect(isAlive(child.pid!)).toBe(false);
  });
});
