// What several machines can do, computed: npx tsx bench/service/model.ts
// Times come from docs/performance.md; prices and links below are assumptions. docs/scaling.md uses
// the results.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "performance.md"), "utf8");

/** A number of docs/performance.md; the page must still have the sentence. */
function measured(what: string, pattern: RegExp): number {
  const found = pattern.exec(page)?.[1]?.replaceAll(",", "");
  if (found === undefined) throw new Error(`docs/performance.md no longer says ${what}`);
  return Number(found);
}

/** Seconds of processor time. */
const CUTOUT_SECONDS =
  measured("what a cutout takes", /A new cutout takes (\d+\.\d+) ms of processor time/) / 1000;
/** Number that two processors served per second from the cache. */
const HIT_SECONDS = 2 / measured("how many hits are served", /client wrk \| ([\d,]+) \/s/);

/**
 * A FITS cutout of 5 arcmin, and the part of its frame that is read: 161 tile rows of an ATLAS
 * frame.
 */
const CUTOUT_BYTES = 89_280;
const READ_BYTES = 1.743e6;
/** Share of processors and links that may be used. */
const USE = 0.6;
const LINK_USE = 0.7;

/** USD; list prices of AWS us-east-1, and an assumed price of a virtual processor. */
const PRICES = { processorHour: 0.0363, get: 0.4e-6, put: 5e-6 };

const gigabit = (link: number) => (link * 1e9) / 8;
const lines: string[] = [
  "| processors | Gbit/s | new cutouts/s by processor | by network | bound by | hits/s |",
  "|---|---|---|---|---|---|",
];
for (const [processors, link] of [
  [2, 10],
  [4, 10],
  [8, 12.5],
  [16, 25],
  [32, 50],
] as const) {
  const made = (processors * USE) / CUTOUT_SECONDS;
  const read = (gigabit(link) * LINK_USE) / READ_BYTES;
  const hits = Math.min((processors * USE) / HIT_SECONDS, (gigabit(link) * LINK_USE) / CUTOUT_BYTES);
  const bound = read < made ? "network" : "processor";
  lines.push(
    `| ${processors} | ${link} | ${made.toFixed(0)} | ${read.toFixed(0)} | ${bound} | ${hits.toFixed(0)} |`,
  );
}
for (const link of [0.1, 1, 10])
  lines.push(
    `an archive host with ${link} Gbit/s: ${(gigabit(link) / READ_BYTES).toFixed(0)} new cutouts/s for all machines`,
  );

const usd = (processorSeconds: number, gets: number, puts = 0) =>
  1e6 * ((processorSeconds / USE / 3600) * PRICES.processorHour + gets * PRICES.get + puts * PRICES.put);
const known = usd(CUTOUT_SECONDS, 1);
const stored = usd(CUTOUT_SECONDS, 1, 1);
lines.push(
  `10^6 new cutouts from S3, frame known: ${known.toFixed(2)} USD; frame described too: ${usd(CUTOUT_SECONDS, 2).toFixed(2)}; each stored in S3 as well: ${stored.toFixed(2)}`,
);
const breakEvenMs = ((PRICES.put + PRICES.get) / PRICES.processorHour) * 3600 * USE * 1000;
lines.push(`a shared store pays for products of more than ${breakEvenMs.toFixed(0)} ms of processor time`);

/**
 * Hit ratio of a cache that evicts the least recently used, by Che's approximation, for `products`
 * requested by Zipf's law with `exponent`.
 */
function hitRatio(products: number, exponent: number, capacity: number): number {
  if (capacity >= products) return 1;
  const groups: { readonly count: number; readonly weight: number }[] = [];
  for (let low = 0; low < products; ) {
    const high = Math.min(products, Math.max(low + 1, Math.floor(low * 1.005)));
    groups.push({ count: high - low, weight: ((low + 1 + high) / 2) ** -exponent });
    low = high;
  }
  const total = groups.reduce((sum, { count, weight }) => sum + count * weight, 0);
  const cached = (time: number, value: (share: number) => number) =>
    groups.reduce((sum, { count, weight }) => {
      const share = weight / total;
      return sum + count * value(share) * -Math.expm1(-share * time);
    }, 0);
  let [low, high] = [1, 1e18];
  for (let i = 0; i < 200; i += 1) {
    const middle = Math.sqrt(low * high);
    if (cached(middle, () => 1) > capacity) high = middle;
    else low = middle;
  }
  return cached(low, (share) => share);
}
/** Products of 60 kB on 500 GB. */
const PER_MACHINE = 500e9 / 60e3;
for (const products of [1e7, 1e8, 1e9]) {
  const ratios = [1, 4, 16].map((count) => hitRatio(products, 0.9, PER_MACHINE * count).toFixed(2));
  lines.push(
    `${products.toExponential(0)} products, Zipf 0.9: ${ratios[0]} on any machine alone, by hash ${ratios[1]} over 4, ${ratios[2]} over 16`,
  );
}
process.stdout.write(`${lines.join("\n")}\n`);
// what docs/scaling.md relies on
if (!(breakEvenMs > 10 * CUTOUT_SECONDS * 1000))
  throw new Error("storing every cutout would pay: see docs/scaling.md");
