import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPython, hasProgram, oraclePython, repositoryRoot, sharedFolder } from "../../support/oracles.ts";
import { type Workplace, workplace } from "../../support/programs/built-program.ts";

const hasStilts = hasProgram("stilts");
const python = oraclePython();
const run = promisify(execFile);

/** Finds a frame by place, reads its links, and cuts it out, as the tutorials of pyvo do. */
const PYVO = `
import io, json, sys, warnings
warnings.simplefilter("ignore")
import astropy.units as u
import pyvo
from astropy.io import fits
from pyvo.utils import vocabularies
vocabularies.get_vocabulary = lambda name, *a, **k: {"terms": {}}
service = pyvo.dal.SIA2Service(sys.argv[1] + "/sia2")
found = service.search(pos=(351.45 * u.deg, 0.05 * u.deg, 0.01 * u.deg))
row = found[0]
links = row.getdatalink()
cut = fits.open(io.BytesIO(row.processed(circle=(351.45 * u.deg, 0.05 * u.deg, 20 * u.arcsec)).read()))
off = row.processed(circle=(10 * u.deg, 50 * u.deg, 20 * u.arcsec)).read()
try:
    list(pyvo.dal.DALService(sys.argv[1] + "/sia2").search(POS="CIRCLE 1 2"))
except Exception as error:
    refusal = str(error)
print(json.dumps({
    "ids": [str(r.obs_publisher_did) for r in found],
    "semantics": [str(link.semantics) for link in links],
    "all_links": len(list(service.search(maxrec=50).iter_datalinks())),
    "shape": cut[0].data.shape,
    "region": cut[0].header["SIS-POS"],
    "off": len(off),
    "refusal": refusal,
}))
`;

/** A job of three cutouts, one of them off the image, by the UWS client of pyvo. */
const PYVO_JOB = `
import json, sys
import pyvo, requests
base, image = sys.argv[1:]
answer = requests.post(base + "/async", data=[("ID", image), ("CIRCLE", "351.45 0.05 0.005"), ("CIRCLE", "351.45 0.05 0.01"), ("CIRCLE", "10 50 0.01")])
job = pyvo.dal.AsyncTAPJob(answer.url)
before = job.phase
job.execution_duration = 100
job.run()
job.wait(timeout=60)
results = [(r.id_, r.mimetype, len(requests.get(r.href).content) == int(r.size)) for r in job.results]
after = job.phase
job.delete()
print(json.dumps({"before": before, "after": after, "results": results, "gone": requests.get(answer.url).status_code}))
`;

/** The coverages, compared with those that mocpy makes from the footprints in SIA results. */
const COVERAGE = `
import csv, io, json, sys, urllib.request, warnings
warnings.simplefilter("ignore")
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io.votable import parse
from mocpy import MOC
base, folder = sys.argv[1:]
get = lambda url: urllib.request.urlopen(url).read()
rows = parse(io.BytesIO(get(base + "/sia2?MAXREC=1000"))).get_first_table().array
found = []
for row in csv.DictReader(io.StringIO(get(base + "/moc").decode())):
    with open(folder + "/coverage.fits", "wb") as file:
        file.write(get(row["href"]))
    moc = MOC.from_fits(folder + "/coverage.fits")
    outlines = [np.asarray(region, float) for region, name in zip(rows["s_region"], rows["obs_collection"]) if name == row["name"] and len(region) >= 6]
    mocs = MOC.from_polygons([SkyCoord(o[::2], o[1::2], unit="deg") for o in outlines], max_depth=int(row["order"]))
    union = mocs[0].union(*mocs[1:]) if len(mocs) > 1 else mocs[0]
    ascii, text = (get(row["href"] + "?format=" + form).decode() for form in ("ascii", "json"))
    found.append({
        "name": row["name"], "missing": union.difference(moc).sky_fraction,
        "surplus": moc.difference(union).sky_fraction / union.sky_fraction,
        "forms": MOC.from_string(ascii) == moc and MOC.from_string(text, format="json") == moc,
    })
print(json.dumps(found))
`;

interface Coverage {
  readonly name: string;
  /** Shares of the sky, and of the coverage by mocpy. */
  readonly missing: number;
  readonly surplus: number;
  /** Whether ASCII and JSON are equivalent to FITS. */
  readonly forms: boolean;
}

describe.skipIf(!hasStilts || python === undefined)(
  "clients of the Virtual Observatory",
  { timeout: 300_000 },
  () => {
    let place: Workplace;
    let base: string;
    beforeAll(async () => {
      place = await workplace();
      base = `${place.base}/vo`;
      place.set("PUBLIC_URL", place.base);
      expect((await place.run("sbnsis", "test-data", "--add", "--frames", "12")).status).toBe(0);
      expect((await place.run("sbnsis", "start")).status).toBe(0);
    });
    afterAll(() => place?.dispose());

    const file = (name: string, text: string) => {
      const path = join(place.directory, name);
      writeFileSync(path, text);
      return path;
    };
    const stilts = async (...args: readonly string[]) => {
      const { stdout, stderr } = await run("stilts", [...args], { maxBuffer: 2 ** 26 });
      return `${stdout}${stderr}`
        .split("\n")
        .filter((line) => line !== "" && !/Picked up|This is the STILTS|^I-|^Totals/.test(line))
        .join("\n");
    };

    it("the example script makes a stack from a search of the Virtual Observatory (pyvo, reproject)", async () => {
      const script = join(repositoryRoot, "examples", "vo_search_to_stack.py");
      const args = [script, place.base, "351.45", "0.05", "0.01"];
      const { stdout } = await run(python!, args, { cwd: place.directory });
      const [, images, cutouts, shape] =
        /^(\d+) images of .*\n(\d+) cutouts\nstack\.fits: \((\d+), \d+\)/.exec(stdout) ?? [];
      expect(Number(images)).toBeGreaterThan(0);
      expect(Number(cutouts)).toBe(Number(images));
      expect(Number(shape)).toBeGreaterThan(3);
    });

    it("pyvo finds an image by place, reads its links and cuts it out", () => {
      const answer = askPython(PYVO, base) as {
        readonly ids: readonly string[];
        readonly semantics: readonly string[];
        readonly all_links: number;
        readonly shape: readonly number[];
        readonly region: string;
        readonly off: number;
        readonly refusal: string;
      };
      expect(answer.ids).toContain("urn:nasa:pds:survey:test-collection:test-000000");
      expect(answer.semantics).toEqual(["#this", "#preview-image", "#detached-header", "#cutout", "#cutout"]);
      expect(answer.all_links).toBe(50);
      expect(Math.min(...answer.shape)).toBeGreaterThan(1);
      expect(answer.region).toMatch(/^CIRCLE 351\.45/);
      expect(answer.off).toBe(0);
      expect(answer.refusal).toContain("UsageFault: POS=CIRCLE 1 2 is not allowed");
    });

    it("pyvo runs a job with a result of every cutout, and deletes it", () => {
      const image = "urn:nasa:pds:survey:test-collection:test-000000";
      expect(askPython(PYVO_JOB, base, image)).toEqual({
        before: "PENDING",
        after: "COMPLETED",
        results: [
          ["cutout-0001", "image/fits", true],
          ["cutout-0002", "image/fits", true],
          ["cutout-0003", "text/plain", true],
        ],
        gone: 404,
      });
    });

    it("STILTS finds no fault in the documents: votlint, datalinklint and the schemas of the IVOA", async () => {
      for (const path of ["sia2?MAXREC=20", "sia2?MAXREC=0", "sia2?POS=x", "links"]) {
        // an address with an error status cannot be opened by STILTS itself
        const text = await (await fetch(`${base}/${path}`)).text();
        const table = file(`${path.replace(/\W/g, "-")}.xml`, text);
        expect([path, await stilts("votlint", "ucd=true", "unit=true", `votable=${table}`)]).toEqual([
          path,
          "",
        ]);
      }
      const rows = await (await fetch(`${base}/sia2?MAXREC=3`)).text();
      const ids = [...rows.matchAll(/<TD>(urn:[^<]+)<\/TD><TD>http/g)].map(
        ([, id]) => `ID=${encodeURIComponent(id!)}`,
      );
      const links = file(
        "links.xml",
        await (await fetch(`${base}/links?${[...ids, "ID=nope"].join("&")}`)).text(),
      );
      const said = (await stilts("datalinklint", `votable=${links}`))
        .replace(/^.*detached-header.*$/gm, "")
        .trim();
      expect(said).toBe("");
      for (const [path, element] of [
        ["capabilities", "{http://www.ivoa.net/xml/VOSICapabilities/v1.0}capabilities"],
        ["availability", "{http://www.ivoa.net/xml/VOSIAvailability/v1.0}availability"],
        ["async", "{http://www.ivoa.net/xml/UWS/v1.0}jobs"],
      ])
        expect(
          await stilts(
            "xsdvalidate",
            "uselocals=true",
            "verbose=true",
            `topel=${element}`,
            `doc=${base}/${path}`,
          ),
        ).toContain("Validation OK");
      const lint = await stilts("taplint", "interface=cap", "stages=CPV AVV", `tapurl=${base}`);
      expect(lint).not.toMatch(/^[EWF]-/m);
    });

    it("STILTS finds images around a place as TOPCAT does", async () => {
      const cone = [
        "cone",
        "servicetype=sia2",
        `serviceurl=${base}/sia2`,
        "lon=351.45",
        "lat=0.05",
        "radius=0.1",
      ];
      expect(await stilts(...cone, "omode=count")).toMatch(/rows: [1-9]/);
      expect(await stilts(...cone, "dataformat=image/fits", "omode=count")).toMatch(/rows: [1-9]/);
    });

    it("the coverage of each survey is that of the footprints that SIA returns (mocpy)", () => {
      const found = askPython(COVERAGE, base, place.directory) as readonly Coverage[];
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["ATLAS", "Catalina", "NEAT"]));
      for (const { name, missing, surplus, forms } of found)
        expect([name, missing, surplus < 0.02, forms]).toEqual([name, 0, true, true]);
    });

    it("the contract's own checks hold, if they are available", async () => {
      const folder = sharedFolder("check", "vo");
      if (folder === undefined) return console.log("the checks of the contract are not available");
      const short = ["--seed", "5", "--cutouts", "16"];
      const checked = run(python!, [`${folder}/check_vo.py`, base, ...short]);
      expect((await checked).stdout).toMatch(/\n\d{4,} passed, 0 failed/);
      // ends with an error if one does not hold
      expect((await run(python!, [`${folder}/check_moc.py`, base])).stdout).toContain("'complete': True");
    });

    it("stilts, DaCHS' schemas, vo-models and pyvo accept the service as the contract requires, if its check is available", async () => {
      const folder = sharedFolder("check", "vo");
      if (folder === undefined) return console.log("the checks of the contract are not available");
      const env = { ...process.env, VENV: dirname(dirname(python!)) };
      const { stdout } = await run(`${folder}/check_clients.sh`, [base], { env });
      const lines = stdout.trim().split("\n");
      expect(lines.length).toBeGreaterThan(15);
      expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    });
  },
);
