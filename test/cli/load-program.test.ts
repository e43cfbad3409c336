import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

describe("too few open files, as the shell limits them (ulimit -n)", () => {
  test.each([
    ["sbnsis", 30],
    ["sbnsis", 100],
    ["sbnsis-add", 40],
  ])("%s with a limit of %i open files says so in one line and exits with 1", async (name, limit) => {
    const program = fileURLToPath(new URL(`../../dist/cli/${name}.js`, import.meta.url));
    if (!existsSync(program)) throw new Error("dist/ is not there: run npm run build");
    const ended = await new Promise<{ readonly code: unknown; readonly stderr: string }>((resolve) => {
      execFile(
        "bash",
        ["-c", `ulimit -n ${limit}; exec "$0" "$1" --version`, process.execPath, program],
        (error, _stdout, stderr) => resolve({ code: error?.code, stderr }),
      );
    });
    expect(ended).toEqual({
      code: 1,
      stderr: `${name}: too few files may be open: the limit is ${limit} (ulimit -n, LimitNOFILE); it should be 1024 or more\n`,
    });
  });
});
