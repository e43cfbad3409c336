import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openWritableCatalog } from "../../../src/catalog/open-catalog.ts";
import { sqliteSettings } from "../../support/catalog/test-database.ts";
import { voCatalog } from "../../support/catalog/vo-catalog.ts";
import { testService } from "../../support/test-service.ts";

/** Debian's own Python, which has the schemas of the IVOA that DaCHS (python3-gavo) brings. */
const PYTHON = "/usr/bin/python3";
const VALIDATE = `
import sys, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from gavo.helpers import testtricks
print(testtricks.getXSDErrorsLXML(open(sys.argv[1], "rb").read(), True) or "valid")
`;
const folder = mkdtempSync(join(tmpdir(), "sis-registry-"));
afterAll(() => rmSync(folder, { recursive: true }));

function hasSchemas(): boolean {
  try {
    execFileSync(PYTHON, ["-W", "ignore", "-c", "import gavo.helpers.testtricks"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function validate(text: string): string {
  const path = join(folder, "document.xml");
  writeFileSync(path, text);
  return execFileSync(PYTHON, ["-W", "ignore", "-c", VALIDATE, path], {
    // the schemas' tool writes invalid documents into its folder
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

it.runIf(hasSchemas())(
  "the record for a registry is valid, with coverage in space and time, and a broken one is not (schemas of the IVOA in DaCHS)",
  async () => {
    const made = await voCatalog();
    const writing = await openWritableCatalog(sqliteSettings(made.path));
    await writing.updateCoverage();
    await writing.close();
    const service = await testService({
      catalog: made.catalog,
      env: { SBNSIS_IVOA_AUTHORITY: "sbn.example", SBNSIS_IVOA_CONTACT: "A & B <op@example.org>" },
    });
    const { body, statusCode } = await service.app.inject({ url: "/vo/registry.xml" });
    const capabilities = (await service.app.inject({ url: "/vo/capabilities" })).body;
    await service.close();
    await made.close();
    expect(statusCode).toBe(200);
    expect(body).toContain("<temporal>57000 58000.");
    expect(body).toMatch(/<spatial>6\/\d/);
    expect([validate(body), validate(capabilities)]).toEqual(["valid", "valid"]);
    expect(validate(body.replace("<temporal>57000 ", "<temporal>"))).not.toBe("valid");
    expect(validate(body.replace(/<identifier>[^<]*/, "<identifier>sbnsis"))).not.toBe("valid");
  },
);
