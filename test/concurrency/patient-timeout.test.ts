import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withDeadline } from "../../src/concurrency/deadline.ts";

/** Responds after the milliseconds in its path; in a separate process, which is not blocked. */
const PROGRAM = `require("node:http").createServer((request, answer) => {
  setTimeout(() => answer.end("x"), Number(request.url.slice(1)));
}).listen(0, "127.0.0.1", function () { process.stdout.write(String(this.address().port)); })`;

describe("a deadline, when the event loop is blocked or the machine suspended beyond it", () => {
  let server: ChildProcess;
  let port = 0;
  beforeAll(async () => {
    server = spawn(process.execPath, ["-e", PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(server.stdout!, "data")) as [Buffer];
    port = Number(text.toString());
  });
  afterAll(() => void server.kill());

  const ask = (deadlineMs: number, answerMs: number) =>
    withDeadline(
      deadlineMs,
      undefined,
      ({ signal }) =>
        new Promise<number | undefined>((resolve, reject) => {
          get({ host: "127.0.0.1", port, path: `/${answerMs}`, agent: false, signal }, (response) => {
            response.resume().once("end", () => resolve(response.statusCode));
          }).once("error", () => reject(signal.reason));
        }),
    );

  test("a response that arrived while the event loop was blocked beyond the deadline is read", async () => {
    const status = ask(300, 50);
    // the request is sent before the block begins
    await new Promise((resolve) => setTimeout(resolve, 20));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    expect(await status).toBe(200);
  });

  test("a response that did not arrive while the event loop was blocked beyond the deadline is SOURCE_TIMEOUT", async () => {
    const status = ask(300, 60_000).catch((error) => error.code);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    expect(await status).toBe("SOURCE_TIMEOUT");
  });
});
