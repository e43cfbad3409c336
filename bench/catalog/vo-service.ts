// Times the other interfaces of the Virtual Observatory on the built service with its test data:
// /vo/capabilities under load, /vo/links with 1000 identifiers, cutouts of /vo/sync beside those of
// /images, and cutouts of /images while 4 jobs with 200 cutouts each are running.
//
// npm run build && npx tsx bench/catalog/vo-service.ts
//
// wrk must be installed. Positions differ, so that no cutout comes from the cache.
import { execFileSync } from "node:child_process";
import { seeded } from "../../test/support/inputs/sky-frames.ts";
import { workplace } from "../../test/support/programs/built-program.ts";

const PAIRS = 300;
const random = seeded(7);
const place = await workplace();
const base = place.base;

/** Value below which this share of the values are. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
const shown = (values: readonly number[]) =>
  `median ${quantile(values, 0.5).toFixed(2)} ms, p95 ${quantile(values, 0.95).toFixed(2)} ms`;

async function timed(url: string, init?: RequestInit): Promise<number> {
  const start = performance.now();
  const response = await fetch(url, init);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${response.status} from ${url}`);
  return performance.now() - start;
}

interface Row {
  readonly did: string;
  readonly ra: number;
  readonly dec: number;
}

/** The images that SIA finds, with their centers. */
async function images(): Promise<readonly Row[]> {
  const text = await (await fetch(`${base}/vo/sia2?MAXREC=1000&RESPONSEFORMAT=tsv`)).text();
  const [head, ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  const at = (name: string) => head!.indexOf(name);
  return lines
    .filter((cells) => cells[at("s_ra")] !== "" && cells[at("obs_collection")] === "NEAT")
    .map((cells) => ({
      did: cells[at("obs_publisher_did")]!,
      ra: Number(cells[at("s_ra")]),
      dec: Number(cells[at("s_dec")]),
    }));
}

/** A position near the center of an image, never the same. */
function near({ ra, dec }: Row): readonly [string, string] {
  return [(ra + (random() - 0.5) * 0.01).toFixed(7), (dec + (random() - 0.5) * 0.01).toFixed(7)];
}

function imageCutout(row: Row): string {
  const [ra, dec] = near(row);
  return `${base}/images/${encodeURIComponent(row.did)}?ra=${ra}&dec=${dec}&size=60arcsec`;
}

function syncCutout(row: Row): string {
  const [ra, dec] = near(row);
  // a circle in a box of 60 arcseconds
  return `${base}/vo/sync?ID=${encodeURIComponent(row.did)}&CIRCLE=${ra}+${dec}+0.0083333`;
}

async function startJob(rows: readonly Row[]): Promise<string> {
  const row = rows[Math.floor(random() * rows.length)]!;
  const fields = new URLSearchParams({ ID: row.did, PHASE: "RUN" });
  for (let i = 0; i < 200; i += 1) fields.append("CIRCLE", `${near(row).join(" ")} 0.0083333`);
  const response = await fetch(`${base}/vo/async`, { method: "POST", body: fields, redirect: "manual" });
  return response.headers.get("location")!;
}

try {
  await place.run("sbnsis", "test-data", "--add", "--frames", "12");
  place.set("PUBLIC_URL", base);
  await place.run("sbnsis", "start");
  await place.workers();
  const rows = await images();
  const load = (path: string) =>
    execFileSync("wrk", ["-t1", "-c16", "-d3s", `${base}${path}`], { encoding: "utf8" });
  load("/vo/capabilities");
  for (const path of ["/vo/capabilities", "/vo/availability", "/health"]) {
    const [, rate] = /Requests\/sec:\s*([\d.]+)/.exec(load(path)) ?? [];
    console.log(`${path.padEnd(20)} ${Math.round(Number(rate))} /s`);
  }
  const ids = Array.from({ length: 1000 }, (_, i) => ["ID", rows[i % rows.length]!.did] as [string, string]);
  const links: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const body = new URLSearchParams(ids);
    links.push(await timed(`${base}/vo/links`, { method: "POST", body }));
  }
  console.log(`/vo/links, 1000 IDs  ${shown(links.slice(2))}`);
  const [image, sync]: [number[], number[]] = [[], []];
  for (let i = 0; i < PAIRS; i += 1) {
    const row = rows[i % rows.length]!;
    image.push(await timed(imageCutout(row)));
    sync.push(await timed(syncCutout(row)));
  }
  const warm = (values: readonly number[]) => values.slice(PAIRS / 6);
  console.log(`/images cutouts      ${shown(warm(image))}`);
  console.log(`/vo/sync cutouts     ${shown(warm(sync))}`);
  const jobs = await Promise.all([1, 2, 3, 4].map(() => startJob(rows)));
  const during: number[] = [];
  const phase = async (job: string) => await (await fetch(`${job}/phase`)).text();
  for (let i = 0; i < PAIRS; i += 1) during.push(await timed(imageCutout(rows[i % rows.length]!)));
  console.log(
    `/images during jobs  ${shown(during)}; jobs ${(await Promise.all(jobs.map(phase))).join(" ")}`,
  );
} finally {
  await place.dispose();
}
