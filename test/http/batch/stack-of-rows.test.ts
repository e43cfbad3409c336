import { describe, expect, it } from "vitest";
import { blinkRequest, type FoundRow, stackRequest } from "../../../src/http/batch/stacks/stack-of-rows.ts";
import type { BlinkQuery, StackQuery } from "../../../src/http/batch/stacks/stack-query.ts";
import { writtenStack } from "../../../src/http/batch/stacks/written-stack.ts";

const nothing = {
  ...{
    n: 1,
    status: "done",
    use: true,
    dt_s: null,
    fwhm: null,
    exposure: null,
    filter: null,
    rate: null,
    pa: null,
  },
  ...{ unc_a: null, unc_b: null, unc_pa: null, unc_sigma: null, zp: null, weight: null },
} as const;

function row(id: string, mid: number, more: Partial<FoundRow> = {}): FoundRow {
  return { ...nothing, obs_id: `urn:nasa:pds:${id}`, ra_given: 10, dec_given: 20, mid_mjd: mid, ...more };
}

const batch = (...rows: readonly FoundRow[]) => ({ id: "abc", target: "65P", size: "5arcmin", rows });

const stack: StackQuery = {
  ...{ combine: "median", interpolation: "cubic", background: "median", zp: "none", weights: "sigma" },
  pack: "none",
  ...{ align: "object", group: "all", part: 1, download: false },
};

const blink: BlinkQuery = {
  ...{ interpolation: "nearest", speed: 2, fast: false, loop: 0, order: "time" },
  ...{ align: "object", group: "all", part: 1, download: false },
};

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id.split(":").at(-1));

describe("requests of stacks and animations from the rows of a batch", () => {
  it("a stack leaves out rows that failed, are not wanted, or lack a frame, position or time; the others are in order of time", () => {
    const rows = [
      row("a:b:d:late", 5, { n: 9 }),
      row("a:b:d:failed", 1, { status: "failed" }),
      row("a:b:d:unwanted", 1, { use: false }),
      row("a:b:d:nowhere", 1, { ra_given: null }),
      row("a:b:d:never", 1, { mid_mjd: null }),
      { ...row("", 1), obs_id: null },
      row("a:b:d:early", 2, { status: "partial" }),
    ];
    const request = stackRequest(batch(...rows), "fits", stack);
    expect(ids(request.rows)).toEqual(["early", "late"]);
    expect(request.rows.map(({ n }) => n)).toEqual([1, 9]);
    expect(request).toMatchObject({ batch: "abc", target: "65P", size: { arcsec: 300 } });
  });

  it("rows that the request leaves out by number or range are in neither stack nor animation (by hand)", () => {
    const rows = Array.from({ length: 12 }, (_, k) => row(`a:b:d:${k + 1}`, k, { n: k + 1 }));
    const without = "2,5-7,12-12";
    for (const request of [
      stackRequest(batch(...rows), "fits", { ...stack, without }),
      blinkRequest(batch(...rows), "png", { ...blink, without }),
    ])
      expect(request.rows.map(({ n }) => n)).toEqual([1, 3, 4, 8, 9, 10, 11]);
  });

  it("a row of a stack keeps its motion, its ellipse and its other data if they are complete", () => {
    const full = row("a:b:d:x", 3, {
      ...{ rate: 40, pa: 110, unc_a: 6, unc_b: 2, unc_pa: 100, unc_sigma: 3 },
      ...{ exposure: 30, filter: "o", zp: 22.5, weight: 2, fwhm: 3.5 },
    });
    const half = row("a:b:d:y", 4, { rate: 40, unc_a: 6 });
    const { rows } = stackRequest(batch(full, half), "fits", stack);
    expect(rows).toEqual([
      {
        ...{ n: 1, id: "urn:nasa:pds:a:b:d:x", ra: 10, dec: 20, mjd: 3, mid: 3, exposure: 30, filter: "o" },
        ...{ motion: { rate: 40, pa: 110 }, uncertainty: { a: 6, b: 2, pa: 100, sigma: 3 } },
        ...{ zeroPoint: 22.5, weight: 2, fwhm: 3.5 },
      },
      { n: 1, id: "urn:nasa:pds:a:b:d:y", ra: 10, dec: 20, mjd: 4, mid: 4 },
    ]);
  });

  it("a position at another time than the middle of the exposure keeps its time, so that it can be moved along the motion (design 4.4)", () => {
    const early = row("a:b:d:x", 3, { rate: 40, pa: 110, dt_s: -43.2 });
    const { rows } = stackRequest(batch(early), "fits", stack);
    expect(rows[0]).toMatchObject({ mid: 3, mjd: 3 - 0.0005, motion: { rate: 40, pa: 110 } });
  });

  it("an animation with order=nights shows the first pictures of all nights, then the second ones", () => {
    const rows = [0, 0.1, 0.2, 1, 1.1, 2].map((day, k) => row(`a:b:d:${k}`, 10 + day));
    expect(ids(blinkRequest(batch(...rows), "png", { ...blink, order: "nights" }).rows)).toEqual([
      ...["0", "3", "5", "1", "4", "2"],
    ]);
  });

  it("a gap of more than 8 hours separates nights, one of 8 hours does not; filters and surveys are groups too", () => {
    const rows = [
      row("a:b:d:1", 10, { filter: "o" }),
      row("a:b:d:2", 10 + 7.9 / 24, { filter: "c" }),
      row("a:b:d:3", 10 + 16 / 24, { filter: "o" }),
      row("z:b:d:4", 10 + 16.1 / 24, { filter: "c" }),
    ];
    const parts = (group: StackQuery["group"], part: number) =>
      ids(stackRequest(batch(...rows), "fits", { ...stack, group, part }).rows);
    expect([parts("night", 1), parts("night", 2)]).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
    expect([parts("filter", 1), parts("filter", 2)]).toEqual([
      ["1", "3"],
      ["2", "4"],
    ]);
    expect(parts("survey", 2)).toEqual(["4"]);
    expect(() => parts("night", 3)).toThrow("there are 2 groups");
  });

  it.each([
    [{ rate: 40 }, "rate and pa are needed together"],
    [{ size: "64x128px" }, "is not a square"],
    [{ pack: "rice" as const }, "pack=rice is only for FITS"],
  ])("the query %o of a stack is refused: %s", (query, sentence) => {
    expect(() => stackRequest(batch(row("a:b:d:1", 1)), "png", { ...stack, ...query })).toThrow(sentence);
  });

  it.each([
    ["stack", "combine=best", "combine"],
    ["stack", "colour=red", "colour"],
    ["stack", "format=gif", "format"],
    ["blink", "combine=mean", "combine"],
  ] as const)("the parameters of the command's %s, %s, are refused, naming %s", (kind, text, name) => {
    expect(() => writtenStack(kind, text)).toThrow(name);
  });

  it("the parameters of a command give the same request as those of an address", () => {
    const rows = batch(row("a:b:d:1", 1), row("a:b:d:2", 2));
    const { format, requestOf } = writtenStack("stack", "format=png&combine=mean&size=9px");
    const query = { ...stack, combine: "mean", size: "9px" } as const;
    expect([format, requestOf(rows)]).toEqual(["png", stackRequest(rows, "png", query)]);
    expect(writtenStack("blink", "").requestOf(rows)).toEqual(blinkRequest(rows, "png", blink));
  });

  it("an animation of more than three pictures per second needs fast=true", () => {
    const rows = batch(row("a:b:d:1", 1));
    expect(() => blinkRequest(rows, "gif", { ...blink, speed: 4 })).toThrow("fast=true");
    expect(blinkRequest(rows, "gif", { ...blink, speed: 4, fast: true })).toMatchObject({ rate: 4 });
    expect(blinkRequest(rows, "png", { ...blink, marks: ["motion"] })).toMatchObject({
      ...{ rate: 2, plays: 0, marks: ["motion"], format: "png" },
    });
  });
});
