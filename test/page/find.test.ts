import fc from "fast-check";
import { expect, it } from "vitest";
import { coverageOf } from "../../page/find/coverage.ts";
import { placeParameter, readPlace } from "../../page/find/place.ts";
import { readDeclination, readRightAscension } from "../../src/config/sky-angle.ts";
import { textMeaning } from "../../src/http/page/documents/search-text.ts";

const two = (number: number) => String(number).padStart(2, "0");

it("a position that the page reads is the one that the service reads (oracle: src/config/sky-angle.ts)", () => {
  const part = fc.integer({ min: 0, max: 59 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 23 }),
      part,
      part,
      fc.integer({ min: 0, max: 89 }),
      part,
      part,
      fc.constantFrom("+", "-", "−"),
      fc.constantFrom(":", " ", "letters", "signs"),
      (h, m, s, d, dm, ds, sign, form) => {
        const ra = [two(h), two(m), `${two(s)}.25`];
        const dec = [two(d), two(dm), `${two(ds)}.5`];
        const [first, second] =
          form === "letters"
            ? [`${ra[0]}h${ra[1]}m${ra[2]}s`, `${dec[0]}d${dec[1]}m${dec[2]}s`]
            : form === "signs"
              ? [`${ra[0]}h${ra[1]}m${ra[2]}s`, `${dec[0]}°${dec[1]}′${dec[2]}″`]
              : [ra.join(form), dec.join(form)];
        const text = `${first} ${sign}${second}`;
        const found = readPlace(text)!;
        const plainSign = sign === "+" ? "" : "-";
        const expected = [
          readRightAscension(ra.join(":")),
          readDeclination(`${plainSign}${dec.join(":")}`),
        ].map((angle) => ("degrees" in angle ? angle.degrees : Number.NaN));
        expect(found[0]).toBeCloseTo(expected[0]!, 9);
        expect(found[1]).toBeCloseTo(expected[1]!, 9);
        const meaning = textMeaning(text);
        expect(meaning).toMatchObject({ kind: "search", parameters: { pos: placeParameter(found) } });
      },
    ),
    { numRuns: 200 },
  );
});

it.each(["10d30m00s +05d00m00s", "10°30′00″ −5°30′00″", "10h30m00s +05h00m00s", "10h30m00s +05d00m00s"])(
  "%j is the position that the service reads, degrees and hours by their letters (oracle: its search box)",
  (text) => {
    const meaning = textMeaning(text);
    const pos = meaning.kind === "search" ? meaning.parameters.pos : undefined;
    const place = readPlace(text);
    expect(place && placeParameter(place)).toBe(pos);
  },
);

it.each(["65P", "361 0", "10 91", "10:61:00 +5", "12 30", "1 2 3", "", "urn:a:b"])(
  "%j is a position or not, as for the service (oracle: the search box of the service)",
  (text) => {
    const meaning = textMeaning(text);
    const isPlace = meaning.kind === "search" && "pos" in meaning.parameters;
    expect(readPlace(text) !== undefined).toBe(isPlace);
  },
);

it("coverage counts every image once, in steps that fit its span (oracle: the number of images)", () => {
  const starts = Array.from({ length: 5000 }, (_, i) =>
    new Date(Date.UTC(1996, 3, 1) + i * 4e8).toISOString(),
  );
  const coverage = coverageOf([...starts, null, undefined])!;
  expect(coverage.counts.reduce((sum, count) => sum + count, 0)).toBe(5000);
  expect(coverage.counts.length).toBeLessThanOrEqual(400);
  expect(coverage.step).toBe(91 * 86_400);
  expect(coverageOf(["1996-04-17T07:01:19Z", "1996-04-18T05:44:26Z"])).toEqual({
    times: [Date.UTC(1996, 3, 17) / 1000, Date.UTC(1996, 3, 18) / 1000],
    counts: [1, 1],
    step: 86_400,
  });
  expect(coverageOf([null])).toBeUndefined();
});
