import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedPages } from "../../scripts/generated-pages.ts";

it.each(Object.entries(await generatedPages()))(
  "docs/%s matches the code (npx tsx scripts/write-docs.ts)",
  (name, text) => {
    expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8")).toBe(text);
  },
);
