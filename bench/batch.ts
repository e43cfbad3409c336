// How fast the rows of a batch are made, beside single cutouts of the same places. Source of the
// numbers in docs/performance.md.
//
// npm run build && npx tsx bench/batch.ts [--rows 500] [--frames 4] [--threads 2] [--directory DIR]
//
// Generates full-size ATLAS look-alikes (kept in DIR for the next run) and a list of places on
// them,
// 5 arcmin each; the cache of products is new each time. Prints the time of all rows, of the first
// one, the memory, and the time of the same number of single cutouts at other places.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCatalog, openWritableCatalog } from "../src/catalog/open-catalog.ts";
import { loadSettings } from "../src/config/settings.ts";
import { harvest, LABEL_EXTENSIONS } from "../src/harvest/harvest.ts";
import { batchOptions } from "../src/http/batch/batch-options.ts";
import { makeRow } from "../src/moving-objects/make-row.ts";
import { planBatch } from "../src/moving-objects/plan-batch.ts";
import { readList } from "../src/moving-objects/read-list.ts";
import { createProductService } from "../src/products/product-service.ts";
import { addTestData } from "../src/test-data/add-test-data.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "500" },
    frames: { type: "string", default: "4" },
    threads: { type: "string", default: "2" },
    directory: { type: "string", default: join(tmpdir(), "sbnsis-bench", "batch") },
  },
});
const [count, frames] = [Number(values.rows), Number(values.frames)];
const data = join(values.directory, `frames-${frames}`);
const say = (text: string) => process.stdout.write(`${text}\n`);
mkdirSync(values.directory, { recursive: true });
const cache = join(values.directory, "cache");
rmSync(cache, { recursive: true, force: true });
const settings = loadSettings(values.directory, {
  DB_DATABASE: join(values.directory, `frames-${frames}.db`),
  SBNSIS_CUTOUT_CACHE: cache,
  SBNSIS_COMPUTE_THREADS: values.threads,
});

const writing = await openWritableCatalog(settings);
await writing.createTables();
if (!existsSync(data)) {
  await addTestData({ directory: data, survey: "atlas", frames, fullSize: true });
  const what = { baseUrl: "file://", stripLeading: "", paths: [data], recursive: true };
  await harvest(writing, { ...what, extensions: LABEL_EXTENSIONS, jobs: 1, update: false }, () => undefined);
}
await writing.close();

const catalog = await openCatalog(settings);
const threadProgram = fileURLToPath(new URL("../dist/products/threads/compute-thread.js", import.meta.url));
const products = createProductService({ settings, catalog, version: "bench", threadProgram });
const { images } = await catalog.searchImages({ order: "id", maxrec: frames, offset: 0 });

/** Places on the frames, away from their edges, in the order of nobody. */
function list(shift: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const { record, detail } = images[i % images.length]!;
    const corners = detail!.corners!;
    const [s, t] = [0.1 + 0.8 * ((i * 0.618 + shift) % 1), 0.1 + 0.8 * ((i * 0.3819 + shift) % 1)];
    const at = (axis: 0 | 1) => {
      const [a, b, c, d] = corners.map((corner) => corner[axis]) as [number, number, number, number];
      return (a * (1 - s) + b * s) * (1 - t) + (d * (1 - s) + c * s) * t;
    };
    return `${record.obsId},${at(0)},${at(1)}`;
  });
  return `obs_id,ra,dec\n${lines.join("\n")}\n`;
}

async function timed(
  shift: number,
  work: (rows: Awaited<ReturnType<typeof plan>>, first: () => void) => Promise<number>,
) {
  const rows = await plan(shift);
  const started = performance.now();
  let firstMs = 0;
  const failed = await work(rows, () => {
    firstMs ||= performance.now() - started;
  });
  return { ms: performance.now() - started, firstMs, failed };
}

async function plan(shift: number) {
  const read = readList(Buffer.from(list(shift)), "text/csv", { maximumRows: count, uncTheta: "theta" });
  const options = batchOptions({ size: "5arcmin" }, read);
  const limits = { rows: count, pixels: Number.MAX_VALUE, side: 1024 };
  return { options, ...(await planBatch(catalog, read.rows, options, limits)) };
}

/** Runs `work` on all values, two at a time, as two workers do. */
async function pairs<T>(all: readonly T[], work: (value: T) => Promise<void>): Promise<void> {
  let next = 0;
  const take = async () => {
    while (next < all.length) await work(all[next++]!);
  };
  await Promise.all([take(), take()]);
}

const tools = { catalog, products, maximumCutoutSize: 1024 };
const batch = await timed(0, async ({ items, options }, first) => {
  let failed = 0;
  await pairs(items, async (item) => {
    const { row } = await makeRow(item, options, tools);
    if (row.status !== "done") failed += 1;
    first();
  });
  return failed;
});
const memory = process.memoryUsage.rss();
const single = await timed(0.05, async ({ rows, options }, first) => {
  await pairs(rows, async ({ obs_id, ra, dec }) => {
    const size = { text: options.size, arcsec: 300 };
    await products.get({ id: obs_id!, format: "fits", align: false, cutout: { ra: ra!, dec: dec!, size } });
    first();
  });
  return 0;
});
say(
  `${count} rows on ${frames} frames, ${values.threads} threads: ${batch.ms.toFixed(0)} ms, first row ${batch.firstMs.toFixed(0)} ms, failed ${batch.failed}, memory ${(memory / 2 ** 20).toFixed(0)} MB`,
);
say(`${count} single cutouts in the order of the list: ${single.ms.toFixed(0)} ms`);
await products.close();
await catalog.close();
