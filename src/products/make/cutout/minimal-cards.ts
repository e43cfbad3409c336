import type { Card } from "@sbnsis/fits";
import { CARD_LENGTH } from "@sbnsis/fits/internal";

/** Structure and scaling of the image. */
const STRUCTURE = /^(?:SIMPLE|BITPIX|NAXIS\d?|EXTEND|BSCALE|BZERO|BLANK)$/;

/** The primary coordinate system (FITS 4.0, 8; CD00i00j, CROTAi, PROJPn and RADECSYS are older). */
const COORDINATES =
  /^(?:WCSAXES|(?:CTYPE|CUNIT|CRVAL|CRPIX|CDELT|CROTA)\d|(?:CD|PC)(?:\d_\d|00\d00\d)|P[VS]\d_\d{1,3}|PROJP\d{1,2}|LONPOLE|LATPOLE|RADESYS|RADECSYS|EQUINOX|EPOCH)$/;

/** Its distortions: Paper IV with its records, TNX and ZPX. */
const DISTORTIONS =
  /^(?:(?:CPDIS|CQDIS|CPERR|CQERR|D2IMDIS|D2IMERR)\d|(?:DP|DQ|D2IM)\d(?:\..*)?|AXISCORR|WAT\d_\d{3})$/;

/** The Simple Imaging Polynomial. */
const SIP = /^[AB]P?_(?:ORDER|DMAX|\d_\d)$/;

/**
 * The plate solution of a digitized survey, which is kept only when it is the coordinate system.
 */
const PLATE = /^(?:[XY]PIXELSZ|PLTRA[HMS]|PLTDEC(?:SN|[DMS])|PLTSCALE|CNPIX[12]|PPO[1-6]|AMD[XY]\d{1,2})$/;

/** When and how the image was taken, what its values are, and which image it is. */
const OBSERVATION = /^(?:DATE-OBS|TIME-OBS|TIMESYS|MJD-OBS|EXPTIME|EXPOSURE|FILTER|BUNIT|SIS-OID)$/;

/**
 * The cards of `header=minimal`: structure, the primary coordinate system with its distortions,
 * time, exposure, filter, unit and identifier. Alternate systems and text cards are left out.
 * @param ignoresSip whether the coordinate system has SIP polynomials next to TPV, which do not
 * apply
 */
export function minimalCards(cards: readonly Card[], ignoresSip: boolean): readonly Card[] {
  const kept = [STRUCTURE, COORDINATES, DISTORTIONS, PLATE, OBSERVATION, ...(ignoresSip ? [] : [SIP])];
  const found = cards.filter(
    ({ kind, keyword }) => kind === "value" && kept.some((keywords) => keywords.test(keyword)),
  );
  // announces continued strings, such as a long SIS-OID
  const announced = found.some(({ bytes }) => bytes.length > CARD_LENGTH);
  const notice = announced ? cards.filter(({ keyword }) => keyword === "LONGSTRN") : [];
  return [...found, ...notice];
}
