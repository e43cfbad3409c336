import type { ImageColumn } from "./column.ts";
import { columnsOf, type ImageValues } from "./image.ts";
import { storedValue } from "./rows.ts";

/**
 * What a list shows of an image, as the database returns it: few values, because each costs as much
 * as the work of the database itself. `packed` is a JSON array of what `LISTED` names; the values
 * of the other columns follow in order.
 */
export type ListedImage = readonly [obsId: string, packed: string, ...single: (string | number | null)[]];

const SHOWN = columnsOf("image", 1).filter(
  ({ name, response }) => name !== "obs_id" && response !== undefined,
);
/**
 * Many images have the same packed values, so that their text is made once. JSON functions of
 * databases round reals.
 */
const isPacked = ({ type, search }: ImageColumn): boolean => type === "integer" || search?.by === "counted";

/** The columns of a list other than the LID. */
export const LISTED: {
  /** In the order of responses. */
  readonly all: readonly ImageColumn[];
  readonly packed: readonly ImageColumn[];
  readonly single: readonly ImageColumn[];
} = {
  all: SHOWN,
  packed: SHOWN.filter((column) => isPacked(column)),
  single: SHOWN.filter((column) => !isPacked(column)),
};

/** The select list of listed images; `jsonArray` writes an expression for an array of columns. */
export function listedColumns(jsonArray: (columns: readonly string[]) => string): readonly string[] {
  const nameOf = ({ name }: ImageColumn): string => `image.${name}`;
  return ["image.obs_id", jsonArray(LISTED.packed.map(nameOf)), ...LISTED.single.map(nameOf)];
}

/** A record as a list shows it. */
export function listedImage(record: ImageValues<"image">): ListedImage {
  const valuesOf = (columns: readonly ImageColumn[]) =>
    columns.map(({ property }) => storedValue(record[property as keyof typeof record]));
  const single = valuesOf(LISTED.single) as (string | number | null)[];
  return [record.obsId, JSON.stringify(valuesOf(LISTED.packed)), ...single];
}
