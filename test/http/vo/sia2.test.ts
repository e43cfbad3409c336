import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SisError } from "../../../src/errors/sis-error.ts";
import { DIFFERENCE, EXPOSURE, type VoService, voService } from "../../support/catalog/vo-catalog.ts";
import { KNOWN_ID, testService } from "../../support/test-service.ts";

const BASE = "http://127.0.0.1:5000/vo";

let service: VoService;
beforeAll(async () => {
  service = await voService();
});
afterAll(async () => await service.close());

const get = (query: string) => service.app.inject({ url: `/vo/sia2?${query}` });

/** The cells of a column, by its name. */
function column(xml: string, name: string): readonly string[] {
  const names = [...xml.matchAll(/<FIELD name="([^"]+)"/g)].map(([, field]) => field);
  const at = names.indexOf(name);
  return [...xml.matchAll(/<TR>(.*?)<\/TR>/g)].map(
    ([, row = ""]) => row.match(/<TD>.*?<\/TD>|<TD\/>/g)?.[at]?.replace(/<\/?TD\/?>/g, "") ?? "?",
  );
}

describe("GET /vo/sia2", () => {
  it("/vo/sia2 returns images by start, in a VOTable without charset (contract S1, S7)", async () => {
    const { statusCode, headers, body } = await get("");
    expect([statusCode, headers["content-type"], headers["cache-control"]]).toEqual([
      200,
      "application/x-votable+xml",
      "no-cache",
    ]);
    expect(column(body, "obs_publisher_did")).toEqual([
      KNOWN_ID,
      EXPOSURE,
      DIFFERENCE,
      "urn:nasa:pds:made:data:nowhere",
    ]);
    expect(body).toContain(
      '<TIMESYS ID="utc" timescale="UTC" refposition="TOPOCENTER" timeorigin="MJD-origin"/>',
    );
    expect([...body.matchAll(/<RESOURCE (?!type=)/g)]).toEqual([]);
    expect(column(body, "access_url")[0]).toBe(`${BASE}/links?ID=${encodeURIComponent(KNOWN_ID)}`);
    expect(new Set(column(body, "access_format"))).toEqual(
      new Set(["application/x-votable+xml;content=datalink"]),
    );
    expect(column(body, "obs_title")[0]).toBe("Größe &lt;1&gt;");
    expect(column(body, "s_ra")[3]).toBe("NaN");
    expect(column(body, "obs_id")[1]).toBe(column(body, "obs_id")[2]);
  });

  it("/vo/sia2 describes the services for cutouts and for another query (contract S8)", async () => {
    const { body } = await get("MAXREC=0");
    for (const standard of ["DataLink#links-1.1", "SODA#sync-1.0", "SODA#async-1.0", "SIA#query-2.0"])
      expect(body).toContain(`value="ivo://ivoa.net/std/${standard}"`);
    expect(body).toContain('<PARAM name="ID" datatype="char" arraysize="*" ref="obs_publisher_did"');
    expect(body).toContain('<OPTION value="ATLAS"/>');
  });

  it("/vo/sia2 stops at MAXREC with OVERFLOW after the table (DALI 1.1, 4.4.1; contract S7)", async () => {
    const cut = (await get("MAXREC=2")).body;
    expect(column(cut, "obs_id")).toHaveLength(2);
    expect(cut).toMatch(/<\/TABLE>\n<INFO name="QUERY_STATUS" value="OVERFLOW"\/>/);
    const none = (await get("MAXREC=0")).body;
    expect([column(none, "obs_id"), none.includes("OVERFLOW")]).toEqual([[], true]);
    const all = (await get("MAXREC=4")).body;
    expect([column(all, "obs_id").length, all.includes("OVERFLOW")]).toEqual([4, false]);
  });

  it("/vo/sia2 has a row for each FORMAT, and none for unknown ones (contract S9)", async () => {
    const { body } = await get(
      "FORMAT=application/fits&FORMAT=image/jpeg&FORMAT=text/x&COLLECTION=ATLAS&MAXREC=3",
    );
    expect(column(body, "access_format")).toEqual(["image/fits", "image/jpeg", "image/fits"]);
    expect(column(body, "access_url")[1]).toBe(
      `http://127.0.0.1:5000/images/${encodeURIComponent(EXPOSURE)}?format=jpeg`,
    );
    expect(body).toContain("OVERFLOW");
    for (const unknown of ["text/x", "constructor", "__proto__"])
      expect(column((await get(`FORMAT=${unknown}`)).body, "obs_id")).toEqual([]);
    const spaced = await get("FORMAT=application/x-votable%2Bxml;%20content=datalink&MAXREC=1");
    expect(column(spaced.body, "access_format")).toEqual(["application/x-votable+xml;content=datalink"]);
  });

  it.each([
    ["application/x-www-form-urlencoded", "POS=CIRCLE+10+20+0.1&time=&foo=1"],
    [
      'multipart/form-data; boundary="XyZ"',
      '--XyZ\r\nContent-Disposition: form-data; name="POS"\r\n\r\nCIRCLE 10  20 0.1\r\n--XyZ--\r\n',
    ],
  ])("/vo/sia2 accepts a form as %s, with the query string (contract V1, V2, V3)", async (type, payload) => {
    const { statusCode, body } = await service.app.inject({
      method: "POST",
      url: "/vo/sia2?CALIB=2",
      headers: { "content-type": type },
      payload,
    });
    expect([statusCode, column(body, "obs_publisher_did")]).toEqual([200, [KNOWN_ID]]);
  });

  it.each([
    ["POS=BOX+1+2+3+4", "POS=BOX 1 2 3 4"],
    ["POS=POLYGON+0+0+1+1+1+0+0+1", "POS"],
    ["TIME=2001-01-01", "TIME=2001-01-01"],
    ["MAXREC=-1", "MAXREC=-1"],
    ["RESPONSEFORMAT=application/pdf", "RESPONSEFORMAT=application/pdf"],
    ["RESPONSEFORMAT=constructor", "RESPONSEFORMAT=constructor"],
  ])("/vo/sia2 refuses %s in a VOTable that names it (contract S10)", async (query, named) => {
    const { statusCode, headers, body } = await get(query);
    expect([statusCode, headers["content-type"]]).toEqual([400, "application/x-votable+xml"]);
    expect(body).toContain(`<INFO name="QUERY_STATUS" value="ERROR">UsageFault: ${named} `);
  });

  it("/vo/sia2 writes CSV and TSV, with errors as text (contract V6; SIA 2.0, 3.2)", async () => {
    const csv = await get("RESPONSEFORMAT=csv&MAXREC=1");
    const [head, row] = csv.body.split("\r\n");
    expect([csv.headers["content-type"], head?.split(",").length]).toEqual([
      "text/csv; charset=utf-8; header=present",
      row?.split(",").length,
    ]);
    expect((await get("RESPONSEFORMAT=tsv&MAXREC=1")).body.split("\n")[1]?.split("\t")[4]).toBe(KNOWN_ID);
    const refused = await get("RESPONSEFORMAT=csv&MAXREC=x");
    expect([refused.statusCode, refused.headers["content-type"]]).toEqual([400, "text/plain; charset=utf-8"]);
    expect(refused.body).toMatch(/^UsageError: MAXREC=x /);
  });

  it("/vo/sia2 is compressed for clients that accept it, and HEAD has no body (contract V14, V1)", async () => {
    const zipped = await service.app.inject({ url: "/vo/sia2", headers: { "accept-encoding": "gzip" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(zipped.rawPayload).toString()).toBe((await get("")).body);
    const head = await service.app.inject({ method: "HEAD", url: "/vo/sia2" });
    expect([head.statusCode, head.body, head.headers["content-type"]]).toEqual([
      200,
      "",
      "application/x-votable+xml",
    ]);
  });

  it("/vo/sia2 logs RUNID (DALI 1.1, 3.4.6; contract V8)", async () => {
    await get("RUNID=my+run&MAXREC=0");
    expect(service.lines.at(-1)).toMatch(/"run_id": ?"my run"/);
  });

  it("/vo/sia2 reports an error after the first rows at the end of the document (DALI 1.1, 4.4.2)", async () => {
    const broken = await testService({
      catalog: {
        ...service.catalog,
        observationNames: async () => ({ collections: [], facilities: [], instruments: [], calibLevels: [] }),
        observations: async function* () {
          for await (const batch of service.catalog.observations(
            {
              ...{ pos: [], band: [], time: [], pol: [], fov: [], spatres: [], specrp: [], exptime: [] },
              ...{ timeres: [], id: [], collection: [], facility: [], instrument: [], dptype: [], calib: [] },
              target: [],
            },
            { limit: 2 },
          ))
            yield batch;
          throw new SisError("CATALOG_UNAVAILABLE", "connection reset by 10.0.0.1");
        },
      },
    });
    const { statusCode, body } = await broken.app.inject({ url: "/vo/sia2" });
    await broken.close();
    expect([statusCode, column(body, "obs_id").length]).toEqual([200, 2]);
    expect(body).toMatch(/<\/TABLE>\n<INFO name="QUERY_STATUS" value="ERROR">TransientFault: The database/);
    expect(body).not.toContain("10.0.0.1");
  });
});
