// The frame of the demo that README.md and docs/user.md use. The data set is made from a fixed
// seed, so identifiers, positions and stars are the same on every machine.
const NEAT = "urn:nasa:pds:gbo.ast.neat.survey:data_geodss:g19960418_obsdata_19960418054426d";
const PLACE = "ra=79.018&dec=-2.478&size=5arcmin";

/** A look-alike of a NEAT frame. */
export const DEMO_IMAGE = `/images/${NEAT}`;

/** A FITS cutout of it. */
export const DEMO_CUTOUT = `${DEMO_IMAGE}?${PLACE}`;

/** The same as a picture: a circle around its brightest star, a cross on another one. */
export const DEMO_PICTURE =
  `${DEMO_CUTOUT}&format=png&align=true&stretch=asinh&min_cut=25%25&max_cut=99.9%25&zoom=3` +
  "&mark=79.03819,-2.49373,15&mark=79.00610,-2.47769&arrow=245,motion&scalebar=true&compass=true";

/** Its label. */
export const DEMO_LABEL = `${DEMO_IMAGE}?format=label`;
