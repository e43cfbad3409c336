/** A colour of the style sheet by the name of its variable, for canvases. */
export function styleColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
