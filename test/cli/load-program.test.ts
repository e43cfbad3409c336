import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { requireBuilt } from "../support/programs/built-program.ts";

describe("too few open files, as the shell limits them (ulimit -n)", () => {
  test.each([
    ["sbnsis", 30],
    ["sbnsis", 100],
    ["sbnsis-add", 40],
  ])(
    "%s with a limit of %i open files says so in one line and exits with 1, or starts if Node loads modules one by one",
    async (name, limit) => {
      const program = fileURLToPath(new URL(`../../dist/cli/${name}.js`, import.meta.url));
      requireBuilt(program);
      const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
        execFile(
          "bash",
          ["-c", `ulimit -n ${limit}; exec "$0" "$1" --help`, process.execPath, program],
          (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
        );
      });
      // Node 24 reads modules synchronously and needs few open files; Node 20 opens all at once
      if (ended.code === 0) {
        expect(ended).toEqual({ code: 0, stdout: expect.stringMatching(/^Usage: sbnsis/), stderr: "" });
        return;
      }
      expect(ended).toEqual({
        code: 1,
        stdout: "",
        stderr: `${name}: too few files may be open: the limit is ${limit} (ulimit -n, LimitNOFILE); it should be 1024 or more\n`,
      });
    },
  );
});
