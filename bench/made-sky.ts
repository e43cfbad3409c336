import type { HarvestedImage } from "../src/catalog/image-writer.ts";
import { openWritableCatalog } from "../src/catalog/open-catalog.ts";
import { anyPlace, seeded, squareFrame } from "../test/support/sky-frames.ts";

/** Half sides of the frames, degrees: a small camera, a Schmidt camera, and a field of 5.5 degrees. */
const HALF_SIDES = [0.2, 1.4, 2.75];
const FILTERS = ["c", "o", "clear", "r"];
const BATCH = 10_000;

function madeImage(i: number, random: () => number): HarvestedImage {
  const survey = Math.floor(random() * 4);
  const night = 59_000 + Math.floor(i / 800);
  const collection = `urn:nasa:pds:made.survey${survey}:data`;
  const start = night + 0.2 + (i % 800) / 2000;
  const half = HALF_SIDES[Math.floor(random() * HALF_SIDES.length)]!;
  return {
    record: {
      obsId: `${collection}:frame${String(i).padStart(8, "0")}.fits`,
      collection,
      facility: `Observatory ${survey}`,
      instrument: `Camera ${survey}`,
      dataProductType: "image",
      calibrationLevel: 2,
      target: i % 10 === 0 ? `Asteroid ${i % 5000}` : "Multiple Asteroids",
      pixelScale: half / 5000,
      imageUrl: `file:///survey/data/made${survey}/${night}/frame${i}.fits.fz`,
      labelUrl: `file:///survey/data/made${survey}/${night}/frame${i}.xml`,
    },
    detail: {
      versionId: "1.0",
      labelDigest: String(i).padStart(32, "0"),
      title: `Made survey ${survey}, frame ${i}`,
      startTime: new Date((start - 40_587) * 86_400_000).toISOString(),
      stopTime: new Date((start - 40_587) * 86_400_000 + 30_000).toISOString(),
      startMjd: start,
      stopMjd: start + 30 / 86_400,
      exposure: 30,
      filter: FILTERS[i % FILTERS.length]!,
      fieldId: String(i % 2000),
      limitingMagnitude: 19.5,
      corners: squareFrame(anyPlace(random), half, random() * 6.3),
      md5: null,
      fileSize: 25_000_000 + i,
    },
    stamp: null,
  };
}

/** Writes a catalogue of `rows` made frames all over the sky into a new SQLite file, as harvest does. */
export async function makeSky(path: string, rows: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const catalog = await openWritableCatalog({
    DB_DIALECT: "sqlite",
    DB_HOST: "",
    DB_USERNAME: "",
    DB_PASSWORD: "",
    DB_DATABASE: path,
  });
  await catalog.createTables();
  for (let at = 0; at < rows; at += BATCH) {
    const count = Math.min(BATCH, rows - at);
    await catalog.write(Array.from({ length: count }, (_, k) => madeImage(at + k, random)));
  }
  await catalog.close();
}
