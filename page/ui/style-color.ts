/** A colour of the style sheet, by the name of its variable, for use on a canvas. */
export function styleColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
