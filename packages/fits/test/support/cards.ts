import { latin1Bytes } from "../../src/header/card.ts";

/** The bytes of cards, each padded with blanks to 80. */
export function cardBytes(...cards: readonly string[]): Uint8Array {
  return latin1Bytes(cards.map((card) => card.padEnd(80).slice(0, 80)).join(""));
}

/** A header block: the cards, END, and blanks up to a whole block. */
export function headerBlock(...cards: readonly string[]): Uint8Array {
  const written = cardBytes(...cards, "END");
  const block = new Uint8Array(Math.ceil(written.length / 2880) * 2880).fill(32);
  block.set(written);
  return block;
}

/** Bytes back to back. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A fixed-format value card. */
export function card(keyword: string, value: string | number): string {
  return `${keyword.padEnd(8)}= ${typeof value === "number" ? String(value).padStart(20) : value}`;
}
