// Writes the pages that are generated from the code: npx tsx scripts/write-docs.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./generated-pages.ts";

for (const [name, text] of Object.entries(await generatedPages())) {
  writeFileSync(join(import.meta.dirname, "..", "docs", name), text);
}
