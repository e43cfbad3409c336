import {
  type ByteSource,
  type Hdu,
  type Header,
  imageAxes,
  imageHeader,
  inheritedHeader,
  openFits,
} from "@sbnsis/fits";
import { hasCelestialWcs } from "@sbnsis/wcs";
import { SisError } from "../../errors/sis-error.ts";

/** The image of a file. */
export interface FoundImage {
  readonly hdu: Hdu;
  /** Width and height, pixels. */
  readonly naxis: readonly [number, number];
  /** The header of an HDU's image, with the keywords that it inherits. */
  readonly headerOf: (hdu: Hdu) => Header;
}

/**
 * Finds the image of a file: in the HDU given by the survey's rule, otherwise in the first with a
 * celestial coordinate system, otherwise in the first.
 * Errors: NO_IMAGE if no HDU has a two-dimensional image; FITS_*, those of the source.
 *
 * @param preferredHdu from 0
 */
export async function findImage(source: ByteSource, preferredHdu: number): Promise<FoundImage> {
  let primary: Hdu | undefined;
  const headers = new Map<Hdu, Header>();
  const headerOf = (hdu: Hdu) => {
    const known = headers.get(hdu);
    if (known !== undefined) return known;
    const header = inheritedHeader(imageHeader(hdu), primary ?? hdu);
    headers.set(hdu, header);
    return header;
  };
  const isOnSky = (hdu: Hdu) => axesOf(hdu) !== undefined && hasCelestialWcs(headerOf(hdu));
  const { hdus, error, warnings } = await openFits(source, {
    until: (hdu) => {
      if (hdu.index === 0) primary = hdu;
      return hdu.index >= preferredHdu && isOnSky(hdu);
    },
  });
  const images = hdus.filter((hdu) => axesOf(hdu) !== undefined);
  const preferred = images.find(({ index }) => index === preferredHdu);
  const hdu =
    preferred !== undefined && isOnSky(preferred)
      ? preferred
      : (images.find(isOnSky) ?? preferred ?? images[0]);
  const naxis = hdu && axesOf(hdu);
  if (hdu === undefined || naxis === undefined) {
    if (error !== undefined) throw error;
    // what follows the last complete HDU may be the start of the image's
    if (warnings.length > 0) throw new SisError("FITS_TRUNCATED", warnings.join("; "));
    throw noImage();
  }
  return { hdu, naxis, headerOf };
}

/** The error for a file without a two-dimensional image. */
export function noImage(): SisError {
  return new SisError("NO_IMAGE", "The file of this image contains no two-dimensional image.");
}

/** Width and height of a two-dimensional image; further axes of one pixel are ignored. */
function axesOf(hdu: Hdu): readonly [number, number] | undefined {
  const naxis = imageAxes(hdu);
  if (naxis === undefined || naxis.length < 2 || naxis.slice(2).some((length) => length !== 1))
    return undefined;
  return [naxis[0]!, naxis[1]!];
}
