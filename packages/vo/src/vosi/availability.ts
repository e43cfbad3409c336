import { XML_DECLARATION, xmlText } from "../xml/xml-text.ts";

/** Whether a service works. */
export interface Availability {
  readonly isAvailable: boolean;
  /** When it began to, milliseconds since 1970. */
  readonly upSince: number;
  /** What users should know. */
  readonly notes: readonly string[];
}

/** The document of VOSI availability (REC-VOSI-1.1, 2.2). */
export function availabilityDocument({ isAvailable, upSince, notes }: Availability): string {
  return [
    XML_DECLARATION,
    '<vosi:availability xmlns:vosi="http://www.ivoa.net/xml/VOSIAvailability/v1.0">',
    `<vosi:available>${isAvailable}</vosi:available>`,
    ...(isAvailable ? [`<vosi:upSince>${new Date(upSince).toISOString()}</vosi:upSince>`] : []),
    ...notes.map((note) => `<vosi:note>${xmlText(note)}</vosi:note>`),
    "</vosi:availability>",
    "",
  ].join("\n");
}
