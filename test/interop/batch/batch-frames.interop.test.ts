import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BatchService, batchService } from "../../support/batch-service.ts";
import { type SkyArchive, skyLid } from "../../support/inputs/sky-archive.ts";
import { askPython, oraclePython } from "../../support/oracles.ts";

/** Compares each extension with the cutout from GET /images, and prints the table's columns. */
const READ = `
import sys, json, numpy as np
from astropy.io import fits
with fits.open(sys.argv[1]) as h:
    t = h[-1]
    out = {"names": [x.name for x in h], "n": [int(v) for v in t.data["n"]], "status": [str(v) for v in t.data["status"]],
           "code": [str(v) for v in t.data["code"]], "unit": t.columns["ra"].unit, "ra": float(t.data["ra"][0]), "nan": bool(np.isnan(t.data["rate"]).all())}
    out["equal"] = [bool(np.array_equal(h["ROW %d" % n].data, fits.getdata(sys.argv[2] % n), equal_nan=True)) for n in (1, 2, 3)]
    out["wcs"] = [h["ROW %d" % n].header["CRVAL1"] == fits.getheader(sys.argv[2] % n)["CRVAL1"] for n in (1, 2, 3)]
print(json.dumps(out))
`;

describe.skipIf(oraclePython() === undefined)(
  "frames.fits of a batch, as astropy and fitsverify read it",
  () => {
    let service: BatchService;
    let archive: SkyArchive;
    let app: FastifyInstance;
    beforeAll(async () => {
      service = await batchService(4);
      ({ archive, app } = service);
      service.runner.start();
    });
    afterAll(async () => {
      await service.close();
    });

    it("frames.fits of a batch has an extension per row with the pixels and the WCS of its cutout, and a table of all rows", async () => {
      const rows = [0, 1, 2, 3].map((i) => `${skyLid(i)},${(i - 9) * 0.95 + 360},${i === 3 ? 50 : 0.1}`);
      const response = await app.inject({
        method: "POST",
        url: "/batch?size=40px",
        payload: `obs_id,ra,dec\n${rows.join("\n")}\n`,
        headers: { "content-type": "text/csv", prefer: "wait=20" },
      });
      const { id } = response.json() as { readonly id: string };
      const path = join(archive.folder, "frames.fits");
      writeFileSync(path, (await app.inject(`/batch/${id}/frames.fits`)).rawPayload);
      const manifest = (await app.inject(`/batch/${id}/manifest.json`)).json() as {
        rows: { n: number; fits_url: string | null; ra: number }[];
      };
      for (const { n, fits_url } of manifest.rows) {
        if (fits_url === null) continue;
        const cutout = await app.inject(fits_url.replace(/^https?:\/\/[^/]+/, ""));
        writeFileSync(join(archive.folder, `${n}.fits`), cutout.rawPayload);
      }
      expect(askPython(READ, path, join(archive.folder, "%d.fits"))).toEqual({
        names: ["PRIMARY", "ROW 1", "ROW 2", "ROW 3", "MANIFEST"],
        n: [1, 2, 3, 4],
        status: ["done", "done", "done", "failed"],
        code: ["", "", "", "OFF_IMAGE"],
        unit: "deg",
        ra: manifest.rows[0]!.ra,
        nan: true,
        equal: [true, true, true],
        wcs: [true, true, true],
      });
      expect(execFileSync("fitsverify", ["-q", "-e", path], { encoding: "utf8" })).toMatch(/verification OK/);
      expect((await app.inject(`/batch/${id}/sheet.jpg`)).headers["content-type"]).toBe("image/jpeg");
    });
  },
);
