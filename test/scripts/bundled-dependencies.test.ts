import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../support/oracles.ts";
import { requireBuilt } from "../support/programs/built-program.ts";

const dist = join(repositoryRoot, "dist");

test.each(["kysely", "typebox"])(
  "the built service imports %s from one file in dist/vendor, with the license of the package",
  (name) => {
    requireBuilt(dist);
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

test("the bundled programs come with the license of each dependency in them, and import only what package.json lists", () => {
  const programs = join(dist, "programs");
  const licenses = readFileSync(join(programs, "licenses.txt"), "utf8");
  for (const name of ["commander", "fastify", "@fastify/swagger"]) {
    const folder = join(repositoryRoot, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(licenses).toMatch(new RegExp(`^${name} ${version}: `, "m"));
    const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    expect(licenses).toContain(readFileSync(join(folder, license!), "utf8").trim());
  }
  const imported = readdirSync(programs)
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => [
      ...readFileSync(join(programs, file), "utf8").matchAll(/^(?:import|export|}) .*?"([^"./][^"]*)";$/gm),
    ])
    .map(([, name]) => name!)
    .filter((name) => !isBuiltin(name));
  const { dependencies } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(imported));
  expect(imported).toContain("piscina");
  expect(imported).not.toContain("fastify");
});
