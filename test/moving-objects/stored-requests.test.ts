import { describe, expect, test } from "vitest";
import { batchOptions } from "../../src/http/batch/batch-options.ts";
import { batchId } from "../../src/moving-objects/batch-request.ts";
import type { ObjectRow } from "../../src/moving-objects/object-row.ts";
import { readList } from "../../src/moving-objects/read-list.ts";
import { rowText, storedRow } from "../../src/moving-objects/row-text.ts";

test("the rows of a job are those of the list, as this version stores them and as older ones did (oracle: the rows themselves)", () => {
  const lines = ["urn:x,1.5,2,12,300,false", ",,2,,,", "urn:y,361,-91,0,,true", "urn:z,10:30:00,-0.5,,5,"];
  const text = `obs_id,ra,dec,rate,pa,use\n${lines.join("\n")}\n`;
  const { rows } = readList(Buffer.from(text), "", { maximumRows: 10, uncTheta: "theta" });
  const sparse: ObjectRow = {
    ...rows[0]!,
    warnings: ["EPHEMERIS_SPARSE"],
    label: 'a "b" \u0161',
    interp_err: 0,
  };
  for (const row of [...rows, sparse]) {
    expect(storedRow(JSON.parse(rowText(row)))).toEqual(row);
    expect(storedRow(JSON.parse(JSON.stringify(row)))).toEqual(row);
  }
  expect(rowText(rows[0]!)).toBe('{"n":1,"obs_id":"urn:x","ra":1.5,"dec":2,"rate":12,"pa":300,"use":false}');
});

test("numbers from which nothing finite can be computed are ROW_INVALID, and rows are JSON whatever they contain (JSON.parse)", () => {
  const read = (text: string) => readList(Buffer.from(text), "", { maximumRows: 10, uncTheta: "theta" }).rows;
  const heads = "# version=2022\npermID|obsTime|stn|ra|dec|rmsRA|rmsDec|rmsCorr";
  const rows = [
    ...read(`${heads}\n65|2021-04-01T07:22:15Z|T05|150|20|1e308|1e308|-0.9\n`),
    ...read("obs_id,ra,dec,rate,pa\nurn:x,1,2,-1e308,3\nurn:x,1,2,1e16,3\n"),
  ];
  expect(rows.map(({ code, column }) => [code, column])).toEqual([
    ["ROW_INVALID", "rmsRA"],
    ["ROW_INVALID", "rate"],
    ["ROW_INVALID", "rate"],
  ]);
  const odd: ObjectRow = { ...rows[0]!, unc_a: Number.NaN, unc_b: Number.POSITIVE_INFINITY };
  expect(storedRow(JSON.parse(rowText(odd)))).toMatchObject({ unc_a: null, unc_b: null });
});

describe("ids of batches", () => {
  const idOf = (text: string, query: Record<string, string> = {}) => {
    const list = readList(Buffer.from(text), "", { maximumRows: 10, uncTheta: "theta" });
    return batchId({ target: list.target, options: batchOptions(query, list), rows: list.rows });
  };

  test("batches of the same rows have the same id in every list format; other rows or options have another", () => {
    const id = idOf("obs_id,ra,dec\nurn:x,1.50,2\n");
    expect(id).toMatch(/^[a-z2-7]{26}$/);
    expect(idOf('[{"product_id":"urn:x","dec":2,"ra":"1.5"}]')).toBe(id);
    expect(idOf("lid\tDEC\tRA\nurn:x\t2\t1.5\n")).toBe(id);
    expect(idOf("obs_id,ra,dec\nurn:x,1.5,2.1\n")).not.toBe(id);
    expect(idOf("obs_id,ra,dec\nurn:x,1.5,2\n", { size: "6arcmin" })).not.toBe(id);
  });

  test("options next to the rows of a JSON list apply, but the query takes precedence", () => {
    const rows = '"rows":[{"obs_id":"urn:x","ra":1,"dec":2}]';
    expect(idOf(`{${rows},"size":"6arcmin"}`)).toBe(idOf(`{${rows}}`, { size: "6arcmin" }));
    expect(idOf(`{${rows},"size":"6arcmin"}`, { size: "7arcmin" })).toBe(
      idOf(`{${rows}}`, { size: "7arcmin" }),
    );
    expect(() => idOf(`{${rows},"size":"6"}`)).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMETER" }),
    );
    expect(() => idOf(`{${rows},"marks":"object"}`)).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMETER" }),
    );
  });
});
