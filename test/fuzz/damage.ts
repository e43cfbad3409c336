import { latin1, latin1Bytes } from "../../packages/fits/src/header/card.ts";
import { mutate } from "../support/inputs/mutate.ts";

type Random = (most: number) => number;

const VALUES: readonly string[] = [
  ..."0 -1 1 2 3 7 8 16 -32 -64 32 64 255 999 1000 65536 2147483647 -2147483648 4294967296 9007199254740993".split(
    " ",
  ),
  ..."1E308 -1E308 1E999 1E-320 0.5 -0.0 NaN INF T F (1,2) 99999999999999999999999999999999 90.0 180.0 360.0".split(
    " ",
  ),
  ..."'' 'RICE_1' 'GZIP_1' 'GZIP_2' 'PLIO_1' 'HCOMPRESS_1' 'NOCOMPRESS' 'NO_DITHER' 'SUBTRACTIVE_DITHER_2' 'NONE'".split(
    " ",
  ),
  ..."'1PB(9)' '1QI' '1PE(2)' '1D' '0PB' '9999999J' 'IMAGE' 'BINTABLE' 'TABLE' 'COMPRESSED_DATA' 'UNCOMPRESSED_DATA'".split(
    " ",
  ),
  ..."'RA---TAN' 'DEC--TPV' 'GLON-ZPN' 'GLAT-SZP' 'RA---TNX' 'DEC--ZPX' 'RA---QSC' 'DEC--HPX' 'RA---TAN-SIP' 'LOOKUP' 'TPD' 'FK4' 'deg' 'arcsec'".split(
    " ",
  ),
  "'&'",
  "'unterminated",
];

const KEYWORDS: readonly string[] = [
  ..."SIMPLE XTENSION BITPIX NAXIS NAXIS1 NAXIS2 NAXIS3 PCOUNT GCOUNT GROUPS TFIELDS THEAP TFORM1 TFORM2 TTYPE1 TTYPE2 END CONTINUE".split(
    " ",
  ),
  ..."ZIMAGE ZCMPTYPE ZBITPIX ZNAXIS ZNAXIS1 ZNAXIS2 ZTILE1 ZTILE2 ZNAME1 ZVAL1 ZVAL2 ZQUANTIZ ZDITHER0 ZSCALE ZZERO ZBLANK ZMASKCMP".split(
    " ",
  ),
  ..."BSCALE BZERO BLANK CTYPE1 CTYPE2 CRPIX1 CRPIX2 CRVAL1 CRVAL2 CDELT1 CDELT2 CD1_1 CD1_2 CD2_2 PC1_1 CROTA2 CUNIT1 LONPOLE LATPOLE".split(
    " ",
  ),
  ..."PV1_0 PV1_1 PV1_2 PV1_3 PV1_4 PV2_0 PV2_1 PV2_2 PV2_3 PV2_20 A_ORDER B_ORDER AP_ORDER A_2_0 B_0_9 AP_1_1 RADESYS EQUINOX".split(
    " ",
  ),
  ..."WAT1_001 WAT2_001 CPDIS1 CPDIS2 D2IMDIS1 CQDIS1 DP1 DQ1 PLTRAH AMDX1 AMDY1 PPO3 CNPIX1 WCSAXES".split(
    " ",
  ),
];

const WORDS = [0, 1, 2, 7, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000];

/**
 * Damages a file in one to four ways, most of them in critical parts: cards of headers, words of
 * tables, bytes of tiles.
 */
export function damage(seed: Uint8Array, random: Random): Uint8Array {
  if (seed.length < 20_000 && random(12) === 0) return mutate(seed, random, 400);
  let bytes = seed.slice();
  const cards = cardsOf(seed);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  for (let k = random(4); k >= 0; k--) {
    const at = cards.length === 0 ? 0 : pick(cards);
    const what = random(10);
    if (what < 3) put(bytes, at + 10, `${pick(VALUES).padStart(20)}`);
    else if (what < 5) put(bytes, at, `${pick(KEYWORDS).padEnd(8)}= ${pick(VALUES)}`.padEnd(80));
    else if (what === 5) bytes.copyWithin(at, pick(cards) ?? 0, (pick(cards) ?? 0) + 80);
    else if (what === 6) bytes[at + random(80)] = random(256);
    else if (what === 7)
      new DataView(bytes.buffer).setUint32(random(Math.max(1, bytes.length - 4)) & ~3, pick(WORDS));
    else if (what === 8) bytes[random(bytes.length)]! ^= 1 << random(8);
    else if (random(4) === 0) bytes = bytes.slice(0, random(bytes.length));
    if (bytes.length < 2881) break;
  }
  return bytes;
}

const known = new WeakMap<Uint8Array, readonly number[]>();

/** Offsets of the header cards. */
function cardsOf(bytes: Uint8Array): readonly number[] {
  const found = known.get(bytes);
  if (found !== undefined) return found;
  const cards: number[] = [];
  for (let block = 0; block + 2880 <= bytes.length; block += 2880) {
    if (!/^(?:SIMPLE {2}=|XTENSION=)/.test(latin1(bytes.subarray(block, block + 9)))) continue;
    for (let at = block; at + 80 <= bytes.length; at += 80) {
      if (latin1(bytes.subarray(at, at + 8)) === "END     ") break;
      cards.push(at);
    }
  }
  known.set(bytes, cards);
  return cards;
}

function put(bytes: Uint8Array, at: number, text: string): void {
  const room = bytes.length - at;
  if (room > 0) bytes.set(latin1Bytes(text.slice(0, Math.min(room, 80))), at);
}
