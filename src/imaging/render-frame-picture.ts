import { BlockMeans, blockBytes, drawThumbnail, thumbnailBlocks } from "./block-means.ts";
import { frameLevels, needsCounts } from "./frame-levels.ts";
import type { FrameSource } from "./frame-source.ts";
import { levelBands, MissingPixels } from "./level-bands.ts";
import { pixelMover } from "./move-pixels.ts";
import type { PictureOptions } from "./picture-options.ts";
import { PictureRows } from "./picture-rows.ts";
import type { RowMap } from "./pixel-map.ts";
import { AreaReducer, reducedSize } from "./reduce.ts";
import { dressPicture, type Picture } from "./render-picture.ts";
import { isLinear } from "./stretch.ts";
import type { TanFrame } from "./tan-frame.ts";
import type { Levels } from "./zscale.ts";

/** A frame too large to hold its values, and the picture that is to be made of it. */
export interface FramePictureInput {
  readonly source: FrameSource;
  /** Frame of the picture before it is reduced. */
  readonly frame: TanFrame;
  /** From the picture's pixels to the source's. */
  readonly map: RowMap;
  /** Nearest neighbour, whatever they say. */
  readonly options: PictureOptions;
  /** Called between bands; what it throws ends the work. */
  readonly checkpoint: () => void;
  /**
   * Called, and waited for, while the picture comes to be: its first `rows` rows are as they will stay. Only where nothing is done to them afterwards: in grey, at
   * full size, without marks. With all rows at the end; with 0 where the picture is begun anew, and what was said before is void.
   */
  readonly rowsDone?: (picture: Picture, rows: number) => Promise<void>;
  /** Gives at least so many bytes, whatever is in them; the picture may lie there. A new array without. */
  readonly memory?: (length: number) => Uint8Array;
}

/**
 * The picture of a whole frame with one byte of memory for each pixel of the source and one for each of the picture (three where it is in colour). The source
 * is turned to grey levels band by band; as the nearest neighbour mixes no values, the levels are then resampled in place of the values.
 * Pixels are those of renderPicture; levels are those of frameLevels. A picture at least 8 times smaller is made of the means of small blocks of the source:
 * its pixels differ a little from those of renderPicture.
 */
export async function renderFramePicture(input: FramePictureInput): Promise<Picture> {
  const { width, height } = input.source;
  const size = reducedSize(width, height, input.options.width);
  const side = thumbnailBlocks(Math.min(width / size[0], height / size[1]));
  return side === undefined ? fullPicture(input, size) : thumbnail(input, size, side);
}

async function thumbnail(
  input: FramePictureInput,
  size: readonly [number, number],
  side: number,
): Promise<Picture> {
  const { source, frame, map, options } = input;
  const shape = [source.width, source.height] as const;
  const bandBytes = Math.min(source.height, source.bandRows) * source.width;
  const meansBytes = blockBytes(source, side);
  const memory = input.memory?.(meansBytes + bandBytes) ?? new Uint8Array(meansBytes + bandBytes);
  const band = memory.subarray(meansBytes);
  const gray = new Uint8Array(size[0] * size[1]);
  let blocks = new BlockMeans(source, side, memory);
  const hasValues = await fillLevels(input, {
    isDownwards: false,
    begin: () => {
      blocks = new BlockMeans(source, side, memory);
    },
    out: (_, rows) => band.subarray(0, rows * source.width),
    filled: (_, rows) => blocks.add(band.subarray(0, rows * source.width)),
  });
  if (hasValues) drawThumbnail(blocks, map, shape, size, gray);
  return dressPicture(gray, size, shape, frame, options);
}

async function fullPicture(input: FramePictureInput, size: readonly [number, number]): Promise<Picture> {
  const { source, frame, map, options, checkpoint } = input;
  const { width, height } = source;
  const shape = [width, height] as const;
  const whole = size[0] === width && size[1] === height;
  const channels = (options.colormap ?? "gray") === "gray" ? 1 : 3;
  const pixels = width * height;
  const length = whole ? pixels : size[0] * size[1];
  // grey levels of the source first, those of the picture last: they are coloured from the front, over what is not needed any more
  const needed = whole ? Math.max(2, channels) * pixels : pixels + length * channels;
  const memory = input.memory?.(needed).subarray(0, needed) ?? new Uint8Array(needed);
  const bytes = memory.subarray(0, pixels);
  const gray = memory.subarray(memory.length - length);
  const dressed = () =>
    dressPicture(gray, size, shape, frame, options, memory.subarray(memory.length - length * channels));
  const isBare = whole && channels === 1 && (options.marks ?? []).length === 0;
  const rowsDone = isBare ? input.rowsDone : undefined;
  const unfinished = rowsDone && dressed();
  const tell = async (rows: number) => {
    if (unfinished !== undefined) await rowsDone?.(unfinished, rows);
  };
  const rowsAnew = () => {
    const move = pixelMover(map, bytes, source, width);
    if (whole) {
      return new PictureRows(map, source, (top) =>
        move(height - 1 - top, gray.subarray(top * width, (top + 1) * width)),
      );
    }
    const reducer = new AreaReducer(shape, size, gray);
    const line = new Uint8Array(width);
    return new PictureRows(map, source, (top) => {
      move(height - 1 - top, line);
      reducer.add(line);
    });
  };
  let rows = rowsAnew();
  const begin = async () => {
    if (rows.drawn === 0) return;
    rows = rowsAnew();
    await tell(0);
  };
  const hasValues = await fillLevels(input, {
    isDownwards: rows.isDownwards,
    begin,
    out: (start, count) => bytes.subarray(start * width, (start + count) * width),
    filled: async (start, count) => {
      const before = rows.drawn;
      rows.add(start, count, checkpoint);
      if (rows.drawn > before) await tell(rows.drawn);
    },
  });
  if (!hasValues) {
    await begin();
    gray.fill(0);
    await tell(height);
  }
  return unfinished ?? dressed();
}

/** What is done with the grey levels of the source while they come, band by band, and all of it anew where the first guess at them was wrong. */
interface LevelSteps {
  /** Whether the last band comes first. */
  readonly isDownwards: boolean;
  begin(): void | Promise<void>;
  /** Where those of rows start .. start+count-1 go. */
  out(start: number, count: number): Uint8Array;
  /** They are there. */
  filled(start: number, count: number): void | Promise<void>;
}

/** Turns the source to grey levels, twice where the first guess at the levels was wrong; false when it has no finite value. */
async function fillLevels(input: FramePictureInput, steps: LevelSteps): Promise<boolean> {
  const { source, map, options, checkpoint } = input;
  const levels = await frameLevels(source, map, options, checkpoint);
  const pixels = source.width * source.height;
  const missing = source.complete || !needsCounts(options) ? undefined : new MissingPixels(pixels);
  const guessed = levels ?? { vmin: 0, vmax: 1 };
  const count = await fillBands(input, guessed, steps, missing);
  if (missing === undefined || count === 0) return levels !== undefined;
  if (count === pixels) return false;
  // the sample was that of a frame where every pixel has a value
  const right = await frameLevels(source, map, options, checkpoint, missing);
  if (right === undefined) return false;
  if (right.vmin === guessed.vmin && right.vmax === guessed.vmax) return true;
  await fillBands(input, right, steps);
  return true;
}

async function fillBands(
  { source, options, checkpoint }: FramePictureInput,
  levels: Levels,
  steps: LevelSteps,
  missing?: MissingPixels,
): Promise<number> {
  const { width, height, bandRows } = source;
  const fill = levelBands(source, levels, options);
  const bands = Math.ceil(height / bandRows);
  let isQuick = source.levels !== undefined && isLinear(options);
  let count = 0;
  await steps.begin();
  for (let band = 0; band < bands; band++) {
    checkpoint();
    const start = bandRows * (steps.isDownwards ? bands - 1 - band : band);
    const rows = Math.min(bandRows, height - start);
    const out = steps.out(start, rows);
    // a frame with one band of another kind has more of them
    isQuick &&= (await source.levels?.(start, rows, levels, out)) ?? false;
    if (!isQuick) count += fill(await source.rows(start, rows), start * width, out, missing);
    await steps.filled(start, rows);
  }
  return count;
}
