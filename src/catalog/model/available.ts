import { SisError } from "../../errors/sis-error.ts";
import { databaseError } from "./database-errors.ts";

/** Awaits a database operation. Errors: CATALOG_UNAVAILABLE in place of the driver's own. */
export async function available<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw error instanceof SisError ? error : databaseError(error);
  }
}
