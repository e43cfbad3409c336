import { describe, expect, it } from "vitest";
import type { ImageRecord } from "../../../src/catalog/catalog.ts";
import { listedImage } from "../../../src/catalog/model/listed-image.ts";
import { ListWriter } from "../../../src/http/search/list-writer.ts";

const BASE = "https://example.org/api";

function record(changes: Partial<ImageRecord>): ImageRecord {
  return {
    obsId: "urn:nasa:pds:survey:data:one.fits",
    collection: "urn:nasa:pds:survey:data",
    facility: "Observatory",
    instrument: "Camera",
    dataProductType: "image",
    calibrationLevel: 2,
    target: "Vesta",
    pixelScale: 0.0005,
    imageUrl: "file:///one.fits",
    labelUrl: "file:///one.xml",
    ...changes,
  };
}

/** The members of a row in the order of responses. */
function row(image: ImageRecord, format: string) {
  return {
    obs_id: image.obsId,
    collection: image.collection,
    facility: image.facility,
    instrument: image.instrument,
    dptype: image.dataProductType,
    calibration_level: image.calibrationLevel,
    target: image.target,
    pixel_scale: image.pixelScale,
    access_url: `${BASE}/images/${encodeURIComponent(image.obsId)}?format=${format}`,
  };
}

const RECORDS = [
  record({}),
  ...[
    'a "b"',
    "a\\b",
    "a b",
    "a%3Ab",
    "a\u0000\n\u001f\u007f",
    "Čelakovský",
    "日本\u2028",
    "😀",
    "<&>'()*!",
    "",
  ].flatMap((text) => [
    record({ obsId: text }),
    record({ target: text }),
    record({ facility: text, instrument: text, collection: text, dataProductType: text }),
  ]),
  ...[
    0,
    -0,
    1,
    1e21,
    5e-7,
    1e-7,
    0.1 + 0.2,
    5e-324,
    1.7976931348623157e308,
    Number.POSITIVE_INFINITY,
    null,
  ].map((pixelScale) => record({ pixelScale })),
  record({ target: null, calibrationLevel: null }),
  record({ obsId: "x".repeat(200_000), target: "é".repeat(100_000) }),
  record({}),
];

describe("a list of images as JSON", () => {
  const writer = new ListWriter(BASE);

  it.each(["fits", "jpeg"] as const)(
    "has the bytes that JSON.stringify makes of its rows, links to %s",
    (format) => {
      const head = { total: 12, offset: 3, count: RECORDS.length };
      const expected = JSON.stringify({ ...head, results: RECORDS.map((image) => row(image, format)) });
      expect(writer.response(head, RECORDS.map(listedImage), format).toString()).toBe(expected);
    },
  );

  it("is not changed by the next one", () => {
    const head = { total: 1, offset: 0, count: 1 };
    const first = writer.response(head, [listedImage(record({ obsId: "first" }))], "fits");
    const before = first.toString();
    writer.response(head, [listedImage(record({ obsId: "other" }))], "fits");
    expect(first.toString()).toBe(before);
  });

  it("of no images has an empty array", () => {
    const text = writer.response({ total: 0, offset: 5, count: 0 }, [], "fits").toString();
    expect(text).toBe('{"total":0,"offset":5,"count":0,"results":[]}');
  });
});
