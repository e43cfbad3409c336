import { tmpdir } from "node:os";
import { loadSettings } from "../src/config/settings.ts";
import { openCatalog } from "../src/catalog/open-catalog.ts";
import { SisError } from "../src/errors/sis-error.ts";
import { buildApp } from "../src/http/app.ts";
const settings = loadSettings(tmpdir(), JSON.parse(process.argv[2]!));
const none = async (): Promise<never> => { throw new SisError("IMAGE_NOT_FOUND", "no images here"); };
const idle = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };
const silent = () => undefined;
const app = await buildApp({ settings, catalog: await openCatalog(settings),
 products: { get: none, load: () => ({ cutouts: idle, frames: idle }), close: async () => undefined } as never,
 logger: { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined } as never, version: "0.0.0" });
console.log(await app.listen({ host: "127.0.0.1", port: 8199 }));
process.on("SIGTERM",()=>process.exit(0));
