import { liveCatalog } from "../catalog/open-catalog.ts";
import type { Settings } from "../config/settings.ts";

/** What the database holds, as `status` shows it. */
export type CatalogState =
  | { readonly images: number; readonly imagesWithoutFootprint: number }
  | { readonly problem: string };

/** Counts the images in the database; a database that cannot be read is a finding, not an error. */
export async function catalogState(settings: Settings): Promise<CatalogState> {
  const catalog = liveCatalog(settings);
  try {
    const { images, withoutFootprint } = await catalog.coverage();
    return { images, imagesWithoutFootprint: withoutFootprint };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    await catalog.close();
  }
}

/** The state in one line. */
export function catalogLine(state: CatalogState): string {
  if ("problem" in state) return state.problem;
  const { images, imagesWithoutFootprint: without } = state;
  const gap = without > 0 ? `, ${without} of them without a footprint, so not found by position` : "";
  return `${images} images${gap}`;
}
