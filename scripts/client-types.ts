import { readFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

const root = join(import.meta.dirname, "..");

/** The module with the types of the client. */
export const CLIENT_TYPES = join(root, "packages/client/src/schema.generated.ts");

/** The types of the client, from docs/openapi.json. */
export async function clientTypes(): Promise<string> {
  const document = JSON.parse(readFileSync(join(root, "docs/openapi.json"), "utf8")) as OpenAPI3;
  const types = astToString(await openapiTS(document, { alphabetize: false, immutable: true }));
  return `// Made from docs/openapi.json by scripts/write-docs.ts. Do not edit.\n${types}`;
}
