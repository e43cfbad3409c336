"""The stack of bench/products/stack.ts by numpy and astropy, in strips of rows where the cube would not fit into memory.

    python bench/products/stack-peer.py FOLDER        (with request.json and the frames)

Writes stack.f8 and prints {"seconds": wall time without imports and reading}.
"""
import json, pathlib, sys, time, warnings
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter("ignore")
folder = pathlib.Path(sys.argv[1])
given = json.loads((folder / "request.json").read_text())
side, scale, (width, height) = given["side"], given["scale"], given["naxis"]
frames = [np.fromfile(folder / f"{k}.f4", dtype="<f4").reshape(height, width) for k in range(len(given["headers"]))]
STRIP_BYTES = 2**29


def keys(d):
    d = np.abs(d)
    return np.where(d < 1, 1.5 * d**3 - 2.5 * d**2 + 1, np.where(d < 2, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2, 0))


def cubic(image, x, y):
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    ok = (column >= 1) & (row >= 1) & (column + 2 < width) & (row + 2 < height)
    x, y, column, row = x[ok], y[ok], column[ok], row[ok]
    total = np.zeros(x.shape)
    for j in range(-1, 3):
        wy = keys(y - (row + j))
        for i in range(-1, 3):
            total += wy * keys(x - (column + i)) * image[row + j, column + i]
    out = np.full(ok.shape, np.nan)
    out[ok] = total
    return out


def plane(place):
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.crpix = ["RA---TAN", "DEC--TAN"], [place["ra"], place["dec"]], [(side + 1) / 2] * 2
    wcs.wcs.cdelt, wcs.wcs.cunit = [-scale, scale], ["deg", "deg"]
    return wcs


start = time.perf_counter()
systems = [WCS(fits.Header(list(header.items()))) for header in given["headers"]]
planes = [plane(place) for place in given["places"]]
skies = [np.median(frame) for frame in frames]
rows = max(1, min(side, STRIP_BYTES // (8 * side * len(frames))))
stack = np.empty((side, side))
for first in range(0, side, rows):
    last = min(side, first + rows)
    row, column = np.mgrid[first:last, 0:side].astype(float)
    cube = np.empty((len(frames), last - first, side))
    for k, frame in enumerate(frames):
        sky = planes[k].all_pix2world(column, row, 0)
        x, y = systems[k].all_world2pix(*sky, 0, tolerance=1e-8, maxiter=60, quiet=True)
        # the area of a pixel by differences, as np.gradient has them
        area = np.abs(np.gradient(x, axis=1) * np.gradient(y, axis=0) - np.gradient(x, axis=0) * np.gradient(y, axis=1)) if last - first > 1 else 1
        cube[k] = area * (cubic(frame, x, y) - skies[k])
    stack[first:last] = np.nanmedian(cube, axis=0) if given["combine"] == "median" else np.nanmean(cube, axis=0)
seconds = time.perf_counter() - start
stack.astype("<f8").tofile(folder / "stack.f8")
print(json.dumps(dict(seconds=seconds)))
