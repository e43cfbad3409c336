import { surveyProfile } from "@sbnsis/pds4";
import { footprintCentre, type SkyCorners } from "@sbnsis/wcs/internal";
import type { DerivedFrom } from "./model/column.ts";

/** The name of an image's survey; its collection if the survey has no profile. */
export function surveyName({ obsId, collection }: Pick<DerivedFrom, "obsId" | "collection">): string {
  return surveyProfile(obsId).title ?? collection;
}

/** Shortest and longest wavelength, meters; undefined where they are unknown. */
export function surveyBand({ obsId, filter }: DerivedFrom): readonly [number, number] | undefined {
  return surveyProfile(obsId).band(filter ?? undefined);
}

/** Middle of the exposure, Modified Julian Date (UTC). */
export function middleOf({ startMjd, stopMjd }: DerivedFrom): number | undefined {
  return startMjd === null || stopMjd === null ? undefined : startMjd + (stopMjd - startMjd) / 2;
}

/**
 * Center of a footprint and the diameter of the circle about it that contains all corners, degrees;
 * undefined without corners, and for corners opposite each other.
 */
export function imageCentre(corners: SkyCorners | null): ReturnType<typeof footprintCentre> {
  return corners === null ? undefined : footprintCentre(corners);
}
