import type { VectorBox } from "@sbnsis/wcs/internal";
import { type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseSettings } from "../../config/settings-groups.ts";
import { SisError } from "../../errors/sis-error.ts";
import type { HarvestedImage, WriteOutcome, WriterOptions } from "../image-writer.ts";
import type { ImageColumn } from "../model/column.ts";
import type { StoredValue } from "../model/image.ts";
import type { ReadValue } from "../model/rows.ts";
import type { CatalogTables, Migration, SchemaParts } from "../schema/tables.ts";
import type { ObscoreAddresses } from "../views/obscore-view.ts";

/** The purpose of a connection: serving and inspecting only read. */
export type Purpose = "serve" | "inspect" | "write";

/** Receives what an operator should know, in words without passwords. */
export type Warn = (warning: string) => void;

/** A column of an existing table. */
interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
  /** Whether new rows need no value; SQLite does not say. */
  readonly hasDefault?: number;
}

/** Why a database cannot be used. */
export interface DatabaseProblem {
  /** In words that contain no host, path or user. */
  readonly reason: string;
  /** Whether it may recover without intervention. */
  readonly isAway: boolean;
  /** What the operator can do, after a colon, or nothing. */
  readonly hint: string;
}

type Count = RawBuilder<{ n: number }>;
type Statements = readonly RawBuilder<unknown>[];

/**
 * Everything that differs between the databases that the catalog supports. Code outside
 * `engines/` is the same for both.
 */
export interface Engine {
  readonly migrations: readonly Migration[];
  /** What a version of the schema has when these tables exist. */
  partsOf(version: number, relations?: ReadonlySet<string>): SchemaParts;
  /**
   * Divides the index of footprints by year if it has at least `above` footprints and is not
   * divided yet; returns whether it did. Undefined if the engine has no such tables.
   */
  readonly divideFootprints: ((database: CatalogDatabase, above: number) => Promise<boolean>) | undefined;
  /** Opens a database. Errors: CATALOG_UNAVAILABLE, CONFIG_INVALID. */
  open(settings: DatabaseSettings, purpose: Purpose, warn?: Warn): CatalogDatabase;
  /** The path of the database if it is a file that does not exist yet. */
  missingFile(settings: DatabaseSettings): string | undefined;
  /** What to check when a database with these settings cannot be used. */
  readonly remedy: string;
  problemOf(error: unknown): DatabaseProblem;
  /** Whether reopening a served database may help after this error. */
  isOutdatedBy(error: unknown): boolean;
  /** Whether a transaction failed because another program holds a lock or the server is away. */
  isBusy(error: unknown): boolean;

  /** Begins a transaction that excludes other migrations. */
  readonly beginMigration: Statements;
  /** Begins a transaction during which no other writer can change `image`. */
  readonly beginSealing: Statements;
  /** Sums up rows of `image_block` that triggers have added. */
  readonly foldBlocks: Statements;
  /** Creates the view of ObsCore; undefined if the database has no schemas for it. */
  readonly obscoreView: ((addresses: ObscoreAddresses) => readonly string[]) | undefined;
  /** Updates the statistics of the query planner. */
  readonly analyze: Statements;

  /** A value that differs after any change by another connection. */
  readonly changeMarker: RawBuilder<{ version: unknown }>;
  /** Names of the existing tables, views and triggers. */
  readonly relationNames: RawBuilder<{ name: string }>;
  columnsOf(table: "image" | "image_detail"): RawBuilder<ColumnInfo>;
  /** Counts the unique indexes of the LID alone. */
  readonly uniqueLids: Count;
  /** Counts the entries of the index of footprints. */
  readonly footprints: Count;

  /** The function from a character code to the character. */
  readonly character: string;
  /** Whether an intersection of ordered lists is found in order, without reading all of them. */
  readonly mergesLists: boolean;
  /** A join in the written order, if the engine does not choose a good one by itself. */
  readonly orderedJoin: RawBuilder<unknown>;
  /** A table that is scanned in the order of its ids, whatever its indexes offer. */
  unindexed(table: "image" | "image_detail"): RawBuilder<unknown>;
  /** `image.obs_id`, compared by code points. */
  readonly lidByCodePoints: RawBuilder<unknown>;
  /**
   * Whether a column has one of several values, passed as one parameter whatever their number, so
   * that few statements are prepared.
   */
  isAmong(column: RawBuilder<unknown>, values: readonly number[] | readonly string[]): RawBuilder<SqlBool>;
  /** Rows of values, passed as one parameter, as a table named `sent` in a FROM clause. */
  sentRows(
    columns: readonly Pick<ImageColumn, "name" | "type">[],
    rows: readonly Readonly<Record<string, StoredValue>>[],
  ): RawBuilder<unknown>;
  /** An expression for a JSON array of columns; it may round reals. */
  jsonArray(columns: readonly string[]): string;
  /**
   * Whether the box of a footprint meets `box` and its cap; never misses one. An exact test is
   * made later.
   */
  footprintsMeeting(box: VectorBox): RawBuilder<SqlBool>;
  /** Whether a URL of a row of `image` begins with a text, which ends in a slash. */
  urlBegins(beginning: string): RawBuilder<SqlBool>;
}

/** An open database, or one of its connections. */
export interface CatalogDatabase {
  readonly engine: Engine;
  readonly kysely: Kysely<CatalogTables>;
  /** The rows that a prepared statement selects, as arrays of values. */
  fetch(statement: string, parameters: readonly unknown[]): Promise<readonly (readonly ReadValue[])[]>;
  /** Whether it is still the database that was opened. */
  isCurrent(): boolean;
  /** Whether what was just read is consistent. */
  isSound(): boolean;
  /** Writes a batch in one transaction, concurrently with other processes that do the same. */
  write(images: readonly HarvestedImage[], options: WriterOptions): Promise<readonly WriteOutcome[]>;
  close(): Promise<void>;
}

/** Runs statements on one connection; in `work`, `kysely` is that connection. */
export async function onOneConnection<T>(
  database: CatalogDatabase,
  work: (connection: CatalogDatabase) => Promise<T>,
): Promise<T> {
  return await database.kysely.connection().execute(async (kysely) => await work({ ...database, kysely }));
}

/** Awaits a database operation. Errors: CATALOG_UNAVAILABLE in place of the driver's own. */
export async function available<T>(engine: Engine, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof SisError) throw error;
    const message = error instanceof Error ? error.message || String(error.name) : String(error);
    const { reason, isAway, hint } = engine.problemOf(error);
    throw new SisError("CATALOG_UNAVAILABLE", `the database cannot be used: ${message}${hint}`, {
      details: { reason, away: isAway },
      cause: error,
    });
  }
}

/** Bounds of 32 bits are rounded by less than this. */
const COARSE = 1e-6;

/**
 * Whether a footprint may reach into the cap that bounds a region: its box encloses a cap (see
 * `footprintBox`), whose middle and radius follow from it. If s is the vector of the sums of the
 * bounds, s / 2 is the middle times the cosine of the radius, unless the cap has an end of an axis.
 * Two caps meet if their middles are at most the sum of their radii apart.
 *
 * @param least lower bounds of x, y and z, and `greatest` upper bounds
 */
export function meetsCap(
  { cap }: VectorBox,
  least: readonly RawBuilder<unknown>[],
  greatest: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  if (cap === undefined || cap.radius >= Math.PI / 2) return sql``;
  const sums = least.map((low, axis) => sql`(${low} + ${greatest[axis]!})`);
  const hasEnd = [
    ...least.map((low) => sql`${low} < -0.99999`),
    ...greatest.map((high) => sql`${high} > 0.99999`),
  ];
  const square = sql`(${sql.join(
    sums.map((sum) => sql`${sum} * ${sum}`),
    sql` + `,
  )}) / 4.0`;
  const product = sql`(${sql.join(
    sums.map((sum, axis) => sql`${sum} * ${cap.middle[axis]!}`),
    sql` + `,
  )}) / 2.0`;
  const sine = sql`sqrt(abs(${square} * (${1 + COARSE} - ${square})))`;
  return sql` and (${sql.join(hasEnd, sql` or `)} or ${product} + ${sine} * ${Math.sin(cap.radius)}
    >= ${square} * ${Math.cos(cap.radius)} - ${COARSE})`;
}
