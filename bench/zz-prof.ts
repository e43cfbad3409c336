import { openCatalog } from "../src/catalog/open-catalog.ts";
import { loadSettings } from "../src/config/settings.ts";
import { buildApp } from "../src/http/app.ts";
import { anyPlace, seeded } from "../test/support/sky-frames.ts";

const settings = loadSettings("/tmp", JSON.parse(process.argv[2]!));
const catalog = await openCatalog(settings);
const idle = { waiting: 0, running: 0, limit: 1, tasks: 0, seconds: 0 };
const silent = () => undefined;
const app = await buildApp({
  settings,
  catalog,
  products: {
    get: async () => {
      throw new Error("x");
    },
    load: () => ({ cutouts: idle, frames: idle }),
    close: async () => undefined,
  },
  logger: { info: silent, warn: silent, error: silent, reopen: silent, close: async () => undefined },
  version: "0",
} as never);
const r = seeded(3);
const time = async (name: string, n: number, f: () => string) => {
  for (let i = 0; i < 50; i++) await app.inject({ url: f() });
  const b = performance.now();
  let size = 0;
  for (let i = 0; i < n; i++) size = (await app.inject({ url: f() })).body.length;
  console.log(name, ((performance.now() - b) / n).toFixed(3), "ms", size);
};
await time("place", 600, () => `/query?pos=${anyPlace(r).join(",")}`);
await time("place, maxrec 0", 600, () => `/query?maxrec=0&pos=${anyPlace(r).join(",")}`);
await time("cursor", 600, () => `/query?after=${Math.floor(r() * 900000)}`);
await time("plain", 600, () => `/query?offset=${Math.floor(r() * 900)}`);
await app.close();
await catalog.close();
