import { describe, expect, it } from "vitest";
import { avmFrame, avmNumbers, readAvm } from "../../../test/support/avm-reader.ts";
import { avmPacket, scaleAndRotation } from "../src/avm/avm.ts";
import { type TanFrame, tanPixelToSky, tanSkyToPixel } from "../src/frame/tan-frame.ts";

/** A frame with pixels of `sx` and `sy` degrees, rotated by `angle` degrees. */
function frameOf(angle: number, sx: number, sy: number): TanFrame {
  const cos = Math.cos((angle * Math.PI) / 180);
  const sin = Math.sin((angle * Math.PI) / 180);
  return {
    system: "FK5",
    equinox: 2000,
    crval: [174.62244, -17.97594],
    crpix: [150.5, 100.5],
    cd: [sx * cos, -sy * sin, sx * sin, sy * cos],
  };
}

const scale = 1.43 / 3600;

describe("AVM 1.2 packets", () => {
  it("AVM describes every frame without mirroring by Scale and Rotation, like FITS CDELT and CROTA2", () => {
    for (let angle = -175; angle <= 180; angle += 35) {
      const picture = { width: 300, height: 200, frame: frameOf(angle, -scale, scale) };
      const said = scaleAndRotation(picture)!;
      expect(said.scale[0]).toBeCloseTo(-scale, 12);
      expect(said.scale[1]).toBeCloseTo(scale, 12);
      const difference = said.rotation - angle;
      expect(difference - 360 * Math.round(difference / 360)).toBeCloseTo(0, 9);
      expect(readAvm(avmPacket(picture)).has("Spatial.CDMatrix")).toBe(false);
    }
  });

  it("AVM describes mirrored and sheared frames by CDMatrix alone", () => {
    const mirrored = frameOf(20, scale, scale);
    const sheared: TanFrame = { ...mirrored, cd: [-scale, 0.01 * scale, 0, scale] };
    for (const frame of [mirrored, frameOf(0, -scale, -scale), sheared]) {
      const record = readAvm(avmPacket({ width: 300, height: 200, frame }));
      expect(avmNumbers(record, "Spatial.CDMatrix")).toEqual(frame.cd.map((value) => value + 0));
      expect(record.has("Spatial.Scale")).toBe(false);
    }
  });

  it("AVM read back gives every corner its position on the sky", () => {
    for (const frame of [
      frameOf(0, -scale, scale),
      frameOf(133, -scale, 2 * scale),
      frameOf(77, scale, scale),
    ]) {
      const back = avmFrame(readAvm(avmPacket({ width: 300, height: 200, frame })))!;
      expect(back.system).toBe("FK5");
      expect(back.equinox).toBe(2000);
      for (const [x, y] of [
        [0, 0],
        [299, 0],
        [0, 199],
        [299, 199],
      ] as const) {
        const place = tanSkyToPixel(back, ...tanPixelToSky(frame, x, y))!;
        expect(place.x).toBeCloseTo(x, 6);
        expect(place.y).toBeCloseTo(y, 6);
      }
    }
  });

  it("AVM includes the catalog facts, escaped", () => {
    const facts = {
      title: 'A <title> & "more"',
      creator: "Service 1.0",
      facility: "Palomar & co",
      instrument: "Tri-Camera\u0001",
      datasetId: "urn:nasa:pds:a:b:c",
      id: "c_1",
      startTime: "2002-02-20T12:00:52Z",
      referenceUrl: "https://example.org/images/urn%3Aa?format=fits&x=1",
    };
    const record = readAvm(avmPacket({ width: 3, height: 2, frame: frameOf(0, -scale, scale) }, facts));
    expect(record.get("Title")).toEqual([facts.title]);
    expect(record.get("Creator")).toEqual([facts.creator]);
    expect(record.get("Facility")).toEqual([facts.facility]);
    expect(record.get("Instrument")).toEqual(["Tri-Camera"]);
    expect(record.get("DatasetID")).toEqual([facts.datasetId]);
    expect(record.get("ID")).toEqual([facts.id]);
    expect(record.get("Temporal.StartTime")).toEqual([facts.startTime]);
    expect(record.get("ReferenceURL")).toEqual([facts.referenceUrl]);
    expect(record.get("MetadataVersion")).toEqual(["1.2"]);
    expect(record.get("Spatial.ReferenceDimension")).toEqual(["3", "2"]);
    expect(record.get("Spatial.Quality")).toEqual(["Full"]);
  });

  it("AVM that is not XML is refused", () => {
    expect(() => readAvm("<x:xmpmeta xmlns:x='adobe:ns:meta/'><a></x:xmpmeta>")).toThrowError(
      "the XMP packet is not well-formed XML",
    );
    expect(readAvm("<a/>").size).toBe(0);
  });
});
