import type { Hdu } from "../file/hdu.ts";
import { type Header, headerFlag, headerFromCards, headerInteger } from "./header.ts";

/** Keywords that say how an HDU lies in its file, and so are never those of another one. */
const OWN =
  /^(?:SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|BLOCKED|BSCALE|BZERO|BLANK|EXTNAME|EXTVER|EXTLEVEL|INHERIT|CHECKSUM|DATASUM|TFIELDS|THEAP)$/;

/**
 * The header of an extension with the keywords that it inherits: where it says INHERIT = T and the primary HDU has no data, those of the primary header that it does not
 * have itself follow its own (the INHERIT convention; FITS 4.0, 4.4.2.6). Text cards, and keywords about structure and scaling, are not inherited.
 * Without inheritance it is `header` itself.
 *
 * @param header of the extension, as `imageHeader` gives it
 * @param primary the first HDU of the file
 */
export function inheritedHeader(header: Header, primary: Hdu): Header {
  if (headerFlag(header, "INHERIT") !== true || (headerInteger(primary.header, "NAXIS") ?? 0) !== 0)
    return header;
  const more = primary.header.cards.filter(
    ({ kind, keyword }) => kind === "value" && !OWN.test(keyword) && !header.index.has(keyword),
  );
  return headerFromCards([...header.cards, ...more]);
}
