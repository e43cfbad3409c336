import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { icrsToPixel, pixelToIcrs, pixelToWorld, wcsFromHeader, worldToPixel } from "../src/index.ts";
import { separation } from "../src/sky/great-circle.ts";
import { headerOf } from "./header-of.ts";

type Maybe = number | null;
interface Case {
  readonly kind: string;
  readonly header: Record<string, string | number | readonly string[]>;
  /**
   * x, y from 1; longitude, latitude; x, y after the oracle's inverse; right ascension, declination
   * (ICRS).
   */
  readonly points: readonly (readonly [number, number, Maybe, Maybe, Maybe, Maybe, Maybe?, Maybe?])[];
}

const corpus: readonly Case[] = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/wcs/corpus.json", import.meta.url), "utf8"),
);
describe("WCS headers of all projections, frames and polynomials against astropy 8 and its wcslib", () => {
  const title = (each: Case, i: number) =>
    `${i}: ${each.kind} ${each.header.CTYPE1} ${each.header.RADESYS ?? ""} ${each.header.EQUINOX ?? ""}`;
  test.each(corpus.map((each, i) => [title(each, i), each] as const))("%s", (_title, { header, points }) => {
    const wcs = wcsFromHeader(headerOf(header));
    for (const [x, y, lon, lat, xBack, yBack, ra, dec] of points) {
      const sky = pixelToWorld(wcs, x - 1, y - 1);
      if (lon === null || lat === null) {
        expect(sky).toBeUndefined();
        continue;
      }
      expect(sky).toBeDefined();
      expect(separation([sky!.lon, sky!.lat], [lon, lat])).toBeLessThan(1e-9);
      const back = worldToPixel(wcs, sky!.lon, sky!.lat);
      const invertible = xBack !== null && yBack !== null && Math.hypot(xBack - x, yBack - y) < 1e-5;
      if (invertible) {
        expect(back).toBeDefined();
        expect(Math.hypot(back!.x + 1 - x, back!.y + 1 - y)).toBeLessThan(1e-8);
      }
      if (ra == null || dec == null) continue;
      const icrs = pixelToIcrs(wcs, x - 1, y - 1);
      expect(separation([icrs!.ra, icrs!.dec], [ra, dec])).toBeLessThan(1e-9);
      const pixel = icrsToPixel(wcs, ra, dec);
      expect(Math.hypot(pixel!.x + 1 - x, pixel!.y + 1 - y)).toBeLessThan(1e-6);
    }
  });
});
