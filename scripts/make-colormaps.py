"""Makes packages/imaging/src/color/colormap-tables.generated.ts from the published tables of viridis, magma, inferno, plasma (CC0) and cividis.

Run: python make-colormaps.py, with matplotlib 3.11.2, which carries the tables (256 colors each, 0..1).
"""

import base64
import pathlib

import matplotlib
import numpy as np
from matplotlib import colormaps

assert matplotlib.__version__ == "3.11.2", matplotlib.__version__
lines = [
    "// Made by scripts/make-colormaps.py from the published tables: viridis, magma, inferno and plasma by S. van der Walt, N. Smith and",
    "// E. Firing (CC0); cividis by J. Nunez, C. Anderton and R. Renslow (2018). Do not edit.",
    "",
    "/** 256 colors each: red, green, blue, one byte per color, base64. */",
    "export const COLORMAP_TABLES = {",
]
for name in ["viridis", "magma", "inferno", "cividis", "plasma"]:
    table = np.rint(np.array(colormaps[name].colors) * 255).astype(np.uint8)
    assert table.shape == (256, 3)
    lines.append(f'  {name}: "{base64.b64encode(table.tobytes()).decode()}",')
lines.append("} as const;")
path = pathlib.Path(__file__).parents[1] / "src" / "imaging" / "colormap-tables.generated.ts"
path.write_text("\n".join(lines) + "\n")
