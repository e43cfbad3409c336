import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { ReadValue } from "../model/rows.ts";
import type { CatalogTables } from "../schema/tables.ts";
import type { CatalogDatabase } from "./engine.ts";

/** Stands for a value that is not known yet. */
class Parameter<Name> {
  readonly name: Name;

  constructor(name: Name) {
    this.name = name;
  }
}

/** Refers to a parameter in the text of a query. */
export type ParameterOf<Name extends string> = (name: Name) => RawBuilder<unknown>;

/** A query that is compiled once and executed with different values of its named parameters. */
export class PreparedQuery<Name extends string> {
  readonly #database: CatalogDatabase;
  readonly #statement: string;
  readonly #names: readonly Name[];

  constructor(
    database: CatalogDatabase,
    query: (parameter: ParameterOf<Name>) => {
      compile(kysely: Kysely<CatalogTables>): {
        readonly sql: string;
        readonly parameters: readonly unknown[];
      };
    },
  ) {
    const compiled = query((name) => sql`${new Parameter(name)}`).compile(database.kysely);
    this.#database = database;
    this.#statement = compiled.sql;
    this.#names = compiled.parameters.map((parameter) => (parameter as Parameter<Name>).name);
  }

  /** The selected rows, as arrays of values. Errors: those of the driver. */
  async rows(values: Readonly<Record<Name, unknown>>): Promise<readonly (readonly ReadValue[])[]> {
    return await this.#database.fetch(
      this.#statement,
      this.#names.map((name) => values[name]),
    );
  }
}
