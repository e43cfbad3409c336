import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DIFFERENCE, EXPOSURE, type VoService, voService } from "../../support/catalog/vo-catalog.ts";
import { KNOWN_ID, testService } from "../../support/test-service.ts";

const IMAGES = "http://127.0.0.1:5000/images";

let service: VoService;
beforeAll(async () => {
  service = await voService();
});
afterAll(async () => await service.close());

const post = (ids: readonly string[]) =>
  service.app.inject({
    method: "POST",
    url: "/vo/links",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams(ids.map((id): [string, string] => ["ID", id])).toString(),
  });

/** Rows as objects without empty cells. */
function rows(xml: string): readonly Readonly<Record<string, string>>[] {
  const names = [...xml.matchAll(/<FIELD name="([^"]+)"/g)].map(([, name]) => name!);
  return [...xml.matchAll(/<TR>(.*?)<\/TR>/g)].map(([, row = ""]) => {
    const cells = row.match(/<TD>.*?<\/TD>|<TD\/>/g) ?? [];
    const values = cells.map((cell, i) => [names[i]!, cell.replace(/<\/?TD\/?>/g, "")] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== ""));
  });
}

describe("/vo/links", () => {
  it("/vo/links has no rows and no error without an ID (DataLink 1.1, 2.1.1)", async () => {
    const { statusCode, headers, body } = await service.app.inject({ url: "/vo/links" });
    expect([statusCode, headers["content-type"], rows(body)]).toEqual([
      200,
      "application/x-votable+xml;content=datalink",
      [],
    ]);
    expect([...body.matchAll(/utype="adhoc:this"/g)]).toHaveLength(1);
  });

  it("/vo/links lists the file, a picture, the label and cutouts of an image (contract L3, L4)", async () => {
    const [file, picture, label, sync, async] = rows((await post([KNOWN_ID])).body);
    const url = `${IMAGES}/${encodeURIComponent(KNOWN_ID)}`;
    expect(file).toMatchObject({
      ...{ ID: KNOWN_ID, access_url: url, semantics: "#this", content_type: "image/fits" },
      ...{ content_length: "2784", local_semantics: "fits", link_authorized: "true" },
    });
    expect(picture).toMatchObject({
      access_url: `${url}?format=jpeg&amp;width=256`,
      semantics: "#preview-image",
      content_type: "image/jpeg",
    });
    expect(label).toMatchObject({ access_url: `${url}?format=label`, semantics: "#detached-header" });
    expect([sync?.service_def, sync?.semantics]).toEqual(["soda-sync-1", "#cutout"]);
    expect([async?.service_def, async?.semantics]).toEqual(["soda-async-1", "#cutout"]);
  });

  it("/vo/links describes cutouts of one image with its identifier and bounds (SODA 1.0, 4.2; contract L6)", async () => {
    const { body } = await post([KNOWN_ID]);
    const [, descriptor = ""] =
      /<RESOURCE type="meta" ID="soda-sync-1"[^>]*>(.*?)<\/RESOURCE>/s.exec(body) ?? [];
    expect(descriptor).toContain(
      `<PARAM name="ID" datatype="char" arraysize="*" ucd="meta.ref.url;meta.curation" value="${KNOWN_ID}">`,
    );
    expect(descriptor).toMatch(
      /name="CIRCLE".*?<MAX value="(?:10|9\.9999\d+) (?:20|19\.9999\d+|20\.0000\d+) 0\.7/,
    );
    expect(descriptor).toMatch(/name="TIME".*?<MAX value="57000 57000.01"/);
    expect(descriptor).not.toMatch(/name="BAND".*?<VALUES>.*?name="TIME"/s);
  });

  it("/vo/links links an ATLAS exposure to its difference image and back (contract L4)", async () => {
    const last = (xml: string) => rows(xml).at(-1);
    expect(last((await post([EXPOSURE])).body)).toMatchObject({
      semantics: "#derivation",
      access_url: `${IMAGES}/${encodeURIComponent(DIFFERENCE)}`,
    });
    expect(last((await post([DIFFERENCE])).body)).toMatchObject({ semantics: "#progenitor" });
    // the image of the test service ends with .fits too, and has no difference image
    expect(last((await post([KNOWN_ID])).body)?.semantics).toBe("#cutout");
  });

  it("/vo/links repeats identifiers as given, with versions and in any case (contract L3, C1)", async () => {
    const ids = [KNOWN_ID.toUpperCase(), `${KNOWN_ID}::1.0`, `${KNOWN_ID}::9.9`, "nope", KNOWN_ID, KNOWN_ID];
    const found = rows((await post(ids)).body);
    expect([...new Set(found.map(({ ID }) => ID))]).toEqual([...new Set(ids)]);
    const failed = found.filter(({ error_message }) => error_message !== undefined);
    expect(failed.map(({ ID, error_message }) => [ID, error_message?.split(":")[0]])).toEqual([
      [`${KNOWN_ID}::9.9`, "NotFoundFault"],
      ["nope", "NotFoundFault"],
    ]);
  });

  it("/vo/links refuses a long hostile identifier without blocking the process (oracle: DataLink 1.1, 3.4)", async () => {
    // U+2028 ends what "." matches: a search for ".fits::" and anything after it began at each
    const { statusCode, body } = await post([`${".fits::".repeat(100_000)}\u2028`]);
    expect([statusCode, rows(body)[0]?.error_message?.split(":")[0]]).toEqual([200, "NotFoundFault"]);
  });

  it("/vo/links responds to 1000 identifiers, and truncates longer lists between images (contract L8, V4)", async () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? KNOWN_ID : `none ${i}`));
    const all = (await post(many(1000))).body;
    expect([rows(all).length, all.includes("OVERFLOW")]).toEqual([500 * 5 + 500, false]);
    const cut = (await post(many(1001))).body;
    expect([rows(cut).length, cut.includes("OVERFLOW")]).toEqual([500 * 5 + 500, true]);
  });

  it("/vo/links uses and understands identifiers of a registered authority (contract 3, obs_publisher_did)", async () => {
    const registered = await testService({
      catalog: service.catalog,
      env: { SBNSIS_IVOA_AUTHORITY: "sbn.example", SBNSIS_IVOA_CONTACT: "An Operator <op@example.org>" },
    });
    const did = `ivo://sbn.example/sbnsis?${KNOWN_ID}`;
    const { body } = await registered.app.inject({
      url: `/vo/links?ID=${encodeURIComponent(did.toUpperCase())}`,
    });
    const sia = await registered.app.inject({ url: `/vo/sia2?ID=${encodeURIComponent(did)}` });
    const other = await registered.app.inject({
      url: `/vo/links?ID=${encodeURIComponent(`ivo://else/sbnsis?${KNOWN_ID}`)}`,
    });
    const record = await registered.app.inject({ url: "/vo/registry.xml" });
    await registered.close();
    expect(rows(body)).toHaveLength(5);
    expect(sia.body).toContain(`<TD>${did}</TD>`);
    expect(rows(other.body)[0]?.error_message).toMatch(/^NotFoundFault: /);
    expect([record.statusCode, record.body.includes("<email>op@example.org</email>")]).toEqual([200, true]);
    expect((await service.app.inject({ url: "/vo/registry.xml" })).statusCode).toBe(404);
  });
});
