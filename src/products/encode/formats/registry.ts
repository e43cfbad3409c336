import { jpeg } from "./jpeg.ts";
import type { PictureFormat } from "./picture-format.ts";
import { png } from "./png.ts";

/** Every format of pictures, in the order of the documents. */
const FORMATS = [jpeg, png] as const;

export type PictureFormatName = (typeof FORMATS)[number]["name"];
export type PictureFormatAlias = (typeof FORMATS)[number]["aliases"][number];

/** The formats of pictures; see {@link PictureFormat} for how to add one. */
export const PICTURE_FORMATS: readonly PictureFormat<PictureFormatName, PictureFormatAlias>[] = FORMATS;

/** The format of pictures with a name or alias; undefined for any other. */
export function pictureFormat(
  name: string,
): PictureFormat<PictureFormatName, PictureFormatAlias> | undefined {
  return PICTURE_FORMATS.find((format) => format.name === name || format.aliases.some((one) => one === name));
}
