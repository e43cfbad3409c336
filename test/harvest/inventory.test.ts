import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LidTable } from "../../src/harvest/find/lid-table.ts";
import type { HarvestEvent } from "../../src/harvest/harvest.ts";
import { Inventory } from "../../src/harvest/inventory.ts";
import { draws } from "../support/draws.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-inventory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(text: string): string {
  const path = join(folder, "inventory");
  writeFileSync(path, text);
  return path;
}

const event = (name: string, version = "1.0"): HarvestEvent => ({
  path: `/labels/${name}.xml`,
  outcome: "added",
  lid: `urn:nasa:pds:made:data:${name}`,
  version,
});

async function missingOf(inventory: Inventory): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { lid, outcome } of inventory.missing()) {
    expect(outcome).toBe("missing");
    names.push(lid.split(":").at(-1)!);
  }
  return names;
}

it.each([
  ["commas", ",", "\n"],
  ["tabulators", "\t", "\r\n"],
  ["blanks, of fixed width", " ", "   \r\n"],
  ["quotes and commas", '","', '"\n"'],
])(
  "an inventory with %s is compared with the labels found, in both directions (the sets)",
  async (_, between, end) => {
    const quote = between.includes('"') ? '"' : "";
    const lines = ["one::1.0", "two::1.0", "three::2.0", "four"].map(
      (name) => `P${between}urn:nasa:pds:made:data:${name}`,
    );
    lines.push(`S${between}urn:nasa:pds:other:data:secondary::1.0`);
    const inventory = await Inventory.read([put(quote + lines.join(end) + quote)]);
    expect(inventory.take(event("one"))).toBeUndefined();
    expect(inventory.take(event("three"))).toMatchObject({
      outcome: "other-version",
      path: "/labels/three.xml",
    });
    expect(inventory.take(event("five"))).toMatchObject({ outcome: "unlisted" });
    expect(inventory.take({ ...event("x"), lid: "urn:nasa:pds:made:elsewhere:x" })).toBeUndefined();
    expect(inventory.take({ path: "/labels/bad.xml", outcome: "failed" })).toBeUndefined();
    expect(await missingOf(inventory)).toEqual(["two", "four"]);
  },
);

it.each([
  ["nothing of the kind", "<Product_Observational/>"],
  ["no line", ""],
])("a file with %s is not an inventory", async (_, text) => {
  await expect(Inventory.read([put(text)])).rejects.toMatchObject({ code: "OPERATION_FAILED" });
  await expect(Inventory.read([join(folder, "none")])).rejects.toMatchObject({ code: "OPERATION_FAILED" });
});

it("the table of an inventory remembers which of many texts were listed and seen (two sets)", () => {
  const table = new LidTable();
  const text = (i: number) => `urn:nasa:pds:made:data:n${i}`;
  for (let i = 0; i < 100_000; i += 2) table.list(text(i));
  for (let i = 0; i < 100_000; i += 3) table.see(text(i));
  fc.assert(
    fc.property(fc.nat(200_000), (i) => {
      expect(table.isListed(text(i))).toBe(i < 100_000 && i % 2 === 0);
      expect(table.isSeen(text(i))).toBe(i < 100_000 && i % 3 === 0);
    }),
    { numRuns: draws(5000), seed: 7 },
  );
});

it.each([
  ["tabulators", `P${"\t".repeat(200_000)}x`],
  ["blanks", `P${" ".repeat(200_000)},${" ".repeat(200_000)}x`],
  ["colons", `P,urn:${"::1.0".repeat(40_000)}x y`],
  ["digits", `P,urn:a::${"1".repeat(200_000)}.x`],
])("a line of an inventory with a long run of %s lists nothing and hides no other line", async (_, line) => {
  const inventory = await Inventory.read([put(`${line}\nP,urn:nasa:pds:made:data:a::1.0\n${line}`)]);
  expect(await missingOf(inventory)).toEqual(["a"]);
});

it.each([
  ["P\turn:x:y:z:made:a::1.0", ["a"]],
  [' "p" ; "urn:x:y:z:made:a::10.2" ', ["a"]],
  ["P urn:x:y:z:made:a", ["a"]],
  ["P|urn:x:y:z:made:a::1", ["1"]],
  ["Purn:x:y:z:made:a::1.0", ["a"]],
])("the line %j of an inventory lists its product", async (line, names) => {
  expect(await missingOf(await Inventory.read([put(line)]))).toEqual(names);
});
