import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UnsyncedProducts } from "../../../src/products/cache/unsynced-products.ts";
import {
  cutoutUrl,
  imageAt,
  type ProductApp,
  productApp,
  smallFrame,
} from "../../support/products/product-app.ts";

let folder: string;
let service: ProductApp | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sis-unsynced-"));
  writeFileSync(join(folder, "a.fits"), smallFrame());
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  rmSync(folder, { recursive: true });
});

const cache = () => join(folder, "cache");
const start = async () => {
  service = await productApp([imageAt("a", pathToFileURL(join(folder, "a.fits")).href)], {
    SBNSIS_CUTOUT_CACHE: cache(),
  });
  return service.app;
};
const product = () => {
  const root = join(cache(), "sbnsis-products");
  return join(root, String(readdirSync(root, { recursive: true }).find((name) => /\.fits$/.test(`${name}`))));
};

test.each<[string, (path: string) => void]>([
  ["a file of zero bytes", (path) => truncateSync(path, 0)],
  [
    "a folder with something in it",
    (path) => {
      rmSync(path);
      mkdirSync(join(path, "inner"), { recursive: true });
    },
  ],
  [
    "a symbolic link",
    (path) => {
      rmSync(path);
      symlinkSync("/etc/hostname", path);
    },
  ],
])("%s in place of a product is not used: the product is made again and stored", async (_, replace) => {
  const app = await start();
  const first = await app.inject(cutoutUrl("a"));
  await service?.close();
  const path = product();
  replace(path);
  const again = await (await start()).inject(cutoutUrl("a"));
  expect(again.statusCode).toBe(200);
  expect(again.rawPayload.equals(first.rawPayload)).toBe(true);
  expect(again.body.slice(0, 30)).toBe("SIMPLE  =                    T");
  expect(lstatSync(path).isFile()).toBe(true);
  expect(lstatSync(path).size).toBe(first.rawPayload.length);
});

test("after a power failure, the products of the last minute are made again, and earlier ones are kept", () => {
  const root = join(folder, "root");
  mkdirSync(root);
  new UnsyncedProducts(root, "first boot");
  mkdirSync(join(root, "a"));
  const now = Math.floor(Date.now() / 1000);
  const place = (name: string, secondsAgo: number) => {
    const path = join(root, "a", `${name}.fits`);
    writeFileSync(path, "cut short");
    utimesSync(path, now - secondsAgo, now - secondsAgo);
    return path;
  };
  const paths = [place("late", 10), place("early", 100)];
  // the same boot: the service was merely restarted
  const same = new UnsyncedProducts(root, "first boot");
  expect(paths.map((path) => same.find(path) !== undefined)).toEqual([true, true]);
  const next = new UnsyncedProducts(root, "second boot");
  expect(paths.map((path) => next.find(path) !== undefined)).toEqual([false, true]);
  // another worker of that boot recognizes it too, and a product of that boot is used
  const remade = place("late", -5);
  const other = new UnsyncedProducts(root, "second boot");
  expect(other.find(remade)?.size).toBe(statSync(remade).size);
});
