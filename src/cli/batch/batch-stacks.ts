import { isSisError } from "../../errors/sis-error.ts";
import { productBytes } from "../../http/batch/product-part.ts";
import { type WrittenStack, writtenStack } from "../../http/batch/stacks/written-stack.ts";
import type { BatchRow } from "../../moving-objects/batch-row.ts";
import type { ProductService } from "../../products/product.ts";
import { say, warn } from "../run-command.ts";
import type { BatchFolder } from "./batch-folder.ts";

/** A stack or an animation to be written, and the name of its file. */
export interface StackFile extends WrittenStack {
  readonly name: string;
}

/** The rows from which stacks are made, and the batch that they belong to. */
interface StackedRows {
  readonly id: string;
  readonly target: string | null;
  readonly size: string;
  readonly rows: readonly BatchRow[];
}

/**
 * The files that a command names by the parameters of each: stack.fits, stack-2.png, blink.png and
 * so on. Errors: INVALID_PARAMETER.
 */
export function stackFiles(stacks: readonly string[], blinks: readonly string[]): readonly StackFile[] {
  const named = (kind: "stack" | "blink", texts: readonly string[]) =>
    texts.map((text, k) => {
      const written = writtenStack(kind, text);
      return { ...written, name: `${kind}${k === 0 ? "" : `-${k + 1}`}.${written.format}` };
    });
  return [...named("stack", stacks), ...named("blink", blinks)];
}

/** Writes stacks and animations into the directory of a batch; returns whether all were made. */
export async function writeStacks(
  files: readonly StackFile[],
  rows: StackedRows,
  products: ProductService,
  folder: BatchFolder,
): Promise<boolean> {
  let areAllMade = true;
  for (const { name, requestOf } of files) {
    try {
      const product = await products.stack(requestOf(rows));
      await folder.writeFile(name, await productBytes(product));
      say(`${folder.path}/${name}`);
    } catch (error) {
      if (!isSisError(error)) throw error;
      warn(`${name}: ${error.code}: ${error.message}`);
      areAllMade = false;
    }
  }
  return areAllMade;
}
