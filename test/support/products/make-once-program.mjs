// Makes one file through makeOnce and prints the outcome: node make-once-program.mjs PATH
// MILLISECONDS
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { makeOnce } from "../../../dist/products/make/make-once.js";
import { writeProduct } from "../../../dist/products/make/write-product.js";

const [path, milliseconds] = process.argv.slice(2);
const { made } = await makeOnce(
  path,
  async () => {
    appendFileSync(`${path}.log`, `${process.pid}\n`);
    process.stdout.write("making\n");
    await sleep(Number(milliseconds));
    return writeProduct(path, [Buffer.from("product")]);
  },
  new AbortController().signal,
);
process.stdout.write(made ? "made\n" : "found\n");
