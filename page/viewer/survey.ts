const KNOWN = /\b(atlas|neat|css|catalina|loneos|spacewatch)\b/i;

/** The survey of an identifier, in the shortest form that distinguishes surveys. */
export function surveyOf(id: string): string {
  const part = id.split(":")[3] ?? id;
  return KNOWN.exec(part.replaceAll(/[._]/g, " "))?.[1]?.toUpperCase() ?? part;
}
