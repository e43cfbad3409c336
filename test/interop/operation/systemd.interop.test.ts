import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test.each(["sbnsis.service", "sbnsis-background.service"])(
  "systemd-analyze security rates the exposure of deploy/%s below 3",
  (name) => {
    const unit = fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url));
    const { stdout, stderr } = spawnSync(
      "systemd-analyze",
      ["security", "--offline=true", "--no-pager", unit],
      { encoding: "utf8" },
    );
    const level = Number(/exposure level for .*: (\d+\.\d)/.exec(stdout)?.[1]);
    expect([level < 3, stderr]).toEqual([true, ""]);
  },
);
