// Requests the same product many times at once from one product service and prints the origin of
// each response: node request-program.mjs FILE CACHE CLIENTS
import { pathToFileURL } from "node:url";
import { loadSettings } from "../../../dist/config/settings.js";
import { createProductService } from "../../../dist/products/product-service.js";

const [file, cache, clients] = process.argv.slice(2);
const settings = loadSettings("/nonexistent", { SBNSIS_CUTOUT_CACHE: cache });
const record = { imageUrl: pathToFileURL(file).href, labelUrl: null };
const catalog = { findImage: async () => record };
const products = createProductService({ settings, catalog, version: "1.2.3" });
const cutout = { ra: 150, dec: 20, size: { text: "21arcsec", arcsec: 21 } };
const ask = () => products.get({ id: "urn:x", format: "fits", align: false, cutout });
const answers = await Promise.all(Array.from({ length: Number(clients) }, ask));
process.stdout.write(JSON.stringify(answers.map(({ origin, etag }) => [origin, etag])));
await products.close();
