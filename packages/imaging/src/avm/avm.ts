import type { TanFrame } from "../frame/tan-frame.ts";

/**
 * Catalog metadata of a picture, for its Astronomy Visualization Metadata. All of it is optional.
 */
export interface AvmFacts {
  readonly title?: string;
  /** Creator of the picture: name and version of the service. */
  readonly creator?: string;
  readonly facility?: string;
  readonly instrument?: string;
  /** Identifier of the observation: the LID. */
  readonly datasetId?: string;
  /** Identifier of this picture. */
  readonly id?: string;
  /** Start of the exposure, ISO 8601, UTC. */
  readonly startTime?: string;
  /** Absolute http or https address. */
  readonly referenceUrl?: string;
}

/** A picture and its position on the sky. */
export interface PlacedPicture {
  readonly width: number;
  readonly height: number;
  readonly frame: TanFrame;
}

const NAMESPACES = `xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"`;

/**
 * The XMP packet of a picture: AVM 1.2 with the coordinates of its TAN frame, in the xpacket
 * wrapper (XMP part 1, 7.3.2) that readers look for. Pixels count as in FITS, from 1 at the lower
 * left.
 */
export function avmPacket(picture: PlacedPicture, facts: AvmFacts = {}): string {
  const { frame } = picture;
  const lines = [
    simple("avm:MetadataVersion", "1.2"),
    facts.title &&
      `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(facts.title)}</rdf:li></rdf:Alt></dc:title>`,
    facts.creator && simple("photoshop:Source", facts.creator),
    simple("avm:Type", "Observation"),
    facts.id && simple("avm:ID", facts.id),
    facts.referenceUrl && simple("avm:ReferenceURL", facts.referenceUrl),
    facts.facility && list("avm:Facility", [facts.facility]),
    facts.instrument && list("avm:Instrument", [facts.instrument]),
    facts.datasetId && list("avm:DatasetID", [facts.datasetId]),
    facts.startTime && list("avm:Temporal.StartTime", [facts.startTime]),
    ...(frame.system === "OTHER" ? ownSystem(picture) : place(picture)),
  ];
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${NAMESPACES}>
${lines.filter(Boolean).join("\n")}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
}

function place(picture: PlacedPicture): readonly (string | false)[] {
  const { frame, width, height } = picture;
  return [
    simple("avm:Spatial.CoordinateFrame", frame.system),
    frame.equinox !== undefined && simple("avm:Spatial.Equinox", frame.equinox.toFixed(1)),
    list("avm:Spatial.ReferenceValue", frame.crval),
    list("avm:Spatial.ReferenceDimension", [width, height]),
    list("avm:Spatial.ReferencePixel", frame.crpix),
    ...matrix(picture),
    simple("avm:Spatial.CoordsystemProjection", "TAN"),
    simple("avm:Spatial.Quality", "Full"),
  ];
}

/**
 * AVM 1.2 has no name for such a system, and readers take Spatial tags without one to be ICRS, so
 * what is known goes into the description instead.
 */
function ownSystem({ frame, width, height }: PlacedPicture): readonly string[] {
  const notes = [
    `The coordinates are in the system of the source, ${frame.writtenAs ?? "which is not named"}, whose relation to equatorial coordinates is not known.`,
    `Gnomonic projection; ${frame.crval.join(", ")} degrees at pixel ${frame.crpix.join(", ")} of ${width} x ${height}, counted from 1 at the lower left;`,
    `CD matrix ${frame.cd.join(", ")} degrees per pixel.`,
  ];
  return [
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(notes.join(" "))}</rdf:li></rdf:Alt></dc:description>`,
  ];
}

/**
 * Scale (degrees per pixel, the first negative) and Rotation (degrees, FITS CROTA2) of a picture.
 */
export interface ScaleAndRotation {
  readonly scale: readonly [number, number];
  readonly rotation: number;
}

/** Allowed error of Scale and Rotation at the corners of a picture, in its pixels. */
const TOLERANCE = 1e-4;

/**
 * Scale and Rotation, if they can express the matrix: columns at right angles and east to the left
 * of north. AVM 1.2 fixes the signs of Scale, so a mirrored picture has none.
 */
export function scaleAndRotation({ frame, width, height }: PlacedPicture): ScaleAndRotation | undefined {
  const [cd11, cd12, cd21, cd22] = frame.cd;
  const sx = Math.hypot(cd11, cd21);
  const sy = Math.hypot(cd12, cd22);
  const angle = Math.atan2(-cd21, -cd11);
  const error = Math.hypot(cd12 + sy * Math.sin(angle), cd22 - sy * Math.cos(angle)) / Math.min(sx, sy);
  if (!(error * Math.max(width, height) < TOLERANCE)) return undefined;
  return { scale: [-sx, sy], rotation: (angle * 180) / Math.PI };
}

function matrix(picture: PlacedPicture): readonly string[] {
  const said = scaleAndRotation(picture);
  if (said === undefined) return [list("avm:Spatial.CDMatrix", picture.frame.cd)];
  return [list("avm:Spatial.Scale", said.scale), simple("avm:Spatial.Rotation", String(said.rotation))];
}

function simple(name: string, value: string): string {
  return `<${name}>${escaped(value)}</${name}>`;
}

function list(name: string, values: readonly (string | number)[]): string {
  const items = values.map((value) => `<rdf:li>${escaped(String(value))}</rdf:li>`).join("");
  return `<${name}><rdf:Seq>${items}</rdf:Seq></${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for XML 1.0: escapes markup and drops characters that XML does not allow. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0, 2.2 excludes
  const legal = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu, "");
  return legal.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
