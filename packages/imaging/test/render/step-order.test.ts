import { expect, it } from "vitest";
import { memorySource } from "../../src/frame/frame-source.ts";
import type { PictureOptions } from "../../src/render/picture-options.ts";
import { type StepOrder, stepOrder } from "../../src/render/pipeline.ts";

it.each<readonly [string, "cutout" | "frame", PictureOptions, StepOrder]>([
  ["nearest", "cutout", {}, "stretch first"],
  ["a given interval", "cutout", { minCut: { kind: "value", value: 1 } }, "stretch first"],
  ["minimum and maximum of the picture", "cutout", { cut: "minmax" }, "reproject first"],
  ["percentiles of the picture", "cutout", { cut: "percentile" }, "reproject first"],
  ["reduced", "cutout", { width: 10 }, "reproject first"],
  ["bilinear", "cutout", { interpolation: "bilinear" }, "reproject first"],
  ["nearest", "frame", {}, "stretch first"],
  ["minimum and maximum", "frame", { cut: "minmax" }, "stretch first"],
  ["reduced to half", "frame", { width: 100 }, "stretch first"],
  ["a thumbnail", "frame", { width: 20 }, "means of blocks"],
  ["bilinear", "frame", { interpolation: "bilinear" }, "reproject first"],
  ["a bilinear thumbnail", "frame", { interpolation: "bilinear", width: 20 }, "reproject first"],
])("the order of the steps is that of docs/architecture.md: %s, %s", (_, kind, options, order) => {
  const { values, ...bands } = memorySource(new Uint8Array(200 * 100), [200, 100]);
  expect(stepOrder({ source: kind === "cutout" ? { ...bands, values } : bands, options })).toBe(order);
});
