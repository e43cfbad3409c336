import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { CLIENT_TYPES, clientTypes } from "../../../scripts/client-types.ts";
import { createClient, imageAddress } from "../src/index.ts";

it("the client's types are those of docs/openapi.json (oracle: openapi-typescript; npx tsx scripts/write-docs.ts)", async () => {
  expect(readFileSync(CLIENT_TYPES, "utf8")).toBe(await clientTypes());
});

it("requests have the path, the parameters and the problem document of the service (oracle: what a server received)", async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(request.url ?? "");
    const found = request.url?.includes("/query") === true;
    response.writeHead(found ? 200 : 404, {
      "content-type": found ? "application/json" : "application/problem+json",
    });
    response.end(found ? '{"total":0,"offset":0,"count":0,"results":[]}' : '{"code":"IMAGE_NOT_FOUND"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const client = createClient(base);
  const found = await client.GET("/query", { params: { query: { pos: "1.5,-2", maxrec: 3 } } });
  const missing = await client.GET("/images/{id}/tiles", { params: { path: { id: "urn:a:b c" } } });
  await new Promise((resolve) => server.close(resolve));
  expect(found.data?.total).toBe(0);
  expect(missing.error).toMatchObject({ code: "IMAGE_NOT_FOUND" });
  expect(received).toEqual(["/api/query?pos=1.5%2C-2&maxrec=3", "/api/images/urn%3Aa%3Ab%20c/tiles"]);
});

it("the address of an image has its identifier and repeated parameters encoded (oracle: WHATWG URL)", () => {
  const url = new URL(
    imageAddress("https://host/api", "urn:a:b/c", { format: "png", mark: ["1,2", "3,4,5"] }),
  );
  expect(url.pathname).toBe("/api/images/urn%3Aa%3Ab%2Fc");
  expect([...url.searchParams]).toEqual([
    ["format", "png"],
    ["mark", "1,2"],
    ["mark", "3,4,5"],
  ]);
});
