import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeLabel } from "../support/inputs/make-label.ts";
import { hasProgram, repositoryRoot } from "../support/oracles.ts";

const program = process.env.SIS_ADD_PROGRAM ?? join(repositoryRoot, "dist", "cli", "sbnsis-add.js");

describe.skipIf(!existsSync(program) || !hasProgram("script"))(
  "sbnsis-add --prune on a terminal, as built (npm run build)",
  () => {
    const question = "Rows whose label is gone: 1. Delete them? [y/N]";
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "sis-prune-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /**
     * The terminal's contents after the question has been answered with this text. It is typed only
     * once the question appears: earlier input may be lost.
     */
    async function answer(text: string): Promise<string> {
      const command = `'${process.execPath}' '${program}' labels --prune`;
      const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, timeout: 30_000 });
      let shown = "";
      let isAnswered = false;
      terminal.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        shown += chunk;
        if (isAnswered || !shown.includes(question)) return;
        isAnswered = true;
        terminal.stdin.write(text);
      });
      const [, signal] = await once(terminal, "close");
      expect(signal, shown).toBeNull();
      return shown.replaceAll("\r", "");
    }

    it("sbnsis-add --prune asks before it deletes the rows whose label is gone, and without a yes deletes nothing", async () => {
      mkdirSync(join(folder, "labels"));
      writeFileSync(join(folder, ".env"), "DB_DATABASE=./made.db\n");
      for (let i = 0; i < 10; i += 1) {
        const label = makeLabel({ lid: `urn:nasa:pds:made.survey:data:t${i}` });
        writeFileSync(join(folder, "labels", `t${i}.xml`), label);
      }
      await answer("");
      rmSync(join(folder, "labels", "t1.xml"));
      for (const text of ["n\n", "\n", "perhaps\n", "\u0004"]) {
        const refused = await answer(text);
        expect(refused).toContain(question);
        expect(refused).toContain("rows whose label is gone: 1, deleted: 0");
      }
      const agreed = await answer("y\n");
      expect(agreed).toContain(question);
      expect(agreed).toContain("rows whose label is gone: 1, deleted: 1");
      const after = await answer("y\n");
      expect(after).not.toContain(question);
    }, 90_000);
  },
);
