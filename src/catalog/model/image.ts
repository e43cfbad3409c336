import type { ImageLabel } from "@sbnsis/pds4";
import type { SkyCorners } from "@sbnsis/wcs/internal";
import { IMAGE_COLUMNS } from "../columns.ts";
import type { ColumnSearch, ImageColumn } from "./column.ts";

type AnyColumn = (typeof IMAGE_COLUMNS)[number];
/** The columns of one table. */
type ColumnOf<T extends ImageColumn["table"]> = Extract<AnyColumn, { readonly table: T }>;
type NameOf<C> = C extends { readonly name: infer N extends string } ? N : never;

interface Values {
  readonly text: string;
  readonly integer: number;
  readonly bigint: number;
  readonly real: number;
  readonly corners: SkyCorners;
}
type OrNull<C, V> = C extends { readonly isRequired: true } ? V : V | null;
type ValueOf<C extends AnyColumn> = OrNull<C, Values[C["type"]]>;
type Properties<C extends AnyColumn> = { readonly [K in C as K["property"]]: ValueOf<K> };
/** The columns of a table as properties of an image. */
export type ImageValues<T extends ImageColumn["table"]> = Properties<ColumnOf<T>>;
/** A value as the database stores it. */
export type StoredValue = string | number | null;
/** The columns of a table as the database stores them, by name. */
export type StoredColumns<T extends ImageColumn["table"]> = {
  [K in ColumnOf<T> as K["name"]]: OrNull<K, K["type"] extends "text" | "corners" ? string : number>;
};

type Required = Extract<AnyColumn, { readonly isRequired: true }>["property"];
type AllDetail = ImageValues<"image_detail">;

/** Details to be written; what is missing is null. */
export type GivenDetail = Pick<AllDetail, Extract<keyof AllDetail, Required>> & Partial<AllDetail>;

type Shown = Extract<ColumnOf<"image_detail">, { readonly response: object }>;

/** The details that responses show. */
export type ShownDetail = Properties<Shown>;

type SearchedBy<B extends ColumnSearch["by"]> = Extract<AnyColumn, { readonly search: { readonly by: B } }>;
/** The counted columns. */
export type CountedName = NameOf<SearchedBy<"counted">>;
/** Parameters of one kind of search; their names are also the properties of a search. */
export type SearchParameter<B extends ColumnSearch["by"]> = SearchedBy<B>["search"]["parameter"];

/** The columns of a table that exist in a version of the schema. */
export function columnsOf(table: ImageColumn["table"], version: number): readonly ImageColumn[] {
  const columns: readonly ImageColumn[] = IMAGE_COLUMNS;
  return columns.filter((column) => column.table === table && sinceOf(column) <= version);
}

/** The first version of the schema that has a column. */
export function sinceOf({ table, since }: ImageColumn): number {
  return since ?? (table === "image" ? 1 : 2);
}

/** A column with what it needs to be searched. */
export type SearchedColumn = ImageColumn & { readonly search: ColumnSearch };

/** The columns that are searched in one way. */
export function searchedColumns(by: ColumnSearch["by"]): readonly SearchedColumn[] {
  const columns: readonly ImageColumn[] = IMAGE_COLUMNS;
  return columns.filter((column): column is SearchedColumn => column.search?.by === by);
}

type FromLabel<T extends ImageColumn["table"]> = Properties<
  Extract<ColumnOf<T>, { readonly fromLabel: unknown }>
>;

/** The values of a table's columns that come from the label alone. */
export function valuesOfLabel<T extends ImageColumn["table"]>(table: T, label: ImageLabel): FromLabel<T> {
  const columns: readonly ImageColumn[] = IMAGE_COLUMNS;
  const values: Record<string, unknown> = {};
  for (const column of columns) {
    if (column.table === table && column.fromLabel !== undefined)
      values[column.property] = column.fromLabel(label) ?? null;
  }
  return values as FromLabel<T>;
}

/** The counted columns, which `/query` filters by and `/summary` groups by. */
export const DIMENSIONS: readonly CountedName[] = searchedColumns("counted").map(
  ({ name }) => name as CountedName,
);
