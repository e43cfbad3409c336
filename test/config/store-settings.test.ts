import { expect, test } from "vitest";
import { loadSettings } from "../../src/config/settings.ts";
import { SECRET_SETTINGS } from "../../src/config/settings-schema.ts";

const keys = { SBNSIS_STORE_S3_ACCESS_KEY_ID: "id", SBNSIS_STORE_S3_SECRET_ACCESS_KEY: "secret" };
const load = (env: Record<string, string>) => loadSettings("/nonexistent", env).store;

test("without SBNSIS_PRODUCT_STORE and SBNSIS_RESULT_STORE there is no shared store (docs/configuration.md)", () => {
  expect(load({})).toMatchObject({ products: undefined, results: undefined, minimumMs: 300 });
});

test("a shared store has a bucket with a prefix, and its own keys (docs/configuration.md)", () => {
  const { products, results } = load({ ...keys, SBNSIS_PRODUCT_STORE: "s3://bucket/a/b/" });
  expect(products).toEqual({
    location: "s3://bucket/a/b",
    region: "us-east-1",
    accessKeyId: "id",
    secretAccessKey: "secret",
  });
  expect(results).toBeUndefined();
});

test.each([
  [
    { SBNSIS_PRODUCT_STORE: "s3://b" },
    "SBNSIS_PRODUCT_STORE is set, but SBNSIS_STORE_S3_ACCESS_KEY_ID is not",
  ],
  [
    { SBNSIS_RESULT_STORE: "s3://b", SBNSIS_STORE_S3_ACCESS_KEY_ID: "id" },
    "SBNSIS_RESULT_STORE is set, but SBNSIS_STORE_S3_SECRET_ACCESS_KEY is not",
  ],
  [{ ...keys, SBNSIS_PRODUCT_STORE: "./store" }, `SBNSIS_PRODUCT_STORE is "./store"`],
  [{ ...keys, SBNSIS_RESULT_STORE: "s3:/b" }, `SBNSIS_RESULT_STORE is "s3:/b"`],
])("the store settings %j are refused: %s", (env, message) => {
  expect(() => load(env as Record<string, string>)).toThrow(message);
});

test("the keys of the store are never shown", () => {
  for (const name of Object.keys(keys)) expect(SECRET_SETTINGS.has(name)).toBe(true);
});
