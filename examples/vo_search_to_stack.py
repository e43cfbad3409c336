"""From a search of the Virtual Observatory to a stack: python vo_search_to_stack.py BASE RA DEC [RADIUS]

Finds the images around a place (degrees), cuts out a circle of each by SODA, and writes the median
of the cutouts on the plane of the first one to stack.fits. Needs pyvo, astropy and reproject.
"""
import io
import sys

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.wcs import WCS
from pyvo.dal import SIA2Service
from reproject import reproject_interp

# %% Search
base, ra, dec = sys.argv[1].rstrip("/"), float(sys.argv[2]), float(sys.argv[3])
radius = float(sys.argv[4]) if len(sys.argv) > 4 else 0.02
service = SIA2Service(f"{base}/vo/sia2")
images = service.search(pos=(ra * u.deg, dec * u.deg, 0.001 * u.deg), maxrec=20)
print(f"{len(images)} images of", ", ".join(sorted(set(images["obs_collection"]))))

# %% Cut out a circle of each; an image that shows nothing of it gives an empty file
cutouts = []
for image in images:
    data = image.processed(circle=(ra, dec, radius)).read()
    if data:
        cutouts.append(fits.open(io.BytesIO(data))[0])
print(f"{len(cutouts)} cutouts")

# %% Stack them on the plane of the first
header = cutouts[0].header
layers = [
    reproject_interp((cutout.data.astype(float), WCS(cutout.header)), WCS(header), shape_out=cutouts[0].shape)[0]
    for cutout in cutouts
]
stack = np.nanmedian([layer - np.nanmedian(layer) for layer in layers], axis=0)
fits.PrimaryHDU(stack, WCS(header).to_header(relax=True)).writeto("stack.fits", overwrite=True)
print("stack.fits:", stack.shape)
