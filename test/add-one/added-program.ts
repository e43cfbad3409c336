// Uses each of the additions of docs/adding-one.md in a copy of the sources, and prints the outcome
// as JSON. add-one.process.test.ts runs it there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { realCard, valueCard } from "../../packages/fits/src/header/write-card.ts";
import { imageHdu } from "../../packages/fits/src/write/write-image.ts";
import { surveyProfile } from "../../packages/pds4/src/surveys/registry.ts";
import { Sources } from "../../src/archive/sources.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { sourceAccess } from "../../src/config/source-access.ts";
import { buildApp } from "../../src/http/app.ts";
import { imageRequest } from "../../src/http/images/image-request.ts";
import type { Logger } from "../../src/observe/logger.ts";
import { describeFrame } from "../../src/products/frame-description.ts";
import { makePicture } from "../../src/products/make/make-picture.ts";
import { planPicture } from "../../src/products/plan/plan-picture.ts";
import type { ProductService } from "../../src/products/product.ts";
import { mediaTypeOf, productExtension } from "../../src/products/request/product-name.ts";
import { withSource } from "../../src/products/request/source-file.ts";
import { pixelsIn, tiledFile } from "../support/inputs/made-fits.ts";
import { memoryCatalog } from "../support/test-service.ts";

/** The parameters of the API description that are checked here. */
interface ApiDescription {
  readonly paths: Readonly<
    Record<
      string,
      { readonly get: { readonly parameters?: readonly { name: string; schema: { enum?: unknown[] } }[] } }
    >
  >;
}

const folder = mkdtempSync(join(tmpdir(), "sis-added-"));
try {
  const settings = loadSettings("/nonexistent", {});
  const quiet = () => undefined;
  const logger: Logger = {
    info: quiet,
    warn: quiet,
    error: quiet,
    reopen: quiet,
    close: async () => undefined,
  };
  const app = await buildApp({
    settings,
    catalog: memoryCatalog([]),
    products: { load: () => ({}) } as unknown as ProductService,
    logger,
    version: "0",
  });
  const greeting = await app.inject("/greeting");
  const api = (await app.inject("/openapi.json")).json<ApiDescription>();
  const allowed = (name: string) =>
    api.paths["/images/{id}"]!.get.parameters!.find((one) => one.name === name)!.schema.enum;
  await app.close();

  // a ramp from 0 to 255 as a cube, encoded as WebP, by the request of a client
  const cards = [
    ...[valueCard("CTYPE1", "RA---TAN"), valueCard("CTYPE2", "DEC--TAN")],
    ...[realCard("CRVAL1", 10), realCard("CRVAL2", 20), realCard("CRPIX1", 128.5), realCard("CRPIX2", 1)],
    ...[realCard("CDELT1", -1e-4), realCard("CDELT2", 1e-4)],
  ];
  const ramp = Uint8Array.from({ length: 256 }, (_, i) => i);
  const path = join(folder, "ramp.fits");
  writeFileSync(path, imageHdu({ naxis: [256, 1], pixels: ramp, cards }));
  const sources = new Sources(sourceAccess(settings, "0"));
  const query = {
    format: "webp",
    stretch: "cube",
    min_cut: "0",
    max_cut: "255",
    align: false,
    download: false,
  };
  const request = imageRequest("urn:nasa:pds:a:b:c", query as unknown as Parameters<typeof imageRequest>[1]);
  const product = join(folder, `ramp${productExtension(request.format)}`);
  await withSource(sources, path, {}, async (source, identity) => {
    const frame = await describeFrame(source, { location: path, identity }, 0);
    const plan = planPicture(frame, request, { maximumCutoutSize: 1024 }, {});
    await makePicture(source, plan, product, new Int32Array(new SharedArrayBuffer(4)));
  });
  const { format } = await sharp(product).metadata();
  const shown = await sharp(product).extractChannel(0).raw().toBuffer();
  const wrong = [...shown].filter((level, i) => level !== Math.trunc((i / 255) ** 3 * 255)).length;

  // a file whose tiles are of the new codec
  const stored = Int16Array.of(1, -2, 300, 0);
  const tiled = Buffer.from(
    await tiledFile({ naxis: [4, 1], bitpix: 16, codec: "NOCOMPRESS", cards: [] }, stored),
  );
  const named = Buffer.from(tiled.toString("latin1").replace("'NOCOMPRESS'", "'INVERTED'  "), "latin1");

  console.log(
    JSON.stringify({
      stretch: { wrong, offered: allowed("stretch") },
      survey: surveyProfile("urn:nasa:pds:gbo.ast.example.survey:data:a").imageHdu,
      codec: [...(await pixelsIn(named, 1))].map(Number),
      format: { format, mediaType: mediaTypeOf(product), offered: allowed("format") },
      route: { status: greeting.statusCode, body: greeting.json(), isListed: "/greeting" in api.paths },
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
