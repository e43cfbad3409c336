/** A color of the style sheet, by the name of its variable, for use on a canvas. */
export function styleColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
