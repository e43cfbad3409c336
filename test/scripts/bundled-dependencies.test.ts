import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../support/oracles.ts";

const dist = join(repositoryRoot, "dist");

test.each(["kysely", "typebox"])(
  "the built service imports %s from one file in dist/vendor, with the license of the package",
  (name) => {
    if (!existsSync(dist)) throw new Error("dist/ is not there: run npm run build");
    const importers = readdirSync(dist, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js"))
      .filter((file) => readFileSync(join(dist, file), "utf8").includes(`from "${name}`));
    expect(importers).toEqual([]);
    expect(existsSync(join(dist, "vendor", `${name}.js`))).toBe(true);
    const folder = join(repositoryRoot, "node_modules", name);
    const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    expect(readFileSync(join(dist, "vendor", `${name}.license.txt`), "utf8")).toBe(
      readFileSync(join(folder, license!), "utf8"),
    );
  },
);
