import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { latin1Bytes, parseCards } from "../../../packages/fits/src/header/card.ts";
import { headerFromCards } from "../../../packages/fits/src/header/header.ts";
import { wcsFromHeader } from "../../../packages/wcs/src/header/wcs-from-header.ts";
import { headerOf } from "../../../packages/wcs/test/header-of.ts";
import { minimalCards } from "../../../src/products/make/cutout/minimal-cards.ts";

interface Entry {
  readonly kind?: string;
  readonly name?: string;
  readonly header?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly cards?: readonly string[];
}

const read = (name: string): readonly Entry[] =>
  JSON.parse(readFileSync(new URL(`../../fixtures/wcs/${name}.json`, import.meta.url), "utf8"));
const entries = ["corpus", "orientation", "reports"].flatMap((name) =>
  read(name).map((entry, i) => ({ title: `${name} ${i} ${entry.kind ?? entry.name ?? ""}`, entry })),
);

function cardsOf({ header, cards }: Entry) {
  return cards === undefined
    ? headerOf(header!).cards
    : parseCards(latin1Bytes(cards.map((card) => card.padEnd(80)).join("")));
}

test.each(entries)("the minimal header gives the coordinate system of the whole one: $title", ({ entry }) => {
  const cards = cardsOf(entry);
  const whole = wcsFromHeader(headerFromCards(cards));
  const ignoresSip = whole.distortion.split("+").includes("TPV");
  const { warnings: _, ...minimal } = wcsFromHeader(headerFromCards(minimalCards(cards, ignoresSip)));
  expect(whole).toMatchObject(minimal);
});

test("a minimal header leaves out SIP only in favour of TPV, and everything that is not listed", () => {
  const { cards } = headerOf({
    A_ORDER: 2,
    A_0_2: 1e-5,
    OBJECT: "x",
    CRVAL1: 1,
    CRVAL1B: 2,
    LTV1: 3,
    GAIN: 2,
  });
  expect(minimalCards(cards, false).map(({ keyword }) => keyword)).toEqual(["A_ORDER", "A_0_2", "CRVAL1"]);
  expect(minimalCards(cards, true).map(({ keyword }) => keyword)).toEqual(["CRVAL1"]);
});
