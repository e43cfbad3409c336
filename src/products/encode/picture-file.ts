import { avmPacket, type Picture } from "@sbnsis/imaging";
import type { CachedFile } from "../cache/product-cache.ts";
import { writeLargePicture } from "../make/write-large-picture.ts";
import { writeProduct } from "../make/write-product.ts";
import type { PicturePlan } from "../plan/plan-picture.ts";
import { encodePicture, type PictureEncoding } from "./encode-picture.ts";
import { pictureFormat } from "./formats/registry.ts";
import { StripWriter } from "./strip-writer.ts";

/**
 * Pixels from which on a picture is encoded into a file: encoding into memory leaves megabytes of
 * garbage.
 */
const LARGE_PICTURE = 2 ** 22;

/**
 * The last step of a picture: encodes it into a file of the cache. The first rows of a large
 * picture are encoded while the rest is being made, if its format has strips. Always call `abandon`
 * at the end.
 */
export class PictureFile {
  readonly #path: string;
  readonly #plan: PicturePlan;
  readonly #checkpoint: () => void;
  #strips: StripWriter | undefined;

  constructor(path: string, plan: PicturePlan, checkpoint: () => void) {
    this.#path = path;
    this.#plan = plan;
    this.#checkpoint = checkpoint;
  }

  /** Reports that the first rows are final; 0: that the picture is restarted. */
  async rowsDone(unfinished: Picture, rows: number): Promise<void> {
    if (!pictureFormat(this.#plan.format)?.hasStrips || !isLarge(unfinished)) return;
    if (rows === 0) {
      await this.abandon();
      return;
    }
    this.#strips ??= new StripWriter(this.#path, unfinished, this.#encodingOf(unfinished));
    await this.#strips.add(rows);
  }

  /** The file of the finished picture. Errors: PICTURE_FAILED, CACHE_UNAVAILABLE, CANCELLED. */
  async finish(picture: Picture): Promise<CachedFile> {
    const encoding = this.#encodingOf(picture);
    const strips = this.#strips;
    this.#strips = undefined;
    const written =
      strips !== undefined
        ? await strips.finish()
        : isLarge(picture)
          ? await writeLargePicture(this.#path, picture, encoding)
          : undefined;
    if (written !== undefined) return written;
    const parts = await encodePicture(picture, encoding);
    this.#checkpoint();
    return writeProduct(this.#path, parts);
  }

  /** Removes the rest of an unfinished picture. */
  async abandon(): Promise<void> {
    const strips = this.#strips;
    this.#strips = undefined;
    await strips?.abandon();
  }

  #encodingOf(picture: Picture): PictureEncoding {
    const { format, quality, facts } = this.#plan;
    return { format, ...(quality !== undefined && { quality }), xmp: avmPacket(picture, facts) };
  }
}

function isLarge({ width, height }: Picture): boolean {
  return width * height >= LARGE_PICTURE;
}
