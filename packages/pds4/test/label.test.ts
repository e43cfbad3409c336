import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSisError } from "../../../src/errors/sis-error.ts";
import { draws } from "../../../test/support/draws.ts";
import { component, corners, type LabelParts, makeLabel } from "../../../test/support/inputs/make-label.ts";
import { readLabel } from "../src/label/label.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (parts: LabelParts) => readLabel(bytes(makeLabel(parts)));
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isSisError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "read";
}

function matrix(elements: readonly (readonly [number, number, number])[], unit = ""): string {
  return `<ebt:Coordinate_Frame_Transformation_Matrix>${elements
    .map(
      ([w, p, v]) =>
        `<ebt:Transformation_Element><ebt:world_axis_index>${w}</ebt:world_axis_index><ebt:pixel_axis_index>${p}</ebt:pixel_axis_index><ebt:element_value${unit}>${v}</ebt:element_value></ebt:Transformation_Element>`,
    )
    .join("")}</ebt:Coordinate_Frame_Transformation_Matrix>`;
}

describe("a label as the surveys write it", () => {
  it("the label of an ATLAS image gives its catalog record, field by field (behaviour contract)", () => {
    expect(read({})).toMatchObject({
      lid: "urn:nasa:pds:made.survey:data:one",
      collection: "urn:nasa:pds:made.survey:data",
      facility: "Scope",
      instrument: "Camera",
      target: "Multiple Asteroids",
      calibrationLevel: 2,
      pixelScale: undefined,
      file: { name: "image.fits" },
    });
  });

  it.each([
    ["Telemetry", 0],
    ["Raw", 0],
    ["Partially Processed", 1],
    ["Calibrated", 2],
    ["Derived", 3],
    ["Otherwise", undefined],
    ["constructor", undefined],
  ])("processing level %s is %s", (level, expected) => {
    expect(read({ level }).calibrationLevel).toBe(expected);
  });

  it("the pixel scale uses the matrix elements by their indices, in any order and unit", () => {
    const straight = [
      [1, 1, -3],
      [1, 2, 1],
      [2, 1, 1],
      [2, 2, 5],
    ] as const;
    const expected = Math.sqrt(16);
    expect(read({ discipline: matrix(straight) }).pixelScale).toBeCloseTo(expected, 12);
    expect(read({ discipline: matrix([...straight].reverse()) }).pixelScale).toBeCloseTo(expected, 12);
    const inArcsec = matrix(straight, ' unit="arcsec/pixel"');
    expect(read({ discipline: inArcsec }).pixelScale).toBeCloseTo(expected / 3600, 12);
  });

  it("image corners are ordered around the image", () => {
    const discipline = corners([
      [359, 1],
      [1, 1],
      [359, -1],
      [-359, -1],
    ]);
    expect(read({ discipline }).corners).toEqual([
      [359, 1],
      [1, 1],
      [1, -1],
      [359, -1],
    ]);
    expect(read({ discipline: corners([[1, 91]]) }).corners).toBeUndefined();
  });
});

describe("legal variants", () => {
  it.each([
    ["typed without references", component("S", "Telescope") + component("C", "Instrument"), "S", "C"],
    ["a facility only", component("O", "Observatory", "is_facility"), "O", "Unknown"],
    ["a host only", component("H", "Host"), "H", "Unknown"],
    [
      "several instruments",
      component("A", "Instrument", "is_instrument") + component("B", "Instrument", "is_instrument"),
      "Unknown",
      "A",
    ],
    [
      "a telescope after its observatory",
      component("O", "Host", "is_facility") + component("T", "Telescope", "is_telescope"),
      "T",
      "Unknown",
    ],
  ])("the observing system of a label: %s", (_, system, facility, instrument) => {
    expect(read({ system })).toMatchObject({ facility, instrument });
  });

  it("the file area that holds the image is chosen among several", () => {
    const area = (name: string, content: string) =>
      `<File_Area_Observational><File><file_name>${name}</file_name></File>${content}</File_Area_Observational>`;
    const files = `${area("t.tab", "<Table_Character/>")}${area("i.fits", "<Array_2D_Image/>")}<File_Area_Observational_Supplemental><File><file_name>s.fits</file_name></File></File_Area_Observational_Supplemental>`;
    expect(read({ files }).file.name).toBe("i.fits");
    expect(codeOf(() => read({ files: area("t.tab", "<Table_Character/>") }))).toMatch(/^LABEL_SKIPPED/);
    expect(codeOf(() => read({ files: "" }))).toMatch(/^LABEL_INVALID/);
  });

  it("a label without a target or with nil times gives undefined values", () => {
    const time =
      '<Time_Coordinates><start_date_time xsi:nil="true" nilReason="unknown"/><stop_date_time xsi:nil="true"/></Time_Coordinates>';
    expect(read({ target: "", time })).toMatchObject({
      target: undefined,
      startTime: undefined,
      startMjd: undefined,
    });
  });

  it.each([
    ["prefixed", (t: string) => t.replace(/<(\/?)([A-Z]\w+|[a-z_]+)(?=[ />])/g, "<$1p:$2")],
    ["with a byte order mark", (t: string) => `\uFEFF${t}`],
  ])("a label is read %s", (_, change) => {
    expect(readLabel(bytes(change(makeLabel()))).lid).toBe("urn:nasa:pds:made.survey:data:one");
  });

  it.each([64, 65, 1000, 65_536])("an element with %i attributes is read", (count) => {
    const attributes = Array.from({ length: count }, (_, i) => `x${i}="${i}"`).join(" ");
    for (const name of ["logical_identifier", "title"]) {
      const text = makeLabel().replace(`<${name}>`, `<${name} ${attributes}>`);
      expect(readLabel(bytes(text)).lid).toBe("urn:nasa:pds:made.survey:data:one");
    }
  });

  it("the rollover magnitude is taken where a label has no limiting one (survey dictionary 1.0)", () => {
    const rollover =
      '<survey:Rollover><survey:rollover_magnitude>21.80</survey:rollover_magnitude ><survey:rollover_fwhm unit="arcsec">3.50</survey:rollover_fwhm ><survey:rollover_snr>3.80</survey:rollover_snr></survey:Rollover>';
    const limits =
      "<survey:Limiting_Magnitudes><survey:band_name>G</survey:band_name><survey:Percentage_Limit><survey:percentage>50</survey:percentage><survey:limiting_magnitude>20.5</survey:limiting_magnitude></survey:Percentage_Limit></survey:Limiting_Magnitudes>";
    const magnitude = (inside: string) =>
      read({ discipline: `<survey:Survey>${inside}</survey:Survey>` }).limitingMagnitude;
    expect(magnitude(rollover)).toBe(21.8);
    expect(magnitude(limits + rollover)).toBe(20.5);
    expect(magnitude(rollover.replace("21.80", ""))).toBeUndefined();
  });

  it("labels in UTF-16 and ISO-8859-1 are read", () => {
    const text = makeLabel({ title: "Ä" });
    const utf16 = Buffer.from(`\uFEFF${text.replace("UTF-8", "UTF-16")}`, "utf16le");
    expect(readLabel(utf16).title).toBe("Ä");
    expect(readLabel(Buffer.from(text.replace("UTF-8", "ISO-8859-1"), "latin1")).title).toBe("Ä");
  });
});

describe("hostile labels", () => {
  const head = "<Product_Observational>";
  it.each([
    [
      "Last Index Fastest",
      [
        ["Line", 20, 1],
        ["Sample", 30, 2],
      ],
      [30, 20],
    ],
    [
      "Last Index Fastest",
      [
        ["Sample", 30, 2],
        ["Line", 20, 1],
      ],
      [30, 20],
    ],
    [
      "First Index Fastest",
      [
        ["Line", 20, 1],
        ["Sample", 30, 2],
      ],
      [20, 30],
    ],
    [
      "Last Index Fastest",
      [
        ["Band", 3, 1],
        ["Line", 20, 2],
        ["Sample", 30, 3],
      ],
      [30, 20],
    ],
    [
      "Last Index Fastest",
      [
        ["Line", 20, 1],
        ["Sample", 30, 3],
      ],
      undefined,
    ],
    [
      "Last Index Fastest",
      [
        ["Line", 0, 1],
        ["Sample", 30, 2],
      ],
      undefined,
    ],
    ["Last Index Fastest", [], undefined],
  ] as const)(
    "the axes of an array are in order of storage: %s, %j (PDS4 Information Model)",
    (order, axes, expected) => {
      const arrays = axes.map(
        ([name, elements, number]) =>
          `<Axis_Array><axis_name>${name}</axis_name><elements>${elements}</elements><sequence_number>${number}</sequence_number></Axis_Array>`,
      );
      const files = `<File_Area_Observational><File><file_name>a.fits</file_name><file_size unit="byte">2880</file_size></File><Array_2D_Image><axis_index_order>${order}</axis_index_order>${arrays.join("")}</Array_2D_Image></File_Area_Observational>`;
      expect(read({ files }).file).toEqual({ name: "a.fits", md5: undefined, size: 2880, axes: expected });
    },
  );

  it.each([
    ["a DTD", `<!DOCTYPE a [<!ENTITY b "c">]>${makeLabel().slice(40)}`, "document type"],
    ["depth", head + "<a>".repeat(100), "nest deeper than 64"],
    [
      "attributes",
      `<a ${Array.from({ length: 65_537 }, (_, i) => `x${i}="1"`).join(" ")}/>`,
      "65536 attributes",
    ],
    ["elements", `${head}${"<a/>".repeat(200_001)}`, "200000 elements"],
    ["an unknown entity", `${head}&b;</Product_Observational>`, "not well-formed"],
    ["a cut end", makeLabel().slice(0, 900), "not well-formed"],
    ["nothing", "", "not well-formed|empty"],
    ["an unknown encoding", '<?xml version="1.0" encoding="x-none"?><a/>', "encoding x-none"],
    ["another root", "<html/>", "root element html"],
    ["a path for a file", makeLabel({ file: "../../etc/passwd" }), "not the name of a file"],
  ])("a hostile label is refused: %s", (_, text, reason) => {
    expect(codeOf(() => readLabel(bytes(text)))).toMatch(new RegExp(`^LABEL_INVALID: .*(${reason})`));
  });

  it("any changed bytes give a label, LABEL_INVALID or LABEL_SKIPPED, and no other error (seeded)", () => {
    const original = bytes(makeLabel({ discipline: corners([[1, 1]]) }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.option(fc.nat(original.length)),
        (changes, cut) => {
          const mutated = original.slice(0, cut ?? original.length);
          for (const [at, value] of changes) if (at < mutated.length) mutated[at] = value;
          expect(codeOf(() => readLabel(mutated))).toMatch(/^(read|LABEL_INVALID|LABEL_SKIPPED)/);
        },
      ),
      // SIS_LABEL_RUNS=100000 draws more
      { numRuns: Number(process.env.SIS_LABEL_RUNS ?? draws(2000)) },
    );
  });
});
