import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// `npm run bench [NAME ...]`: runs the benchmarks of docs/performance.md that need no arguments,
// all or those named, one after another.
const root = fileURLToPath(new URL("..", import.meta.url));
const benchmarks = {
  service: "service/service.ts",
  codecs: "engines/codecs.ts",
  kernels: "engines/kernels.ts",
  wcs: "engines/wcs.ts",
  imaging: "engines/imaging.ts",
  harvest: "catalog/harvest.ts",
  search: "catalog/search.ts",
  model: "service/model.ts",
};
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no '${unknown}'; known are ${Object.keys(benchmarks).join(", ")}\n`);
  process.exit(2);
}
if (
  !existsSync(join(root, "dist")) &&
  spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit" }).status !== 0
) {
  process.exit(1);
}
let failed = 0;
for (const [name, file] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`== ${name}\n`);
  const { status } = spawnSync(join(root, "node_modules/.bin/tsx"), [join(root, "bench", file)], {
    stdio: "inherit",
  });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
