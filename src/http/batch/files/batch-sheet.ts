import { isSisError } from "../../../errors/sis-error.ts";
import type { Job } from "../../../jobs/job.ts";
import type { BatchJob } from "../../../moving-objects/batch-handler.ts";
import type { ProductService } from "../../../products/product.ts";
import { type ListedRow, listedRequests } from "../listed-rows.ts";
import { type PartOptions, productBytes } from "../product-part.ts";
import type { SheetCell } from "./contact-sheet.ts";

/** The square of a row: a picture of its own, whatever formats the batch has. */
export function sheetCell(
  one: ListedRow,
  job: Job,
  products: ProductService,
  options: PartOptions,
): SheetCell {
  const { row } = one;
  const { marks } = (job.request as unknown as BatchJob).options;
  const [made] = listedRequests(one, job, {
    formats: ["png"],
    align: true,
    marks: [...new Set([...marks, "object" as const])],
  });
  const time = row.mid?.slice(0, 19).replace("T", " ") ?? "";
  return {
    caption: `${String(row.n).padStart(4, "0")} ${time}`,
    picture: async () => {
      if (made === undefined || row.status === "failed") return row.code ?? "no picture";
      try {
        return await productBytes(await products.get(made.request, options));
      } catch (error) {
        if (!isSisError(error) || isSisError(error, "CANCELLED", "OVERLOADED", "STOPPING")) throw error;
        return error.code;
      }
    },
  };
}
