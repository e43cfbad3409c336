import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeLabel } from "../support/make-label.ts";
import { hasProgram, repositoryRoot } from "../support/oracles.ts";

const program = process.env.SIS_ADD_PROGRAM ?? join(repositoryRoot, "dist", "cli", "sbnsis-add.js");

describe.skipIf(!existsSync(program) || !hasProgram("script"))(
  "sbnsis-add --prune on a terminal, as built (npm run build)",
  () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "sis-prune-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** What stands on the terminal when the question is answered so. */
    function answer(text: string): string {
      const { stdout } = spawnSync(
        "script",
        ["-qec", `'${process.execPath}' '${program}' labels --prune`, "/dev/null"],
        { cwd: folder, encoding: "utf8", input: text, timeout: 30_000 },
      );
      return stdout.replaceAll("\r", "");
    }

    it("asks, deletes nothing without a yes, and then the rows whose label is gone", () => {
      mkdirSync(join(folder, "labels"));
      writeFileSync(join(folder, ".env"), "DB_DATABASE=./made.db\n");
      for (let i = 0; i < 3; i += 1) {
        const label = makeLabel({ lid: `urn:nasa:pds:made.survey:data:t${i}` });
        writeFileSync(join(folder, "labels", `t${i}.xml`), label);
      }
      answer("");
      rmSync(join(folder, "labels", "t1.xml"));
      const question = "1 rows have no label any more. Delete them?";
      for (const text of ["n\n", "\n", "perhaps\n", "\u0004"]) {
        const refused = answer(text);
        expect(refused).toContain(question);
        expect(refused).toContain("1 rows had no label any more, 0 of them deleted");
      }
      const agreed = answer("y\n");
      expect(agreed).toContain(question);
      expect(agreed).toContain("1 rows had no label any more, 1 of them deleted");
      const after = answer("y\n");
      expect(after).not.toContain(question);
    }, 90_000);
  },
);
