import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuiltPage, readBuiltPage } from "../../../src/http/page/built-page.ts";
import { repositoryRoot } from "../oracles.ts";

let building: Promise<BuiltPage> | undefined;

/** The page as `npm run build` makes it, from its sources as they are now; made once a process. */
export function builtPage(): Promise<BuiltPage> {
  building ??= build();
  return building;
}

async function build(): Promise<BuiltPage> {
  const script: string = join(repositoryRoot, "scripts/build-page.mjs");
  const { buildPage } = (await import(script)) as {
    readonly buildPage: (root: string, target: string) => Promise<void>;
  };
  const folder = mkdtempSync(join(tmpdir(), "sbnsis-page-"));
  try {
    await buildPage(repositoryRoot, folder);
    return readBuiltPage(`${folder}/`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
