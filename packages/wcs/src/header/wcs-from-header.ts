import { type Header, hasCode } from "@sbnsis/fits";
import { type PlateSolution, plateSolution } from "../distortions/dss.ts";
import { sipFromHeader } from "../distortions/sip.ts";
import { tnxFromHeader, watText } from "../distortions/tnx.ts";
import { priorTpdFromHeader, tpdFromHeader } from "../distortions/tpd.ts";
import { isImplicitTpv, tpvFromParameters } from "../distortions/tpv.ts";
import { WcsError } from "../errors.ts";
import { degreesPerUnit, linearPart } from "../model/linear.ts";
import { makeWcs, tanWcs } from "../model/make-wcs.ts";
import { celestialRotation, nativePole } from "../model/native-pole.ts";
import { nativeWindow } from "../model/native-window.ts";
import type { Wcs, WcsWarning } from "../model/wcs.ts";
import { projectionOf } from "../projections/registry.ts";
import { DEGREE, setDirection } from "../sky/rotation.ts";
import type { PlaneMap } from "../transform/plane-map.ts";
import { areImageAxes, type CelestialAxes, celestialAxes } from "./celestial-axes.ts";
import { checkCards } from "./check-cards.ts";
import { frameFromHeader } from "./frame-from-header.ts";
import { type Keywords, numberAt, type Parameter, parameters, textAt } from "./keywords.ts";
import { type FindLookupTable, isLookup, lookupFromHeader } from "./lookup-from-header.ts";
import { addOldParameters, modernProjection, setZpxParameters } from "./projection-parameters.ts";
import { withEffectiveCards } from "./repeated-keywords.ts";

/** Options for reading a coordinate system. */
export interface WcsOptions {
  /** Letter of the alternate coordinate system; defaults to the primary one (blank). */
  readonly alternate?: string;
  /**
   * Finds the lookup tables of Paper IV in the other HDUs of the file; without it they are ignored,
   * with a warning.
   */
  readonly lookupTable?: FindLookupTable;
}

/**
 * Whether the header's image is on the sky: it has what wcsFromHeader needs (a pair of celestial
 * axes with a projection, or a plate solution and no CTYPE), and the celestial axes are axes of the
 * image, unlike those of a spectrum or of a position-velocity map.
 * Also true when the deciding cards cannot be read: wcsFromHeader then names them.
 */
export function hasCelestialWcs(header: Header, options: WcsOptions = {}): boolean {
  const keywords = keywordsOf(header, options);
  try {
    const sky = celestialAxes(keywords);
    return sky === undefined ? plateOf(keywords) !== undefined : areImageAxes(header, sky.axes);
  } catch (error) {
    if (hasCode(error, "WCS_INVALID")) return true;
    throw error;
  }
}

/**
 * Whether the header has a complete, readable plate solution of the Digitized Sky Survey, used or
 * not.
 */
export function hasPlateSolution(header: Header): boolean {
  try {
    return plateSolution(keywordsOf(header, {})) !== undefined;
  } catch (error) {
    if (hasCode(error, "WCS_INVALID")) return false;
    throw error;
  }
}

/**
 * The celestial axes of a header whose image has other axes; undefined when there are none or the
 * image is on the sky. Errors: WCS_INVALID.
 */
export function celestialAxesOffImage(
  header: Header,
  options: WcsOptions = {},
): readonly [number, number] | undefined {
  const sky = celestialAxes(keywordsOf(header, options));
  return sky === undefined || areImageAxes(header, sky.axes) ? undefined : sky.axes;
}

/**
 * Reads the celestial coordinate system of a header. FITS 4.0, section 8, and the conventions SIP
 * and TPV.
 * Errors: WCS_INVALID when there is none, it contradicts itself or a card cannot be read;
 * WCS_UNSUPPORTED for what is not implemented.
 */
export function wcsFromHeader(header: Header, options: WcsOptions = {}): Wcs {
  const warnings: WcsWarning[] = [];
  const keywords = keywordsOf(header, options, warnings);
  const sky = celestialAxes(keywords);
  if (sky === undefined) {
    const plate = plateOf(keywords);
    if (plate !== undefined) return wcsFromPlate(keywords, plate, warnings);
    throw new WcsError("WCS_INVALID", "The header has no pair of celestial axes with a projection (CTYPEi).");
  }
  checkCards(keywords, sky.axes);
  const { axes, longitudeFirst } = sky;
  const [lon, lat] = longitudeFirst ? axes : [axes[1], axes[0]];
  const scale = [unitOf(keywords, axes[0]), unitOf(keywords, axes[1])] as const;
  const { linear, steps } = linearPart(keywords, axes, longitudeFirst ? 1 : 0, scale, warnings);
  const [a, b, c, d] = linear.cd;
  const toPlane = longitudeFirst ? ([a, b, c, d] as const) : ([c, d, a, b] as const);
  const pvs = parameters(keywords);
  const distortion = distortionOf(keywords, sky, pvs, { crpix: linear.crpix, steps }, warnings);
  const pvOf = (axis: number) => {
    const values: number[] = [];
    if (!distortion.usesPv) for (const { axis: of, m, value } of pvs) if (of === axis) values[m] = value;
    return values;
  };
  const pvLon = pvOf(lon);
  const pvLat = Array.from(pvOf(lat), (value) => value ?? Number.NaN);
  if (!distortion.usesPv) addOldParameters(keywords, pvLat, warnings);
  const crval = [
    (numberAt(keywords, `CRVAL${lon}`) ?? 0) * unitOf(keywords, lon),
    (numberAt(keywords, `CRVAL${lat}`) ?? 0) * unitOf(keywords, lat),
  ] as const;
  if (sky.projection === "ZPX") setZpxParameters(watText(keywords, lon), pvLat);
  const code = modernProjection(distortion.projection, crval, pvLon, pvLat, warnings);
  const projection = projectionOf(code);
  const constants = projection.constants(pvLat);
  const fiducial = [pvLon[1] ?? 0, pvLon[2] ?? projection.theta0(pvLat)] as const;
  const lonpole = pvLon[3] ?? numberAt(keywords, "LONPOLE");
  const pole = nativePole(crval, fiducial, lonpole, pvLon[4] ?? numberAt(keywords, "LATPOLE") ?? 90);
  const detector = lookupFromHeader(keywords, "detector", options.lookupTable, warnings);
  const prior = lookupFromHeader(keywords, "prior", options.lookupTable, warnings);
  const used = [distortion.name, detector && "D2IM", prior && "CPDIS"].filter(
    (name) => name && name !== "none",
  );
  const offset = pvLon[0] ? fiducialOffset(projection.code, constants, fiducial) : ([0, 0] as const);
  const window = nativeWindow(header, axes, linear, toPlane, { code, constants, offset: offset[0] });
  const rotation = celestialRotation([pole[0], pole[1], pole[2] - window.centre]);
  if (!rotation.every(Number.isFinite))
    throw new WcsError("WCS_INVALID", "CRVAL, LONPOLE or LATPOLE is too large to be an angle.");
  const frame = frameFromHeader(keywords, sky.longitude, warnings);
  return makeWcs({
    alternate: keywords.alternate,
    axes,
    ctype: sky.ctype,
    longitudeFirst,
    crval,
    linear,
    toPlane,
    detector,
    prior,
    sip: distortion.sip,
    sequent: distortion.sequent,
    distortion: used.length === 0 ? "none" : used.join("+"),
    projection: {
      code: projection.code,
      constants,
      offset: [offset[0] - window.x, offset[1]],
    },
    rotation,
    pole,
    frame,
    warnings,
  });
}

/**
 * The plate solution of a header without CTYPE; headers of other images often have some of its
 * keywords.
 */
function plateOf(keywords: Keywords): PlateSolution | undefined {
  const named = [1, 2].some((axis) => keywords.header.index.get(`CTYPE${axis}${keywords.alternate}`)?.value);
  return !named ? plateSolution(keywords) : undefined;
}

function keywordsOf(header: Header, { alternate = "" }: WcsOptions, warnings: WcsWarning[] = []): Keywords {
  const letter = alternate.trim().toUpperCase();
  if (!/^[A-Z]?$/.test(letter)) {
    throw new WcsError(
      "WCS_INVALID",
      `The alternate coordinate system "${alternate}" is not blank or A to Z.`,
    );
  }
  return { header: withEffectiveCards(header, warnings), alternate: letter };
}

function unitOf(keywords: Keywords, axis: number): number {
  const unit = textAt(keywords, `CUNIT${axis}`);
  if (unit === undefined) return 1;
  const degrees = degreesPerUnit(unit);
  if (degrees === undefined) {
    throw new WcsError("WCS_INVALID", `CUNIT${axis} = '${unit}' is not a unit of angles.`);
  }
  return degrees;
}

interface Distortion {
  readonly projection: string;
  readonly name: string;
  readonly sip: PlaneMap | undefined;
  readonly sequent: PlaneMap | undefined;
  /** Whether PVi_m are distortion coefficients or ignored, rather than projection parameters. */
  readonly usesPv: boolean;
}

/**
 * Which distortion applies. -TPV: PV, not SIP. -TAN-SIP: SIP. -TAN with SCAMP's PVi_m: TPV. SIP
 * coefficients without the suffix: SIP.
 */
function distortionOf(
  keywords: Keywords,
  sky: CelestialAxes,
  pvs: readonly Parameter[],
  linear: { readonly crpix: readonly [number, number]; readonly steps: readonly [number, number] },
  warnings: WcsWarning[],
): Distortion {
  const inSkyOrder = ([a, b]: readonly [number, number]) =>
    sky.longitudeFirst ? ([a, b] as const) : ([b, a] as const);
  const axes = inSkyOrder(sky.axes);
  const implicit = sky.projection === "TAN" && sky.suffix !== "SIP" && isImplicitTpv(pvs, axes);
  const none = {
    projection: sky.projection,
    name: "none",
    sip: undefined,
    sequent: undefined,
    usesPv: false,
  };
  if (sky.projection === "TPV" || implicit) {
    if (keywords.header.index.has("A_ORDER")) {
      warnings.push({ code: "SIP_IGNORED", message: "SIP polynomials are ignored in favour of TPV." });
    }
    if (implicit) {
      warnings.push({ code: "IMPLICIT_TPV", message: "TAN with polynomials in PVi_m is read as TPV." });
    }
    return { ...none, projection: "TAN", name: "TPV", sequent: tpvFromParameters(pvs, axes), usesPv: true };
  }
  if (sky.projection === "TNX" || sky.projection === "ZPX") {
    const sequent = tnxFromHeader(keywords, axes);
    const code = sky.projection === "TNX" ? "TAN" : "ZPN";
    return { ...none, projection: code, name: sequent === undefined ? "none" : sky.projection, sequent };
  }
  if (sky.suffix !== "" && sky.suffix !== "SIP") {
    throw new WcsError(
      "WCS_UNSUPPORTED",
      `The distortion ${sky.suffix} of CTYPE '${sky.ctype[0]}' is not known.`,
    );
  }
  const sequent = tpdFromHeader(keywords, axes, inSkyOrder(linear.steps));
  const prior = priorTpdFromHeader(keywords, sky.axes, linear.crpix);
  const sip = sipFromHeader(keywords, linear.crpix);
  if (
    prior !== undefined &&
    (sip !== undefined || isLookup(keywords, "CPDIS", 1, ["TPD"]) || isLookup(keywords, "CPDIS", 2, ["TPD"]))
  )
    throw new WcsError("WCS_UNSUPPORTED", "CPDISj = 'TPD' cannot be combined with SIP or a lookup table.");
  const used = [sip && "SIP", prior && "CPDIS", sequent && "TPD"].filter((name) => name !== undefined);
  const found = { ...none, name: used.join("+") || "none", sip: sip ?? prior, sequent };
  if (sip === undefined) return found;
  if (sky.suffix !== "SIP") {
    warnings.push({
      code: "SIP_WITHOUT_SUFFIX",
      message: "SIP polynomials are applied although CTYPE does not end in -SIP.",
    });
  }
  const ignored = sky.projection === "TAN" && isImplicitTpv(pvs, axes);
  if (ignored) warnings.push({ code: "PV_IGNORED", message: "PVi_m are ignored in favour of SIP." });
  return { ...found, usesPv: ignored };
}

function fiducialOffset(
  code: string,
  constants: readonly number[],
  [phi0, theta0]: readonly [number, number],
): readonly [number, number] {
  const at = new Float64Array(3);
  setDirection(at, phi0 * DEGREE, theta0 * DEGREE);
  if (!projectionOf(code).toPlane(constants, at, at)) {
    throw new WcsError("WCS_INVALID", "The fiducial point (PVi_1, PVi_2) is not on the map.");
  }
  return [at[0]!, at[1]!];
}

/**
 * The coordinate system of a header with a plate solution of the Digitized Sky Survey and no CTYPE:
 * gnomonic at the plate center.
 */
function wcsFromPlate(keywords: Keywords, plate: PlateSolution, warnings: WcsWarning[]): Wcs {
  const frame = frameFromHeader(keywords, "RA", warnings);
  return tanWcs(plate, frame, { sequent: plate.plane, distortion: "DSS", warnings });
}
