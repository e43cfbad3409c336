import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Compiles src/ to dist/ and packages/*/src to packages/*/dist, and makes the two commands executable.
const root = fileURLToPath(new URL("..", import.meta.url));
const staging = `${root}/.build`;
rmSync(staging, { recursive: true, force: true });
const tsc = spawnSync(
  process.execPath,
  [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/tsconfig.build.json`],
  { stdio: "inherit" },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);
for (const command of ["sbnsis", "sbnsis-add"]) chmodSync(`${staging}/src/cli/${command}.js`, 0o755);
const packages = readdirSync(`${staging}/packages`).map((name) => `packages/${name}/`);
for (const part of ["", ...packages]) {
  const dist = `${root}/${part}dist`;
  rmSync(dist, { recursive: true, force: true });
  renameSync(`${staging}/${part}src`, dist);
}
rmSync(staging, { recursive: true, force: true });
