import { expect, it } from "vitest";
import { type LabelParts, makeLabel } from "../../../test/support/inputs/make-label.ts";
import { readLabel } from "../src/label/label.ts";
import { surveyProfile } from "../src/surveys/registry.ts";

const read = (parts: LabelParts) => readLabel(new TextEncoder().encode(makeLabel(parts)));

it.each([
  ["urn:nasa:pds:gbo.ast.neat.survey:data_tricam:p1", "neat", 1],
  ["urn:nasa:pds:gbo.ast.atlas.survey.240:58678:02a58678o0644o.fits", "atlas", 1],
  ["urn:nasa:pds:gbo.ast.atlas.survey:59000:a.fits", "atlas", 1],
  ["urn:nasa:pds:gbo.ast.catalina.survey:data_calibrated:g96.arch", "catalina", 1],
  ["urn:nasa:pds:gbo.ast.spacewatch.survey:data:sw", "spacewatch", 0],
  ["urn:nasa:pds:gbo.ast.loneos.survey:data_augmented:x", "loneos", 0],
  ["urn:nasa:pds:gbo.ast.neatness:data:x", "default", 0],
])("product %s belongs to %s, with its image in HDU %s (survey data guide)", (lid, name, imageHdu) => {
  expect(surveyProfile(lid)).toMatchObject({ name, imageHdu });
});

it.each([
  ["atlas", "c", [4.2e-7, 6.5e-7]],
  ["atlas", "o", [5.6e-7, 8.2e-7]],
  ["atlas", undefined, undefined],
  ["neat", "NONE", [3.5e-7, 1e-6]],
  ["catalina", "OPEN", [3.5e-7, 1e-6]],
  ["loneos", "clear", [3.5e-7, 1e-6]],
  ["loneos", undefined, [3.5e-7, 1e-6]],
  ["loneos", "V", undefined],
  ["spacewatch", "OG-515", [5.15e-7, 1e-6]],
  ["spacewatch", "clear", undefined],
  ["other", "clear", undefined],
])("the band of %s through the filter %s is %s (contract of the ObsCore columns)", (name, filter, band) => {
  expect(surveyProfile(`urn:nasa:pds:gbo.ast.${name}.survey:data:x`).band(filter)).toEqual(band);
});

it("only images of NEAT are served, with the pixel scales that its labels lack", () => {
  const lid = "urn:nasa:pds:gbo.ast.neat.survey:data_tricam:p1";
  const neat = surveyProfile(lid);
  expect(neat.reasonToSkip(read({ lid, title: "NEAT DARK" }))).toMatch(/NEAT/);
  for (const [title, arcsec] of [
    ["NEAT TRI-CAM IMAGE", 1.01],
    ["NEAT GEODSS IMAGE", 1.43],
  ] as const) {
    const label = read({ lid, title });
    expect(neat.reasonToSkip(label)).toBeUndefined();
    expect(neat.pixelScale(label)! * 3600).toBeCloseTo(arcsec, 12);
    expect(neat.archivedName(label)).toBe("image.fits.fz");
  }
});

it.each([
  [".fits", true],
  [".diff", true],
  [".log", false],
])("whether ATLAS products ending in %s are served: %s", (end, served) => {
  const lid = `urn:nasa:pds:gbo.ast.atlas.survey:59000:a${end}`;
  expect(surveyProfile(lid).reasonToSkip(read({ lid })) === undefined).toBe(served);
});
