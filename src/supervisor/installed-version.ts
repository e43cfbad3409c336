import { readFileSync } from "node:fs";
import { SisError } from "../errors/sis-error.ts";

/** The version that lies on disk now; a running master may be of an older one. Errors: OPERATION_FAILED when package.json is damaged. */
export function installedVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const version: unknown = (JSON.parse(text) as { version?: unknown }).version;
  if (typeof version === "string") return version;
  throw new SisError("OPERATION_FAILED", "package.json of the installation names no version");
}
