import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { headerBytes } from "../../packages/fits/src/header/header.ts";
import { valueCard } from "../../packages/fits/src/header/write-card.ts";
import { openCatalog, openWritableCatalog } from "../../src/catalog/open-catalog.ts";
import { harvest } from "../../src/harvest/harvest.ts";
import { harvestOptions, sqliteSettings } from "../support/catalog/test-database.ts";
import { type LabelParts, makeLabel } from "../support/inputs/make-label.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sis-observation-"));
  mkdirSync(join(folder, "labels"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const axis = (name: string, elements: number, number: number) =>
  `<Axis_Array><axis_name>${name}</axis_name><elements>${elements}</elements><sequence_number>${number}</sequence_number></Axis_Array>`;

/** A file area that says the image has 30 x 20 pixels and the file 2880 bytes. */
function fileArea(name: string): string {
  return `<File_Area_Observational><File><file_name>${name}</file_name><file_size unit="byte">2880</file_size></File><Array_2D_Image><axis_index_order>Last Index Fastest</axis_index_order>${axis("Line", 20, 1)}${axis("Sample", 30, 2)}</Array_2D_Image></File_Area_Observational>`;
}

/** A FITS file of 8 x 6 bytes. */
function fitsFile(): Uint8Array {
  const cards = [
    valueCard("SIMPLE", true),
    valueCard("BITPIX", 8),
    valueCard("NAXIS", 2),
    valueCard("NAXIS1", 8),
    valueCard("NAXIS2", 6),
  ];
  return Buffer.concat([headerBytes(cards), Buffer.alloc(2880)]);
}

/** The details of a product after a harvest of its label, and of its file if there is one. */
async function harvested(
  lid: string,
  { title = "made", file = "a.fits", data }: { title?: string; file?: string; data?: [string, Uint8Array] },
  parts: Pick<LabelParts, "time" | "discipline"> = {},
) {
  const labels = join(folder, "labels");
  const label = makeLabel({ lid, title, files: fileArea(file), ...parts });
  writeFileSync(join(labels, "a.xml"), label);
  if (data !== undefined) writeFileSync(join(labels, data[0]), data[1]);
  const settings = sqliteSettings(join(folder, "made.db"));
  const writing = await openWritableCatalog(settings);
  await writing.createTables();
  await harvest(writing, harvestOptions([labels]));
  await writing.close();
  const catalog = await openCatalog(settings);
  try {
    return await catalog.findDetail(lid);
  } finally {
    await catalog.close();
  }
}

const NEAT = "urn:nasa:pds:gbo.ast.neat.survey:data_tricam:p1_a";

it("the catalogued size of a file is that of the served file (stat), or otherwise that in the label", async () => {
  const plain = await harvested("urn:nasa:pds:made.survey:data:a", { data: ["a.fits", fitsFile()] });
  expect(plain).toMatchObject({
    fileSize: 5760,
    axis1: 30,
    axis2: 20,
    survey: "urn:nasa:pds:made.survey:data",
  });
  rmSync(join(folder, "labels", "a.fits"));
  expect(await harvested("urn:nasa:pds:made.survey:data:b", {})).toMatchObject({ fileSize: 2880 });
});

it("the catalogued size of a file packed in the archive is not that of the unpacked file in its label (contract)", async () => {
  const lid = "urn:nasa:pds:gbo.ast.catalina.survey:data:a";
  expect(await harvested(lid, { file: "a.arch" })).toMatchObject({ fileSize: null, axis1: 30 });
});

it("NEAT Tricam images have the axes of their FITS header, or none, because their labels give wrong ones (survey data guide)", async () => {
  const title = "NEAT TRI-CAM IMAGE";
  expect(await harvested(NEAT, { title })).toMatchObject({ survey: "NEAT", axis1: null, axis2: null });
  const data: [string, Uint8Array] = ["a.fits.fz", fitsFile()];
  const found = await harvested(`${NEAT}b`, { title, data });
  expect(found).toMatchObject({ fileSize: 5760, axis1: 8, axis2: 6 });
});

it("without a stop time, the end of an image follows from its exposure (contract: start + exposure/86400)", async () => {
  const time = "<Time_Coordinates><start_date_time>2020-07-14T00:00:00Z</start_date_time></Time_Coordinates>";
  const discipline =
    '<img:Exposure><img:exposure_duration unit="s">864</img:exposure_duration></img:Exposure>';
  const found = await harvested("urn:nasa:pds:made.survey:data:c", {}, { time, discipline });
  expect(found).toMatchObject({
    startMjd: 59044,
    stopMjd: 59044.01,
    midMjd: expect.closeTo(59044.005, 9),
    exposure: 864,
  });
});
