// Writes what is generated from the code, the pages of docs/ and the types of the client:
// npx tsx scripts/write-docs.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT_TYPES, clientTypes } from "./client-types.ts";
import { generatedPages } from "./generated-pages.ts";

for (const [name, text] of Object.entries(await generatedPages())) {
  writeFileSync(join(import.meta.dirname, "..", "docs", name), text);
}
writeFileSync(CLIENT_TYPES, await clientTypes());
