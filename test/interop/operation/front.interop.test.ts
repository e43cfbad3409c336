import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../support/cluster/service-under-test.ts";
import { hasProgram } from "../../support/oracles.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";
import { startWebServer, type WebServer } from "../../support/servers/web-server.ts";

interface Row {
  readonly obs_id: string;
  readonly access_url: string;
}

const programs = { nginx: "nginx", apache: "apache2" } as const;

for (const kind of ["nginx", "apache"] as const) {
  describe.skipIf(!hasProgram(programs[kind]))(
    `a service behind ${kind} with TLS and a prefix, configured by deploy/${kind}.conf`,
    () => {
      let place: Workplace;
      let front: WebServer;
      let row: Row;
      const pathOf = (url: string) => url.slice(front.url.length);

      beforeAll(async () => {
        place = await workplace();
        const port = await freePort();
        place.set("BASE_HREF", "/api");
        place.set("PUBLIC_URL", `https://localhost:${port}/api`);
        place.set("TRUSTED_PROXIES", "127.0.0.1");
        place.set("SBNSIS_ACCESS_LOG", "./access.log");
        await place.run("sbnsis", "test-data", "--add", "--survey", "atlas", "--frames", "1");
        await place.run("sbnsis-add", "-r", "test-data");
        expect(await place.run("sbnsis", "start")).toMatchObject({ status: 0 });
        front = await startWebServer(kind, join(place.directory, "front"), { port, servicePort: place.port });
        const { results } = JSON.parse((await front.ask("/api/query?maxrec=1")).body.toString("utf8"));
        row = results[0];
      });
      afterAll(async () => {
        await front?.stop();
        await place?.dispose();
      });

      test(`access_url leads through ${kind} to the archived file, byte for byte, raw and percent-encoded`, async () => {
        expect(row.access_url.startsWith(`${front.url}/api/images/`)).toBe(true);
        const encoded = await front.ask(pathOf(row.access_url));
        const raw = await front.ask(`/api/images/${row.obs_id}`);
        const direct = Buffer.from(
          await (await fetch(`${place.base}/api/images/${row.obs_id}`)).arrayBuffer(),
        );
        expect([encoded.status, raw.status]).toEqual([200, 200]);
        expect(encoded.body.equals(direct)).toBe(true);
        expect(raw.body.equals(direct)).toBe(true);
      });

      test(`HEAD, 304, ranges and 416 are the same through ${kind} as without it`, async () => {
        const path = `/api/images/${row.obs_id}`;
        const whole = await front.ask(path);
        const head = await front.ask(path, { method: "HEAD" });
        expect(head).toMatchObject({ status: 200, headers: { "content-length": String(whole.body.length) } });
        expect(head.headers.etag).toBe(whole.headers.etag);
        const same = await front.ask(path, { headers: { "if-none-match": String(whole.headers.etag) } });
        expect([same.status, same.body.length]).toEqual([304, 0]);
        const part = await front.ask(path, { headers: { range: "bytes=2880-5759" } });
        expect(part).toMatchObject({
          status: 206,
          headers: { "content-range": `bytes 2880-5759/${whole.body.length}` },
        });
        expect(part.body.equals(whole.body.subarray(2880, 5760))).toBe(true);
        expect((await front.ask(path, { headers: { range: "bytes=9999999999-" } })).status).toBe(416);
      });

      test(`ui redirects below the prefix of ${kind}; the page finds its files and the document, whose server is its own address`, async () => {
        const redirect = await front.ask("/api/ui");
        expect(redirect.status).toBe(308);
        const page = new URL(String(redirect.headers.location), `${front.url}/api/ui`);
        expect(page.href).toBe(`${front.url}/api/ui/`);
        const html = (await front.ask(page.pathname)).body.toString("utf8");
        const links = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => new URL(match[1]!, page));
        expect(links.length).toBeGreaterThan(3);
        for (const link of links.filter(({ protocol }) => protocol === "https:")) {
          expect([link.href, (await front.ask(link.pathname)).status]).toEqual([link.href, 200]);
        }
        const document = JSON.parse((await front.ask("/api/openapi.json")).body.toString("utf8"));
        const server = new URL(document.servers[0].url, `${front.url}/api/openapi.json`);
        expect(server.href).toBe(`${front.url}/api/`);
        expect(Object.keys(document.paths)).toContain("/images/{id}");
        expect((await front.ask(new URL("query?maxrec=0", server).pathname)).status).toBe(200);
      });

      test(`errors through ${kind} are those of the service, /metrics is not public, and the log has the client's address`, async () => {
        const unknown = await front.ask("/api/images/urn%3Anobody");
        expect(unknown.status).toBe(404);
        expect(JSON.parse(unknown.body.toString("utf8"))).toMatchObject({ code: "IMAGE_NOT_FOUND" });
        expect((await front.ask("/api/metrics")).status).toBe(403);
        await front.ask("/api/health?marked", { headers: { "x-forwarded-for": "192.0.2.55" } });
        await new Promise((resolve) => setTimeout(resolve, 200));
        const lines = readFileSync(join(place.directory, "access.log"), "utf8").split("\n");
        const line = lines.find((one) => one.includes("?marked"));
        // the client itself has a trusted address, like a second web server, so the address that it
        // forwards is believed
        expect(line).toMatch(/^192\.0\.2\.55 /);
      });
    },
  );
}
