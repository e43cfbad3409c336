import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addTestData } from "../../src/test-data/add-test-data.ts";
import { type Workplace, workplace } from "../support/programs/built-program.ts";

/** Writes a response to a request for `bytes[start, end)`, and may end the connection. */
type Respond = (socket: Socket, bytes: Buffer, start: number, end: number) => void;

const head = (...lines: readonly string[]) =>
  Buffer.from(["HTTP/1.1 ", ...lines, "\r\n"].join("\r\n").replace("\r\n", ""));
/** The head of the response for `bytes[start, end)`; 200 for the whole file, as without Range. */
const headOf = (bytes: Buffer, start: number, end: number) =>
  head(
    ...(start === 0 && end === bytes.length
      ? (["200 OK"] as const)
      : (["206 Partial Content", `Content-Range: bytes ${start}-${end - 1}/${bytes.length}`] as const)),
    `Content-Length: ${end - start}`,
    'ETag: "1"',
    "Connection: close",
  );
const text =
  (response: string): Respond =>
  (socket) =>
    void socket.end(response);

/** The correct response, with FIN immediately after the body: one write, no keep-alive. */
const right: Respond = (socket, bytes, start, end) =>
  void socket.end(Buffer.concat([headOf(bytes, start, end), bytes.subarray(start, end)]));

const FAULTS: readonly Respond[] = [
  (socket) => void socket.destroy(),
  (socket) => void socket.resetAndDestroy(),
  // nothing is sent
  () => undefined,
  (socket, bytes, start, end) => void socket.write(headOf(bytes, start, end)),
  (socket, bytes, start, end) =>
    void socket.end(Buffer.concat([headOf(bytes, start, end), bytes.subarray(start, (start + end) >> 1)])),
  (socket, bytes, start, end) =>
    void socket.end(
      Buffer.concat([
        headOf(bytes, start, end),
        bytes.subarray(start, end),
        Buffer.alloc(5000, "HTTP/1.1 200 OK\r\n"),
      ]),
    ),
  text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"),
  text("HTTP/1.1 100 Continue\r\n\r\n"),
  text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
  text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
  text(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`),
  text("HTTP/1.1 200 OK\r\nContent-Le"),
  text("SSH-2.0-OpenSSH_9.2\r\n"),
  text("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>We are back soon</html>"),
  text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc"),
  text("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
  text("HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"),
  text("HTTP/1.1 403 Forbidden\r\n\r\n"),
  text("HTTP/1.1 500 Internal Server Error\r\n\r\n"),
  text("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-4/3\r\n\r\nabc"),
];

describe("a supervised service under load, of archives that end each connection", () => {
  let place: Workplace;
  let server: Server;
  let lids: readonly { readonly lid: string; readonly ra: number; readonly dec: number }[];
  /** How many requests out of a hundred receive a fault. */
  let faulty = 0;
  let requests = 0;
  let turn = 0;

  const log = () => readFileSync(join(place.directory, "logging", "sbnsis.log"), "utf8");

  beforeAll(async () => {
    place = await workplace();
    const data = join(place.directory, "data");
    lids = await addTestData({ directory: data, survey: "sky", frames: 4, fullSize: false, seed: 3 });
    for (const [i, name] of labels(data).entries()) {
      // labels of 64 to 200 kB
      const label = readFileSync(name, "utf8").trimEnd();
      const size = 64_000 + 45_000 * (i % 4);
      writeFileSync(name, `${label}\n<!--${" ".repeat(Math.max(0, size - label.length))}-->\n`);
    }
    server = createServer((socket) => {
      let asked = "";
      socket.on("error", () => undefined);
      socket.setTimeout(20_000, () => socket.destroy());
      socket.on("data", (chunk) => {
        asked += chunk.toString("latin1");
        if (!asked.includes("\r\n\r\n")) return;
        const path = join(data, decodeURIComponent(/^GET (\S+)/.exec(asked)?.[1] ?? ""));
        const [, first = "0", last = ""] = /range: bytes=(\d+)-(\d*)/i.exec(asked) ?? [];
        asked = "";
        const bytes = readFileSync(path);
        const end = Math.min(bytes.length, last === "" ? bytes.length : Number(last) + 1);
        const isFaulty = (requests++ * 37) % 100 < faulty;
        const respond = isFaulty ? FAULTS[turn++ % FAULTS.length]! : right;
        respond(socket, bytes, Number(first), end);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    place.set("SBNSIS_REMOTE_RETRIES", "1");
    place.set("SBNSIS_REMOTE_IDLE_TIMEOUT_MS", "1000");
    place.set("SBNSIS_REMOTE_DEADLINE_MS", "10000");
    place.set("SBNSIS_REMOTE_REVALIDATE_MS", "0");
    const added = await place.run("sbnsis-add", "-r", "--base-url", base, "--strip-leading", data, data);
    expect(added.stderr).toContain("4 added");
    expect(added.status).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(async () => {
    await place.dispose();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Requests all kinds of products of all images, several at a time; counts statuses. */
  async function load(rounds: number): Promise<Record<number, number>> {
    const urls = Array.from({ length: rounds }, (_, i) =>
      lids.flatMap(({ lid, ra, dec }) => [
        `/images/${lid}?format=label`,
        `/images/${lid}`,
        `/images/${lid}?ra=${ra}&dec=${dec}&size=${(20 + i * 0.37 + faulty * 0.01).toFixed(2)}arcsec`,
      ]),
    ).flat();
    const statuses: Record<number, number> = {};
    const rest = urls.values();
    const ask = async () => {
      for (const url of rest) {
        const answer = await fetch(place.base + url);
        await answer.arrayBuffer();
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    return statuses;
  }

  test("an archive that closes every connection causes no error and no death of a worker", async () => {
    const before = await place.workers();
    expect(await load(2)).toEqual({ 200: 24 });
    expect(await place.workers()).toEqual(before);
  });

  test("no fault of an archive kills a worker, and everything is served once the faults are over", async () => {
    const before = await place.workers();
    faulty = 60;
    const statuses = Object.keys(await load(8)).map(Number);
    expect(turn).toBeGreaterThan(FAULTS.length);
    for (const status of statuses) expect([200, 403, 502, 503, 504]).toContain(status);
    faulty = 0;
    // the archive may be avoided for a while after silence
    await expect
      .poll(async () => Object.keys(await load(1)), { timeout: 60_000, interval: 1000 })
      .toEqual(["200"]);
    expect(await place.workers()).toEqual(before);
    expect(log()).not.toContain('"worker ended"');
  }, 120_000);
});

function labels(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith(".xml") && statSync(path).isFile())
    .sort();
}
