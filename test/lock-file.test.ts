import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "./support/oracles.ts";

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
}

const { packages } = JSON.parse(readFileSync(join(repositoryRoot, "package-lock.json"), "utf8")) as {
  packages: Readonly<Record<string, Locked>>;
};
const installed = Object.entries(packages).filter(([path]) => path.startsWith("node_modules/"));

it("the lock file names no address of a download, so it installs from any registry", () => {
  const addresses = installed.filter(([, { resolved, link }]) => resolved !== undefined && link !== true);
  expect(addresses).toEqual([]);
  for (const [, { resolved, link }] of installed)
    if (link === true) expect(resolved).toMatch(/^packages\/[a-z0-9]+$/);
});

it("the lock file names the digest of every package that is downloaded", () => {
  const downloaded = installed.filter(([, { link }]) => link !== true);
  expect(downloaded.length).toBeGreaterThan(100);
  for (const [path, { integrity }] of downloaded)
    expect([path, integrity]).toEqual([path, expect.any(String)]);
});
