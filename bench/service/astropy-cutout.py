"""Makes FITS cutouts of 5 arcmin as the existing service does, with astropy alone, and prints the milliseconds of each: FRAME COUNT SEED."""

import random
import sys
import tempfile
import time
import warnings

from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.nddata import Cutout2D
from astropy.wcs import WCS

warnings.simplefilter("ignore")
path, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = random.Random(seed)


def system(header):
    header = header.copy()
    for key in [key for key in header if key[:2] in ("A_", "B_")]:
        del header[key]
    return WCS(header)


for _ in range(count + 1):
    x, y = (rng.uniform(200, 10300) for _ in range(2))
    begin = time.perf_counter()
    with fits.open(path) as hdus:
        hdu = hdus[1]
        wcs = system(hdu.header)
        ra, dec = wcs.all_pix2world(x, y, 0)
        cutout = Cutout2D(hdu.section, SkyCoord(ra, dec, unit="deg"), 5 * u.arcmin, wcs=wcs, mode="trim")
        header = hdu.header.copy()
        header.update(cutout.wcs.to_header())
        with tempfile.NamedTemporaryFile(suffix=".fits") as file:
            fits.PrimaryHDU(cutout.data, header).writeto(file, overwrite=True)
    if _ > 0:
        print((time.perf_counter() - begin) * 1000)
