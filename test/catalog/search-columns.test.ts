import { afterEach, describe, expect, it } from "vitest";
import type { ImageRecord, ImageSearch, SearchCursor, SearchOrder } from "../../src/catalog/catalog.ts";
import type { HarvestedImage } from "../../src/catalog/image-writer.ts";
import { type MadeCatalog, madeCatalog, madeImage } from "../support/catalog/made-catalog.ts";
import { draws } from "../support/draws.ts";
import { seeded } from "../support/inputs/sky-frames.ts";

let made: MadeCatalog;
afterEach(() => made.close());

type Row = { readonly record: ImageRecord; readonly detail: HarvestedImage["detail"] | undefined };

/**
 * Random rows: some with times and filters, some without a time, some with long exposures, and some
 * of the Python service.
 */
function randomRows(random: () => number, count: number): readonly HarvestedImage[] {
  const of = <T>(...values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: count }, (_, i) => {
    const start = random() < 0.1 ? null : 59_000 + Math.floor(random() * 40) / 4;
    const length = random() < 0.02 ? 30 * random() : 0.01;
    return madeImage(`n${i}`, {
      record: {
        collection: of("urn:nasa:pds:made:a", "urn:nasa:pds:made:b"),
        facility: of("F", "G"),
        target: of("Vesta", "Ceres", null, "Vesta"),
      },
      detail: {
        startMjd: start,
        stopMjd: start === null ? null : start + length,
        filter: of("o", "c", null),
      },
    });
  });
}

function matches({ record, detail }: Row, search: Partial<ImageSearch>): boolean {
  const { collection, facility, target, filter, obsId, time } = search;
  const prefix = obsId?.endsWith("*") === true ? obsId.slice(0, -1) : undefined;
  return (
    (collection === undefined || record.collection === collection) &&
    (facility === undefined || record.facility === facility) &&
    (target === undefined || record.target === target) &&
    (filter === undefined || detail?.filter === filter) &&
    (obsId === undefined ||
      (prefix === undefined ? record.obsId === obsId : record.obsId.startsWith(prefix))) &&
    (time === undefined ||
      (detail?.startMjd != null && detail.startMjd <= time.stop && detail.stopMjd! >= time.start))
  );
}

function inOrder(rows: readonly Row[], order: SearchOrder): readonly string[] {
  const start = ({ detail }: Row) => detail?.startMjd ?? Number.MAX_VALUE;
  const sorted = order === "id" ? rows : rows.toSorted((a, b) => start(a) - start(b));
  return sorted.map(({ record }) => record.obsId);
}

describe.each([11, 12, 13])("searches of random rows, seed %i", (seed) => {
  it("random rows are found by any conditions, in both orders, by offset and by cursor (a filter of all rows)", async () => {
    const random = seeded(seed);
    const images = randomRows(random, 1500);
    const bare = Array.from({ length: 40 }, (_, i) => madeImage(`old${i}`, { record: { target: "Vesta" } }));
    made = await madeCatalog(
      images,
      bare.map(({ record }) => record),
    );
    const rows: readonly Row[] = [...images, ...bare.map(({ record }) => ({ record, detail: undefined }))];
    const maybe = <T>(...values: readonly T[]) =>
      random() < 0.6 ? undefined : values[Math.floor(random() * values.length)];
    for (let k = 0; k < draws(150); k += 1) {
      const from = 59_000 + random() * 12;
      const choices = {
        collection: maybe("urn:nasa:pds:made:a", "urn:nasa:pds:made:b", "none"),
        facility: maybe("F", "G"),
        target: maybe("Vesta", "Ceres", "none"),
        filter: maybe("o", "c", "none"),
        obsId: maybe(
          "urn:nasa:pds:made:a:*",
          "urn:nasa:pds:made:a:n1*",
          "urn:nasa:pds:made:b:n12*",
          images[3]!.record.obsId,
          "x*",
        ),
        time: maybe({
          start: random() < 0.2 ? Number.NEGATIVE_INFINITY : from,
          stop: random() < 0.2 ? Number.POSITIVE_INFINITY : from + 3,
        }),
      };
      const search: Partial<ImageSearch> = Object.fromEntries(
        Object.entries(choices).filter(([, value]) => value !== undefined),
      );
      const order: SearchOrder = random() < 0.5 ? "id" : "time";
      const wanted = inOrder(
        rows.filter((row) => matches(row, search)),
        order,
      );
      const offset = Math.floor(random() * wanted.length * 1.1);
      const page = await made.catalog.searchImages({ ...search, order, offset, maxrec: 20 });
      expect([choices, order, page.total]).toEqual([choices, order, wanted.length]);
      expect(page.images.map(({ record }) => record.obsId)).toEqual(wanted.slice(offset, offset + 20));
      expect(page.next !== undefined).toBe(offset + 20 < wanted.length);
      const paged: string[] = [];
      let after: SearchCursor | undefined;
      do {
        const next = await made.catalog.searchImages({
          ...search,
          order,
          offset: 0,
          maxrec: 97,
          ...(after !== undefined && { after }),
        });
        paged.push(...next.images.map(({ record }) => record.obsId));
        after = next.next;
      } while (after !== undefined);
      expect(paged).toEqual(wanted);
    }
  });
});
