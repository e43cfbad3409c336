import {
  type ByteSource,
  type ImageDescription,
  physicalValues,
  planSection,
  readSection,
} from "@sbnsis/fits";
import { readQuantizedRows, sectionMemory } from "@sbnsis/fits/internal";
import { type FrameSource, kernelRoom, numericPixels } from "@sbnsis/imaging";
import { nodeInflate } from "../../archive/node-inflate.ts";
import { holdMemory } from "../threads/task-memory.ts";
import { scratchBuffer, scratchPixels } from "./reused-memory.ts";

/** Pixels per band: enough to make its overhead small, and few enough for a processor's cache. */
const BAND_PIXELS = 2 ** 20;

/**
 * Reads the image of a file in bands, which are whole rows of tiles if it is compressed. A band is
 * valid until the next one is read.
 */
export function frameBands(
  source: ByteSource,
  image: ImageDescription,
  checkpoint?: () => void,
): FrameSource {
  const [width, height] = [image.naxis[0]!, image.naxis[1]!];
  const { storage, bitpix } = image;
  const isAsStored = image.bscale === 1 && image.bzero === 0 && image.blank === undefined;
  const isQuantized = isAsStored && bitpix < 0 && storage.kind !== "plain";
  const tile = storage.kind === "plain" ? [width, 1] : [storage.tile[0]!, storage.tile[1]!];
  const [tileWidth, tileHeight] = [tile[0]!, tile[1]!];
  const plan = (start: readonly number[], shape: readonly number[]) => {
    checkpoint?.();
    const planned = planSection(image, { start, shape });
    // its pixels are scaled as well
    holdMemory("read in bands", sectionMemory(planned) + 8 * planned.pixels);
    return planned;
  };
  const read = (start: readonly number[], shape: readonly number[]) =>
    readSection(source, plan(start, shape), {
      inflate: nodeInflate,
      ...(checkpoint !== undefined && { checkpoint }),
      buffer: scratchBuffer,
      // where the kernel for levels can read floats without copying them
      memory: (length) => kernelRoom(length) ?? scratchPixels(length),
    });
  return {
    width,
    height,
    complete: bitpix > 0 && image.blank === undefined,
    bandRows: Math.max(1, Math.round(BAND_PIXELS / width / tileHeight)) * tileHeight,
    tileRows: tileHeight,
    rows: (start, count) => read([0, start], [width, count]),
    ...(isQuantized && {
      quantized: {
        isSingle: bitpix === -32,
        read: (start, count, sink) =>
          readQuantizedRows(source, plan([0, start], [width, count]), scratchBuffer, sink),
      },
    }),
    physical: (stored) =>
      numericPixels(physicalValues(image, stored as Parameters<typeof physicalValues>[1])),
    valuesAt: async (places) => {
      const values = new Float64Array(places.length);
      for (const group of tileGroups(places, width, tileWidth, tileHeight)) {
        const { left, bottom, right, top, members } = group;
        const stored = await read([left, bottom], [right - left + 1, top - bottom + 1]);
        const physical = numericPixels(physicalValues(image, stored));
        for (const i of members) {
          const row = Math.floor(places[i]! / width);
          const column = places[i]! - row * width;
          values[i] = physical[(row - bottom) * (right - left + 1) + column - left]!;
        }
      }
      return values;
    },
  };
}

/** Nearby pixels within one tile, or one row of an uncompressed image, and the box around them. */
interface PlaceGroup {
  left: number;
  bottom: number;
  right: number;
  top: number;
  readonly members: number[];
}

function tileGroups(
  places: Float64Array,
  width: number,
  tileWidth: number,
  tileHeight: number,
): Iterable<PlaceGroup> {
  const groups = new Map<number, PlaceGroup>();
  for (let i = 0; i < places.length; i++) {
    const row = Math.floor(places[i]! / width);
    const column = places[i]! - row * width;
    const key = Math.floor(row / tileHeight) * width + Math.floor(column / tileWidth);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { left: column, bottom: row, right: column, top: row, members: [i] });
    else {
      group.left = Math.min(group.left, column);
      group.right = Math.max(group.right, column);
      group.bottom = Math.min(group.bottom, row);
      group.top = Math.max(group.top, row);
      group.members.push(i);
    }
  }
  return groups.values();
}
