import { describe, expect, test } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import { ArchiveTurns } from "../../../src/products/cache/archive-turns.ts";

const turns = (named: readonly string[] = []) =>
  new ArchiveTurns({ perHost: 2, waitingPerHost: 3, namesHost: async (host) => named.includes(host) });
const timeout = () => Promise.reject(new SisError("SOURCE_TIMEOUT", "silence"));

describe("ArchiveTurns", () => {
  test("tasks for one host run two at a time, three wait, further ones are refused, and other hosts are not delayed", async () => {
    const archives = turns();
    const ends: (() => void)[] = [];
    const stalled = () => new Promise<void>((resolve) => ends.push(resolve));
    const begun = Array.from({ length: 5 }, () => archives.run("http://a/1", stalled, undefined));
    await expect(archives.run("http://a/2", stalled, undefined)).rejects.toMatchObject({
      code: "OVERLOADED",
    });
    expect(await archives.run("http://b/1", async () => "served", undefined)).toBe("served");
    expect(await archives.run("http://a:81/1", async () => "another port", undefined)).toBe("another port");
    expect(ends).toHaveLength(2);
    for (let i = 0; i < 5; i++) {
      await expect.poll(() => ends.length).toBeGreaterThan(i);
      ends[i]!();
    }
    await Promise.all(begun);
  });

  test("tasks for a host that timed out twice in a row fail at once, including waiting ones; a success in between resets the count", async () => {
    const archives = turns();
    const begun = () => archives.run("http://a/1", timeout, undefined);
    await expect(begun()).rejects.toMatchObject({ message: "silence" });
    await archives.run("http://a/2", async () => undefined, undefined);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, begun));
    const reasons = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason);
    expect(reasons.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => "SOURCE_TIMEOUT"));
    expect(reasons.filter(({ message }) => message === "silence")).toHaveLength(2);
    expect(archives.resting).toBe(1);
    expect(await archives.run("http://b/1", async () => "served", undefined)).toBe("served");
  });

  test("tasks redirected to a host that the catalog names are run again, and fail without revealing a host that it does not name", async () => {
    const archives = turns(["store:80"]);
    const redirected = (host: string) => async (hosts: readonly string[]) => {
      if (hosts.includes(host)) return hosts;
      throw new SisError("SOURCE_NOT_ALLOWED", "redirected", { details: { redirectHost: host } });
    };
    expect(await archives.run("http://a/1", redirected("store:80"), undefined)).toEqual(["store:80"]);
    await expect(archives.run("http://a/1", redirected("evil:80"), undefined)).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      details: {},
    });
  });
});
