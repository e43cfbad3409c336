import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownPart, replaceFile, replaceFileSync } from "../../concurrency/part-file.ts";
import { SisError } from "../../errors/sis-error.ts";
import { manifestCsv, manifestObjects } from "../../http/batch/manifest/manifest.ts";
import type { BatchFormat } from "../../moving-objects/batch-request.ts";
import { type BatchRow, rowFileName } from "../../moving-objects/batch-row.ts";
import { emptyBatchRow } from "../../moving-objects/make/row-facts.ts";
import type { ObjectRow } from "../../moving-objects/object-row.ts";

/** Files of a directory: the id of its batch, a line for each finished row, and the manifests. */
const ID_FILE = "batch-id";
const ROWS_FILE = "rows.ndjson";

/** Writes a file atomically: readers see all of it or nothing. */
function place(path: string, text: string): void {
  replaceFileSync(path, (part) => writeFileSync(part, text), ownPart(path));
}

/** The directory with the files of one batch. A run that was interrupted is resumed from it. */
export class BatchFolder {
  readonly path: string;
  readonly #rows = new Map<number, BatchRow>();

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens or creates a directory. Errors: OPERATION_FAILED when it contains another batch; those of
   * the file system.
   */
  static open(path: string, id: string): BatchFolder {
    mkdirSync(path, { recursive: true });
    const idFile = join(path, ID_FILE);
    if (existsSync(idFile)) {
      const there = readFileSync(idFile, "utf8").trim();
      if (there !== id) {
        throw new SisError("OPERATION_FAILED", `${path} contains another batch; use another --out`);
      }
    } else place(idFile, `${id}\n`);
    const folder = new BatchFolder(path);
    folder.#read();
    return folder;
  }

  /**
   * Rows of an earlier run. A row whose line was cut off when that run was killed is made again.
   */
  #read(): void {
    const file = join(this.path, ROWS_FILE);
    if (!existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
    for (const line of text.split("\n")) {
      let row: BatchRow;
      try {
        row = JSON.parse(line) as BatchRow;
      } catch {
        continue;
      }
      this.#rows.set(row.n, row);
    }
  }

  /** Whether a row was made before, and its files are still there. */
  isDone(n: number): boolean {
    const row = this.#rows.get(n);
    if (row?.status !== "done") return false;
    return row.products.every(({ format }) => existsSync(join(this.path, rowFileName(row, format))));
  }

  /** Writes a product. */
  readonly write = async (row: BatchRow, format: BatchFormat, bytes: Uint8Array): Promise<void> => {
    await this.writeFile(rowFileName(row, format), bytes);
  };

  /** Writes a file atomically: readers see all of it or nothing. */
  async writeFile(name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.path, name);
    await replaceFile(path, (part) => writeFile(part, bytes), ownPart(path));
  }

  /** Records a finished row. */
  add(row: BatchRow): void {
    this.#rows.set(row.n, row);
    appendFileSync(join(this.path, ROWS_FILE), `${JSON.stringify(row)}\n`);
  }

  /** Writes the manifests of all rows, in the order of the list, and returns their lines. */
  finish(rows: readonly ObjectRow[]): readonly BatchRow[] {
    const all = rows.map((row) => this.#rows.get(row.n) ?? emptyBatchRow(row));
    const parts = { rows: all, baseUrl: undefined };
    place(join(this.path, "manifest.csv"), manifestCsv(parts));
    place(join(this.path, "manifest.json"), `${JSON.stringify(manifestObjects(parts), null, 1)}\n`);
    return all;
  }
}
