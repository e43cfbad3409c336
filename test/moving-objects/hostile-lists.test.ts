import { describe, expect, test } from "vitest";
import { readList } from "../../src/moving-objects/read-list.ts";

const OPTIONS = { maximumRows: 2000, uncTheta: "theta" } as const;
const read = (
  text: string | Uint8Array,
  type = "text/plain",
  options: Parameters<typeof readList>[2] = OPTIONS,
) => readList(typeof text === "string" ? Buffer.from(text) : text, type, options);
const failure = (text: string | Uint8Array, type?: string): unknown => {
  try {
    read(text, type);
  } catch (error) {
    return error;
  }
  return undefined;
};
const unreadable = (line: number, column: number) =>
  expect.objectContaining({ code: "LIST_UNREADABLE", details: { line, column } });

describe("lists that cannot be read", () => {
  test.each([
    ["nothing", "", 1, 1],
    ["blanks only", " \n \n", 1, 1],
    ["a sentence", "these are my asteroids", 1, 1],
    ["JSON that ends early", '{"rows":[\n{"ra":1,', 2, 9],
    ["JSON with a comma too many", '{"rows":[\n{"ra":1,}]}', 2, 9],
    ["JSON without rows", '{"columns":[]}', 1, 1],
    ["JSON with no rows", '{"rows":[]}', 1, 1],
    ["CSV without a declination", "ra,time\n1,2\n", 1, 1],
    ["CSV with the same column twice", "ra,dec,RA,mjd\n1,2,3,4\n", 1, 1],
    ["a quotation that does not end", 'ra,dec,label\n1,2,x\n1,2,"y\n', 3, 5],
    ["ADES without columns", "# version=2017\n1234|K19|CCD\n", 2, 1],
    ["Horizons without an end", "R.A.___(ICRF)\n$$SOE\n1\n", 4, 1],
    ["an unknown XML document", "<note>x</note>", 1, 1],
  ])("%s is LIST_UNREADABLE with line and column", (_, text, line, column) => {
    expect(failure(text)).toEqual(unreadable(line, column));
  });

  test("malformed XML in a list is an error that names the line", () => {
    const text = '<VOTABLE>\n<RESOURCE>\n<TABLE name="x">\n</RESOURCE></VOTABLE>';
    expect(failure(text)).toMatchObject({ code: "LIST_UNREADABLE", details: { line: 4 } });
  });

  test("XML entities in a list are neither declared nor expanded (billion laughs, external files)", () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE VOTABLE [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`).join("")}]><VOTABLE>&a8;</VOTABLE>`;
    expect(failure(bomb)).toMatchObject({
      code: "LIST_UNREADABLE",
      message: expect.stringContaining("document type"),
    });
    const external = '<!DOCTYPE ades SYSTEM "file:///etc/passwd"><ades version="2017"><optical/></ades>';
    expect(failure(external)).toMatchObject({ message: expect.stringContaining("document type") });
    expect(failure("<VOTABLE>&nothing;</VOTABLE>")).toMatchObject({ code: "LIST_UNREADABLE" });
  });

  test("deeply nested XML elements in a list are refused", () => {
    expect(failure(`<VOTABLE>${"<a>".repeat(100_000)}`)).toMatchObject({
      message: expect.stringContaining("nest deeper"),
    });
  });

  test("binary data in a list are refused with the position of the first byte that is not text", () => {
    const gzip = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x80]);
    expect(failure(gzip)).toMatchObject({ code: "LIST_UNREADABLE" });
    expect(failure(Buffer.concat([Buffer.from("ra,dec\n1,"), Buffer.from([0xc3, 0x28])]))).toEqual(
      unreadable(2, 4),
    );
    expect(failure("ra,dec,mjd\n1,2\u0001,3\n")).toEqual(unreadable(2, 4));
  });

  test.each([
    ["a stream that is not base64", "BINARY", "!!!!"],
    ["rows that end early", "BINARY", Buffer.from([0, 0, 0, 1, 2]).toString("base64")],
    [
      "a variable array longer than the stream",
      "BINARY",
      Buffer.from([0xff, 0xff, 0xff, 0xff]).toString("base64"),
      "char",
      "*",
    ],
    ["an arraysize that is no size", "BINARY2", "AAAA", "double", "2xq"],
    ["an unknown datatype", "BINARY", "AAAA", "quaternion"],
  ])("VOTable: %s is refused", (_, form, stream, datatype = "double", arraysize = "") => {
    const fields = ["ra", "dec"].map(
      (name) =>
        `<FIELD name="${name}" datatype="${datatype}"${arraysize === "" ? "" : ` arraysize="${arraysize}"`}/>`,
    );
    const text = `<VOTABLE><RESOURCE><TABLE>${fields.join("")}<DATA><${form}><STREAM encoding="base64">${stream}</STREAM></${form}></DATA></TABLE></RESOURCE></VOTABLE>`;
    expect(failure(text)).toMatchObject({ code: "LIST_UNREADABLE" });
  });

  test("VOTable: galactic positions and unknown time scales are refused by name", () => {
    const table = (system: string, ref: string) =>
      `<VOTABLE><RESOURCE>${system}<TABLE><FIELD name="ra" ref="s" datatype="double"/><FIELD name="dec" ref="s" datatype="double"/>${ref}<DATA><TABLEDATA><TR><TD>1</TD><TD>2</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
    expect(failure(table('<COOSYS ID="s" system="galactic"/>', ""))).toMatchObject({
      message: expect.stringContaining("galactic"),
    });
    expect(failure(table('<TIMESYS ID="s" timescale="GPS"/>', ""))).toMatchObject({
      message: expect.stringContaining("GPS"),
    });
  });
});

describe("lists of any size", () => {
  test("a list of 100,000 rows ends at the limit: LIST_TOO_LARGE names it", () => {
    const text = `ra,dec,mjd\n${"1,2,58000\n".repeat(100_000)}`;
    expect(failure(text)).toMatchObject({ code: "LIST_TOO_LARGE", details: { limit: 2000 } });
    const { rows } = read(text, "text/csv", { ...OPTIONS, maximumRows: 100_000 });
    expect([rows.length, rows.at(-1)!.n]).toEqual([100_000, 100_000]);
  });
});

describe("rows that cannot be read", () => {
  const rowsOf = (text: string) => read(text, "text/csv").rows;

  test("every invalid row is kept, with ROW_INVALID, its column and its value", () => {
    const rows = rowsOf(
      [
        "row,ra,dec,mjd,size,use",
        "a,1,2,58000,,",
        "b,x,2,58000,,",
        "c,1,91,58000,,",
        "d,1,2,yesterday,,",
        "e,1,2,58000,5,",
        "f,1,2,58000,,maybe",
        "g,,2,58000,,",
      ].join("\n"),
    );
    expect(rows.map(({ row, code, column }) => [row, code, column])).toEqual([
      ["a", null, null],
      ["b", "ROW_INVALID", "ra"],
      ["c", "ROW_INVALID", "dec"],
      ["d", "ROW_INVALID", "mjd"],
      ["e", "ROW_INVALID", "size"],
      ["f", "ROW_INVALID", "use"],
      ["g", "ROW_INVALID", "ra"],
    ]);
    expect(rows[2]!.detail).toContain('Column dec is "91"');
  });

  test("a row with too few cells is invalid, and those after it are read", () => {
    const rows = rowsOf("ra,dec,mjd\n1,2\n3,4,58000\n");
    expect(rows.map(({ code }) => code)).toEqual(["ROW_INVALID", null]);
  });

  test("a list row without frame and time is NO_TIME", () => {
    expect(rowsOf("ra,dec,obs_id\n1,2,\n1,2,urn:x\n").map(({ code }) => code)).toEqual(["NO_TIME", null]);
  });

  test("a list row with a rate but no position angle is invalid, unless the rate is 0", () => {
    expect(rowsOf("ra,dec,mjd,rate,pa\n1,2,58000,5,\n1,2,58000,0,\n").map(({ column }) => column)).toEqual([
      "pa",
      null,
    ]);
  });

  test("JSON: objects, arrays and prototypes as values are invalid rows, not crashes", () => {
    const text =
      '{"rows":[{"ra":{"a":1},"dec":2,"mjd":58000},{"ra":[1],"dec":2,"mjd":58000},7,null,{"__proto__":{"ra":1},"constructor":1}]}';
    expect(read(text).rows.map(({ code }) => code)).toEqual(Array(5).fill("ROW_INVALID"));
  });

  test("a list may have line ends of any kind, even mixed, and a byte order mark", () => {
    const { rows } = read('\ufeffra,dec,mjd,label\r\n1,2,58000,"a\nb"\r3,4,58001,c\n\n5,6,58002,d');
    expect(rows.map(({ ra, label }) => [ra, label])).toEqual([
      [1, "a\nb"],
      [3, "c"],
      [5, "d"],
    ]);
    const utf16 = Buffer.from("\ufeffra,dec,mjd\n1,2,58000\n", "utf16le");
    expect(read(utf16).rows).toHaveLength(1);
  });

  test.each([
    ["ra [deg],dec (deg),mjd", "1,2,58000"],
    ["RA;Dec;MJD", "1;2;58000"],
    ["RA\tDEC\tmjd", "1\t2\t58000"],
    ["# a comment\nra , dec , mjd", " 1 , 2 , 58000 "],
  ])("the list header %j is understood", (header, row) => {
    expect(read(`${header}\n${row}\n`).rows[0]).toMatchObject({ ra: 1, dec: 2, mjd: 58000, code: null });
  });

  test("names of Object.prototype are not values, units or columns of a list", () => {
    const row = rowsOf("ra,dec,mjd,use,constructor\n1,2,58000,constructor,toString\n")[0]!;
    expect([row.code, row.column]).toEqual(["ROW_INVALID", "use"]);
    expect(rowsOf("ra [constructor],dec,mjd\n1,2,58000\n")[0]!.column).toBe("ra");
  });

  test("the name of a target has a maximum length, because it becomes part of file names and headers", () => {
    const list = (length: number) =>
      JSON.stringify({ target: "x".repeat(length), rows: [{ ra: 1, dec: 2, mjd: 58000 }] });
    expect(read(list(255)).target).toHaveLength(255);
    expect(() => read(list(256))).toThrow(/name of the target has more than 255 characters/);
  });

  test("unknown units in a list are named", () => {
    const row = rowsOf("ra,dec,mjd,rate [furlong/fortnight],pa\n1,2,58000,5,3\n")[0]!;
    expect([row.code, row.column]).toEqual(["ROW_INVALID", "rate"]);
    expect(row.detail).toContain("furlong");
  });
});
