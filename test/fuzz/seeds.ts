import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { fixtureBytes, imageFixtures } from "../../packages/fits/test/support/image-fixtures.ts";

/** A file to damage. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bytes of a real file that are used: headers, tables of tiles and some tiles. */
const MOST_BYTES = 300_000;

type CorpusHeader = Readonly<Record<string, string | number | readonly string[]>>;

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8"));
}

/**
 * The fixtures: images of every kind, packed files, and a small image for every coordinate system
 * of the corpus.
 */
export function fixtureSeeds(): readonly Seed[] {
  const packed = fixture<{ readonly packed: Readonly<Record<string, string>> }>("fits/packed.json").packed;
  const corpus =
    fixture<readonly { readonly kind: string; readonly header: CorpusHeader }[]>("wcs/corpus.json");
  return [
    ...imageFixtures.map(({ name, file }) => ({ name, bytes: fixtureBytes(file) })),
    ...Object.entries(packed).map(([name, bytes]) => ({
      name,
      bytes: new Uint8Array(Buffer.from(bytes, "base64")),
    })),
    ...corpus.map(({ kind, header }, i) => ({ name: `corpus ${i} ${kind}`, bytes: skyFile(header) })),
  ];
}

function skyFile(header: CorpusHeader): Uint8Array {
  const cards = Object.entries(header).flatMap(([keyword, value]) =>
    [value].flat().map((each) => valueCard(keyword, each as string | number)),
  );
  return imageHdu({ naxis: [6, 5], pixels: Int16Array.from({ length: 30 }, (_, i) => i), cards });
}

/** All files below a folder whose beginning is that of a FITS or packed file. */
export function folderSeeds(folder: string): readonly Seed[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(path).subarray(0, MOST_BYTES)) }))
    .filter(({ bytes }) => [83, 0x1f, 66].includes(bytes[0] ?? 0));
}
