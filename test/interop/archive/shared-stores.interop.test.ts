import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { S3Bucket } from "../../../src/archive/store/s3-bucket.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";
import { builtProgram } from "../../support/servers/oracle-server.ts";
import { type S3Server, startS3Server } from "../../support/servers/s3-server.ts";

const program = builtProgram("versitygw");
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const inChunks = async function* (bytes: Uint8Array, size = 100_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

describe.skipIf(program === undefined)("versitygw, an S3 server that machines share", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server(program!);
  });
  afterAll(() => server.destroy());

  describe("as objects", () => {
    let bucket: S3Bucket;
    beforeEach(() => {
      bucket = new S3Bucket(server.options);
    });

    test.each([0, 1, 2 ** 24, 2 ** 25 + 12_345])(
      "an object of %i bytes written as a stream is read back, also through a signed address, with its metadata (SHA-256)",
      async (size) => {
        const bytes = randomBytes(size);
        await bucket.putStream("a/b.bin", inChunks(bytes), { tag: "x1" });
        const object = await bucket.get("a/b.bin");
        const chunks: Uint8Array[] = [];
        for await (const chunk of object!.body) chunks.push(chunk);
        expect([object!.size, object!.metadata, digest(Buffer.concat(chunks))]).toEqual([
          size,
          { tag: "x1" },
          digest(bytes),
        ]);
        expect(await bucket.head("a/b.bin")).toEqual({ tag: "x1" });
        const address = await bucket.signed("a/b.bin", {
          ...{ seconds: 60, mediaType: "application/zip" },
          disposition: `attachment; filename="b c.zip"`,
        });
        const answer = await fetch(address);
        expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
        expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="b c.zip"`);
        expect(digest(new Uint8Array(await answer.arrayBuffer()))).toBe(digest(bytes));
        expect((await fetch(address.replace(/Signature=./, "Signature=z"))).status).toBe(403);
        await bucket.remove("a/b.bin");
        expect([await bucket.get("a/b.bin"), await bucket.head("a/b.bin")]).toEqual([undefined, undefined]);
        bucket.close();
      },
    );

    test("a failed stream to an S3 store leaves no object and no parts (ListMultipartUploads)", async () => {
      const failing = async function* () {
        yield* inChunks(randomBytes(2 ** 24 + 1));
        throw new Error("the source ended");
      };
      await expect(bucket.putStream("half.bin", failing(), {})).rejects.toThrow("the source ended");
      expect(await bucket.head("half.bin")).toBeUndefined();
      const left = readdirSync(server.folder, { recursive: true }).filter((name) =>
        `${name}`.includes("half"),
      );
      expect(left).toEqual([]);
      bucket.close();
    });

    test("a wrong key of an S3 store is an error that names the store and its code (S3 error responses)", async () => {
      const wrong = new S3Bucket({ ...server.options, secretAccessKey: "no" });
      await expect(wrong.get("a")).rejects.toMatchObject({
        code: "SOURCE_UPSTREAM",
        message: expect.stringContaining("403 SignatureDoesNotMatch"),
      });
      wrong.close();
    });
  });

  describe("of two services with caches of their own", () => {
    let places: readonly [Workplace, Workplace];
    const metric = async ({ base }: Workplace, name: string) => {
      const text = await (await fetch(`${base}/metrics`)).text();
      return Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${name} `))
          ?.split(" ")[1] ?? 0,
      );
    };
    const outcome = (place: Workplace, name: string) =>
      metric(place, `sbnsis_product_store_total{outcome="${name}"}`);
    const bytesOf = async (place: Workplace, path: string) => {
      const answer = await fetch(`${place.base}${path}`);
      return {
        status: answer.status,
        etag: answer.headers.get("etag"),
        digest: digest(new Uint8Array(await answer.arrayBuffer())),
      };
    };
    const image = (index: number) =>
      `/images/${encodeURIComponent(`urn:nasa:pds:survey:test-collection:test-${String(index).padStart(6, "0")}`)}`;

    beforeAll(async () => {
      places = [await workplace(), await workplace()];
      for (const place of places) {
        const variables = {
          ...server.env,
          LIVE_GUNICORN_INSTANCES: "1",
          DB_DATABASE: join(places[0].directory, "default.db"),
          SBNSIS_JOBS_DATABASE: join(places[0].directory, "jobs.db"),
          SBNSIS_PRODUCT_STORE: "s3://store/products",
          SBNSIS_PRODUCT_STORE_MIN_MS: "0",
          SBNSIS_RESULT_STORE: "s3://store/results",
        };
        for (const [name, value] of Object.entries(variables)) place.set(name, value);
      }
      expect((await places[0].run("sbnsis", "create-tables")).status).toBe(0);
      const added = await places[0].run("sbnsis", "test-data", "--add", "--survey", "sky", "--frames", "3");
      expect(added).toMatchObject({ status: 0 });
      for (const place of places) expect((await place.run("sbnsis", "start")).status).toBe(0);
    });
    afterAll(() => Promise.all((places ?? []).map((place) => place.dispose())));

    test("a product made by one service is served by the other from the shared store, with the same bytes and ETag; other bytes in the store are not used (SHA-256)", async () => {
      const [one, two] = places;
      const path = `${image(0)}?format=jpeg`;
      const made = await bytesOf(one, path);
      expect(made.status).toBe(200);
      await expect.poll(() => outcome(one, "stored")).toBe(1);
      expect(await bytesOf(two, path)).toEqual(made);
      expect(await outcome(two, "found")).toBe(1);
      expect(await metric(two, 'sbnsis_products_total{format="jpeg",origin="made"}')).toBe(0);

      const second = `${image(1)}?format=jpeg`;
      const right = await bytesOf(one, second);
      await expect.poll(() => outcome(one, "stored")).toBe(2);
      const products = join(server.folder, "products");
      for (const name of readdirSync(products)) writeFileSync(join(products, name), randomBytes(1000));
      expect(await bytesOf(two, second)).toEqual(right);
      expect(await metric(two, 'sbnsis_products_total{format="jpeg",origin="made"}')).toBe(1);
    });

    test("files of a finished batch are downloaded from the shared store by a signed address with the same bytes (303), until it is deleted", async () => {
      const [one] = places;
      const found = await fetch(`${one.base}/query?order=time&maxrec=3`);
      const { results } = (await found.json()) as {
        readonly results: readonly { obs_id: string; center_ra: number; center_dec: number }[];
      };
      const rows = results.map(({ obs_id, center_ra: ra, center_dec: dec }) => ({ obs_id, ra, dec }));
      const posted = await fetch(`${one.base}/batch?size=1arcmin`, {
        method: "POST",
        headers: { "content-type": "application/json", prefer: "wait=20" },
        body: JSON.stringify({ rows }),
      });
      const { id } = (await posted.json()) as { readonly id: string };
      for (const name of ["files.zip", "frames.fits"]) {
        const url = `${one.base}/batch/${id}/${name}`;
        const ask = () => fetch(url, { redirect: "manual" });
        const first = await ask();
        expect(first.status).toBe(200);
        const bytes = new Uint8Array(await first.arrayBuffer());
        let moved = await ask();
        await expect
          .poll(async () => {
            moved = await ask();
            return moved.status;
          })
          .toBe(303);
        const address = String(moved.headers.get("location"));
        expect(moved.headers.get("cache-control")).toBe("no-store");
        const stored = await fetch(address);
        expect(stored.headers.get("content-disposition")).toBe(first.headers.get("content-disposition"));
        expect(digest(new Uint8Array(await stored.arrayBuffer()))).toBe(digest(bytes));
        // a client with a part of the file continues here
        const part = await fetch(url, { headers: { range: "bytes=10-" }, redirect: "manual" });
        expect(part.status).toBe(name === "files.zip" ? 206 : 200);
        await part.body?.cancel();
      }
      const kept = join(server.folder, "results", id);
      expect(readdirSync(kept).sort()).toEqual(["files.zip", "frames.fits"]);
      expect((await fetch(`${one.base}/batch/${id}`, { method: "DELETE" })).status).toBe(204);
      expect(existsSync(join(kept, "files.zip"))).toBe(false);
    });

    test("while the shared store is down, everything is made and sent as without one, and /ready is 200", async () => {
      const [one, two] = places;
      await server.stop();
      const answers = await Promise.all(
        [0, 1, 2].map((i) => bytesOf(two, `${image(i)}?format=png&width=${200 + i}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await bytesOf(one, `${image(0)}?format=png&width=200`)).toEqual(answers[0]);
      expect(await outcome(two, "failed")).toBeGreaterThan(0);
      expect((await fetch(`${two.base}/ready`)).status).toBe(200);
      await server.start();
    });
  });
});
