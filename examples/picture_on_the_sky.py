"""The sky positions of the corners of a picture of the SBN Survey Image Service, from the metadata in it.

    pip install pyavm astropy
    curl -o picture.jpeg 'http://127.0.0.1:5000/images/LID?format=jpeg&ra=174.62&dec=17.98&size=5arcmin'
    python picture_on_the_sky.py picture.jpeg
"""
import sys

from pyavm import AVM

avm = AVM.from_image(sys.argv[1])
wcs = avm.to_wcs()
width, height = (int(side) for side in avm.Spatial.ReferenceDimension)
print(avm.Title or "Without a title")
for x, y in [(0, height - 1), (width - 1, height - 1), (width - 1, 0), (0, 0)]:
    ra, dec = wcs.wcs_pix2world(x, y, 0)
    print(f"RA {ra % 360:.7f} Dec {dec:.7f}")
