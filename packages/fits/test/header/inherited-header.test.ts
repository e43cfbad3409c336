import { describe, expect, it } from "vitest";
import { openFits } from "../../src/file/fits-file.ts";
import { headerNumber, headerText } from "../../src/header/header.ts";
import { inheritedHeader } from "../../src/header/image-header.ts";
import { card, concat, headerBlock } from "../support/cards.ts";
import { CountingSource } from "../support/memory-source.ts";

async function file(inherit: string, naxis = 0) {
  const axes = naxis === 0 ? [] : [card("NAXIS1", 1)];
  const primary = headerBlock(
    "SIMPLE  =                    T",
    card("BITPIX", 8),
    card("NAXIS", naxis),
    ...axes,
    card("TELESCOP", "'T05     '"),
    card("EXPTIME", 30),
    card("BZERO", 5),
    card("CHECKSUM", "'abc     '"),
    "COMMENT of the primary header",
  );
  const extension = headerBlock(
    card("XTENSION", "'IMAGE   '"),
    card("BITPIX", 16),
    card("NAXIS", 0),
    card("PCOUNT", 0),
    card("GCOUNT", 1),
    inherit,
    card("EXPTIME", 15),
  );
  const data = new Uint8Array(naxis === 0 ? 0 : 2880);
  const { hdus } = await openFits(new CountingSource(concat(primary, data, extension)));
  return inheritedHeader(hdus[1]!.header, hdus[0]!);
}

describe("the INHERIT convention", () => {
  it("INHERIT = T adds the missing keywords of the primary header, but nothing about its structure", async () => {
    const header = await file("INHERIT =                    T");
    expect(headerText(header, "TELESCOP")).toBe("T05");
    expect(headerNumber(header, "EXPTIME")).toBe(15);
    expect(headerNumber(header, "BITPIX")).toBe(16);
    expect(["BZERO", "CHECKSUM", "SIMPLE"].filter((keyword) => header.index.has(keyword))).toEqual([]);
    expect(header.cards.some(({ kind }) => kind === "text")).toBe(false);
  });

  it.each([
    ["= F", "INHERIT =                    F", 0],
    ["missing", "HISTORY no word of it", 0],
    ["of a file with data in its primary HDU", "INHERIT =                    T", 1],
  ])("INHERIT adds nothing: %s", async (_, inherit, naxis) => {
    expect(headerText(await file(inherit, naxis), "TELESCOP")).toBeUndefined();
  });
});
