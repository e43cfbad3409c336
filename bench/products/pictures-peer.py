"""The pictures of bench/products/pictures.ts as the existing service makes them: astropy 8.0.2, reproject 0.21.0, numpy, Pillow, pyavm.

    python bench/products/pictures-peer.py '{"path": ..., "hdu": 1, "out": ..., "cutouts": [[ra, dec, arcmin], ...], "frames": [false, true], "runs": 1}'

Prints one JSON object: wall and processor seconds of the best run of each picture. What a request does not repeat (imports) is not timed.
"""
import json, sys, time, warnings
import numpy as np
import PIL.Image
import astropy, reproject
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.nddata import Cutout2D
from astropy.visualization import ZScaleInterval
from astropy.wcs import WCS
from astropy.wcs.utils import proj_plane_pixel_scales
import astropy.units as u
from pyavm import AVM
from reproject import reproject_interp

warnings.simplefilter("ignore")
PIL.Image.MAX_IMAGE_PIXELS = None
given = json.loads(sys.argv[1])


def coordinates(header):
    """Headers of NEAT carry parts of a plate solution that wcslib takes for a broken one."""
    header = header.copy()
    for keyword in list(header):
        if keyword.startswith(("AMD", "PPO", "PLT", "CNPIX", "XPIXELSZ", "YPIXELSZ")):
            header.remove(keyword, ignore_missing=True)
    return WCS(header)


def target(wcs, shape, align):
    ny, nx = shape
    frame = WCS(naxis=2)
    centre = np.array([nx, ny]) / 2 + 0.5
    frame.wcs.ctype, frame.wcs.crpix = ["RA---TAN", "DEC--TAN"], centre
    frame.wcs.crval = wcs.pixel_to_world_values(*(centre - 1))
    frame.wcs.pc, frame.wcs.cdelt = wcs.wcs.get_pc(), wcs.wcs.get_cdelt()
    if align:
        frame.wcs.pc, frame.wcs.cdelt = np.array([[-1, 0], [0, 1]]), proj_plane_pixel_scales(wcs)
    frame.wcs.radesys = wcs.wcs.radesys or "ICRS"
    frame.pixel_shape = (nx, ny)
    return frame


def picture(data, wcs, align):
    frame = target(wcs, data.shape, align)
    values = reproject_interp((data, wcs), frame, shape_out=data.shape, return_footprint=False, order="nearest-neighbor")
    levels = ZScaleInterval()(values, clip=True) * 255
    image = PIL.Image.fromarray(np.where(np.isfinite(levels), levels, 0).astype(np.uint8)[::-1])
    image.save(given["out"] + ".plain.jpeg", quality=95)
    AVM.from_wcs(frame, shape=data.shape).embed(given["out"] + ".plain.jpeg", given["out"])


def timed(work):
    best = None
    for _ in range(given["runs"]):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        took = [time.perf_counter() - wall, time.process_time() - cpu]
        best = took if best is None or took[1] < best[1] else best
    return best


def cutout(ra, dec, arcmin, align):
    with fits.open(given["path"]) as hdus:
        hdu = hdus[given["hdu"]]
        part = Cutout2D(hdu.data, SkyCoord(ra, dec, unit="deg"), arcmin * u.arcmin, wcs=coordinates(hdu.header))
        picture(np.asarray(part.data), part.wcs, align)


def whole(align):
    with fits.open(given["path"]) as hdus:
        hdu = hdus[given["hdu"]]
        picture(np.asarray(hdu.data), coordinates(hdu.header), align)


print(json.dumps({
    "versions": f"astropy {astropy.__version__}, reproject {reproject.__version__}, numpy {np.__version__}, Pillow {PIL.__version__}",
    "cutouts": [timed(lambda: cutout(*given_cutout, False)) for given_cutout in given["cutouts"]],
    "frames": [timed(lambda: whole(align)) for align in given["frames"]],
}))
