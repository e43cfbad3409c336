import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { SisError } from "../errors/sis-error.ts";
import { systemReason } from "../errors/system-reason.ts";
import { LidTable } from "./find/lid-table.ts";
import type { HarvestEvent } from "./harvest.ts";

/** A difference between collection inventories and the labels found. */
export interface InventoryFinding {
  /** The label, or the inventory that lists a product without one. */
  readonly path: string;
  readonly outcome: "unlisted" | "other-version" | "missing";
  readonly lid: string;
  readonly reason: string;
}

/** Longest line that is read, without surrounding blanks: a LID has at most 255 characters. */
const LONGEST_LINE = 2000;
const STATUS = /^"?([PS])"?/i;
const PRODUCT = /^"?(urn:[^\s",|;]+)"?$/i;
const VERSION = /^\d{1,20}\.\d{1,20}$/;

interface Member {
  readonly lid: string;
  readonly version: string | undefined;
}

/**
 * The primary member that a line of an inventory lists: member status, and LID with or without
 * version, separated by a comma, semicolon, vertical bar, tab or spaces; undefined for a secondary
 * member and for any other text.
 */
function primaryMember(text: string): Member | undefined {
  const line = text.trim();
  if (line.length > LONGEST_LINE) return undefined;
  const status = STATUS.exec(line);
  if (status?.[1]?.toUpperCase() !== "P") return undefined;
  const rest = line.slice(status[0].length).trimStart();
  const product = PRODUCT.exec((/^[,|;]/.test(rest) ? rest.slice(1) : rest).trimStart())?.[1];
  if (product === undefined) return undefined;
  const colons = product.lastIndexOf("::");
  const version = colons < 0 ? "" : product.slice(colons + 2);
  return VERSION.test(version)
    ? { lid: product.slice(0, colons), version }
    : { lid: product, version: undefined };
}

function collectionOf(lid: string): string {
  return lid.split(":").slice(0, 5).join(":");
}

/**
 * The primary members of an inventory, one by one; secondary ones belong to other collections.
 * Errors: OPERATION_FAILED.
 */
async function* membersOf(path: string): AsyncGenerator<Member> {
  const stream = createReadStream(path, "utf8");
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      const member = primaryMember(line);
      if (member !== undefined) yield member;
    }
  } catch (cause) {
    throw new SisError("OPERATION_FAILED", `the inventory cannot be read: ${systemReason(cause)}`, {
      cause,
    });
  } finally {
    stream.destroy();
  }
}

/** Compares collection inventories with the labels of a harvest. */
export class Inventory {
  readonly #paths: readonly string[];
  readonly #table = new LidTable();
  readonly #collections = new Set<string>();

  private constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /**
   * Reads inventories. Errors: OPERATION_FAILED for one that cannot be read or lists no product.
   */
  static async read(paths: readonly string[]): Promise<Inventory> {
    const inventory = new Inventory(paths);
    for (const path of paths) {
      let members = 0;
      for await (const { lid, version } of membersOf(path)) {
        members += 1;
        inventory.#table.list(lid);
        if (version !== undefined) inventory.#table.list(`${lid}::${version}`);
        inventory.#collections.add(collectionOf(lid));
      }
      if (members === 0) {
        throw new SisError(
          "OPERATION_FAILED",
          `${path} lists no product: lines such as P,urn:...::1.0 are expected`,
        );
      }
    }
    return inventory;
  }

  /**
   * Records a label that was found, and reports where it differs from the inventory of its
   * collection.
   */
  take({ path, lid, version }: HarvestEvent): InventoryFinding | undefined {
    // a collection is not in its own inventory
    if (lid === undefined || lid === collectionOf(lid) || !this.#collections.has(collectionOf(lid)))
      return undefined;
    if (!this.#table.isListed(lid)) {
      return { path, outcome: "unlisted", lid, reason: "not listed in the inventory of its collection" };
    }
    this.#table.see(lid);
    if (version === undefined || this.#table.isListed(`${lid}::${version}`)) return undefined;
    return {
      path,
      outcome: "other-version",
      lid,
      reason: `the inventory does not list version ${version}`,
    };
  }

  /** After all labels: the listed products without a label. */
  async *missing(): AsyncGenerator<InventoryFinding> {
    for (const path of this.#paths) {
      for await (const { lid } of membersOf(path)) {
        if (this.#table.isSeen(lid)) continue;
        this.#table.see(lid);
        yield { path, outcome: "missing", lid, reason: "no label found" };
      }
    }
  }
}
