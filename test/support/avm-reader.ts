import { SaxesParser, type SaxesTagNS } from "saxes";
import type { TanFrame } from "../../packages/imaging/src/frame/tan-frame.ts";

/**
 * The values of an AVM packet by their names in the standard (Spatial.Scale, Title, ...): lists
 * keep their order, single values have one entry.
 */
export type AvmRecord = ReadonlyMap<string, readonly string[]>;

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const AVM = "http://www.communicatingastronomy.org/avm/1.0/";

/** AVM tags in the namespaces of other standards, AVM 1.2, section 3. */
const BORROWED: Readonly<Record<string, string>> = {
  "http://purl.org/dc/elements/1.1/ title": "Title",
  "http://purl.org/dc/elements/1.1/ creator": "Contact.Name",
  "http://purl.org/dc/elements/1.1/ description": "Description",
  "http://purl.org/dc/elements/1.1/ subject": "Subject.Name",
  "http://ns.adobe.com/photoshop/1.0/ Source": "Creator",
  "http://ns.adobe.com/photoshop/1.0/ Headline": "Headline",
  "http://ns.adobe.com/photoshop/1.0/ Credit": "Credit",
  "http://ns.adobe.com/photoshop/1.0/ DateCreated": "Date",
  "http://ns.adobe.com/xap/1.0/rights/ UsageTerms": "Rights",
};

/** A property of the RDF description being read. */
interface OpenProperty {
  readonly depth: number;
  readonly name: string | undefined;
  readonly items: string[];
  text: string;
  inItem: boolean;
}

/**
 * Reads the AVM of an XMP packet, with or without the xpacket wrapper, as elements or as
 * attributes.
 * Errors: LABEL_INVALID when it is not well-formed XML. The parser itself refuses document types:
 * no entity is expanded.
 */
export function readAvm(packet: string): AvmRecord {
  const record = new Map<string, readonly string[]>();
  const parser = new SaxesParser({ xmlns: true, fragment: false });
  let depth = 0;
  let description = -1;
  let open: OpenProperty | undefined;
  parser.on("opentag", (tag: SaxesTagNS) => {
    depth++;
    if (tag.uri === RDF && tag.local === "Description" && open === undefined) {
      description = depth;
      for (const { uri, local, value } of Object.values(tag.attributes)) {
        const name = avmName(uri, local);
        if (name !== undefined) record.set(name, [value]);
      }
    } else if (open !== undefined) {
      open.inItem = tag.uri === RDF && tag.local === "li";
      if (open.inItem) open.items.push("");
    } else if (depth === description + 1) {
      open = { depth, name: avmName(tag.uri, tag.local), items: [], text: "", inItem: false };
    }
  });
  parser.on("text", (text) => {
    if (open === undefined) return;
    if (open.inItem) open.items[open.items.length - 1] += text;
    else open.text += text;
  });
  parser.on("closetag", () => {
    if (open !== undefined) {
      open.inItem = false;
      if (depth === open.depth) {
        if (open.name !== undefined) {
          const values = open.items.length > 0 ? open.items : [open.text];
          record.set(
            open.name,
            values.map((value) => value.trim()),
          );
        }
        open = undefined;
      }
    }
    depth--;
  });
  parser.on("error", (cause) => {
    throw new Error("the XMP packet is not well-formed XML", { cause });
  });
  parser.write(body(packet)).close();
  return record;
}

function avmName(uri: string, local: string): string | undefined {
  return uri === AVM ? local : BORROWED[`${uri} ${local}`];
}

/** The XML inside the xpacket wrapper, without a byte order mark. */
function body(packet: string): string {
  const start = packet.indexOf("<x:xmpmeta");
  const end = packet.lastIndexOf("</x:xmpmeta>");
  return start >= 0 && end > start
    ? packet.slice(start, end + "</x:xmpmeta>".length)
    : packet.replace(/^\uFEFF/, "");
}

/**
 * The numbers of a list such as Spatial.Scale; older writers put them into one value separated by
 * commas or spaces. Undefined when one is not a number.
 */
export function avmNumbers(record: AvmRecord, name: string): readonly number[] | undefined {
  const values = record
    .get(name)
    ?.flatMap((value) => value.split(/[\s,;]+/))
    .filter((value) => value !== "");
  const numbers = values?.map(Number);
  return numbers === undefined || numbers.length === 0 || numbers.some(Number.isNaN) ? undefined : numbers;
}

/** The TAN frame that a packet describes, read as pyavm reads it; undefined when it has none. */
export function avmFrame(record: AvmRecord): TanFrame | undefined {
  const crval = avmNumbers(record, "Spatial.ReferenceValue");
  const crpix = avmNumbers(record, "Spatial.ReferencePixel");
  const cd = avmNumbers(record, "Spatial.CDMatrix") ?? fromScale(record);
  const system = SYSTEMS.find(
    (name) => name === (record.get("Spatial.CoordinateFrame")?.[0] ?? "ICRS").toUpperCase(),
  );
  const projection = record.get("Spatial.CoordsystemProjection")?.[0];
  if (projection !== "TAN" || system === undefined) return undefined;
  if (crval?.length !== 2 || crpix?.length !== 2 || cd?.length !== 4) return undefined;
  const equinox = record.get("Spatial.Equinox")?.[0]?.replace(/^[JB]/, "");
  return {
    system,
    equinox: equinox === undefined || Number.isNaN(Number(equinox)) ? undefined : Number(equinox),
    crval: [crval[0]!, crval[1]!],
    crpix: [crpix[0]!, crpix[1]!],
    cd: [cd[0]!, cd[1]!, cd[2]!, cd[3]!],
  };
}

const SYSTEMS: readonly TanFrame["system"][] = ["ICRS", "FK5", "FK4", "ECL", "GAL", "SGAL"];

/**
 * CD matrix of Scale and Rotation: CDELT1 = -|scale 1|, CDELT2 = |scale 2|, CROTA2 = rotation (FITS
 * 4.0, 8.2, equation for CROTA2).
 */
function fromScale(record: AvmRecord): readonly number[] | undefined {
  const scale = avmNumbers(record, "Spatial.Scale");
  if (scale?.length !== 2) return undefined;
  const angle = ((avmNumbers(record, "Spatial.Rotation")?.[0] ?? 0) * Math.PI) / 180;
  const dx = -Math.abs(scale[0]!);
  const dy = Math.abs(scale[1]!);
  return [dx * Math.cos(angle), -dy * Math.sin(angle), dx * Math.sin(angle), dy * Math.cos(angle)];
}
