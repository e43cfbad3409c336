/** How many degrees one of an angular unit is; undefined for what is none. FITS 4.0, 4.3; case and plural as wcslib's unitfix takes them. */
export function degreesPerUnit(unit: string): number | undefined {
  switch (unit.toLowerCase()) {
    case "deg":
    case "degree":
    case "degrees":
      return 1;
    case "arcmin":
    case "arcmins":
      return 1 / 60;
    case "arcsec":
    case "arcsecs":
      return 1 / 3600;
    case "mas":
      return 1 / 3_600_000;
    case "rad":
    case "radian":
    case "radians":
      return 180 / Math.PI;
    default:
      return undefined;
  }
}
