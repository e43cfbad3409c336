import type { CellValue, VotableField } from "../votable/field.ts";
import { type QueryEnd, rowWriter, serviceDescriptor, votableHead, votableTail } from "../votable/votable.ts";

export const DATALINK = "ivo://ivoa.net/std/DataLink#links-1.1";

/** Media type of links documents; clients compare it character by character. */
export const DATALINK_TYPE = "application/x-votable+xml;content=datalink";

/** A row of a links document; exactly one of `accessUrl`, `serviceDef` and `error` is set. */
export interface Link {
  /** As the client gave it. */
  readonly id: string;
  readonly accessUrl?: string;
  /** XML ID of a service descriptor. */
  readonly serviceDef?: string;
  /** Begins with a code such as `NotFoundFault: `. */
  readonly error?: string;
  readonly description: string;
  /** A term of the vocabulary datalink/core, such as `#this`. */
  readonly semantics: string;
  readonly contentType?: string;
  /** Bytes; null if unknown. */
  readonly contentLength?: number | null;
  readonly contentQualifier?: string;
  readonly localSemantics?: string;
}

const FIELDS: readonly VotableField[] = [
  { name: "ID", datatype: "char", ucd: "meta.id;meta.main" },
  { name: "access_url", datatype: "char", ucd: "meta.ref.url" },
  { name: "service_def", datatype: "char", ucd: "meta.ref" },
  { name: "error_message", datatype: "char", ucd: "meta.code.error" },
  { name: "description", datatype: "char", ucd: "meta.note" },
  { name: "semantics", datatype: "char", ucd: "meta.code" },
  { name: "content_type", datatype: "char", ucd: "meta.code.mime" },
  { name: "content_length", datatype: "long", unit: "byte", ucd: "phys.size;meta.file" },
  { name: "content_qualifier", datatype: "char", ucd: "meta.code" },
  { name: "local_semantics", datatype: "char", ucd: "meta.code" },
  { name: "link_auth", datatype: "char", ucd: "meta.code" },
  { name: "link_authorized", datatype: "boolean", ucd: "meta.code" },
];

const writeRow = rowWriter(FIELDS);

/** A links document (REC-DataLink-1.1, 3). */
export function linksDocument(parts: {
  readonly links: readonly Link[];
  /** RESOURCE elements of the services that rows refer to. */
  readonly services: readonly string[];
  /** Address of the service that wrote the document. */
  readonly accessUrl: string;
  readonly end: QueryEnd;
}): string {
  const { links, services, accessUrl, end } = parts;
  const self = linksDescriptor(accessUrl, { utype: "adhoc:this", name: "links", value: "" });
  return (
    votableHead({ info: { standardID: DATALINK }, fields: FIELDS }) +
    links.map((link) => writeRow(cellsOf(link))).join("") +
    votableTail(end, [...services, self])
  );
}

function cellsOf(link: Link): readonly CellValue[] {
  return [
    link.id,
    link.accessUrl ?? null,
    link.serviceDef ?? null,
    link.error ?? null,
    link.description,
    link.semantics,
    link.contentType ?? null,
    link.contentLength ?? null,
    link.contentQualifier ?? null,
    link.localSemantics ?? null,
    link.error === undefined ? "false" : null,
    link.error === undefined ? true : null,
  ];
}

/** The service descriptor of a links service (DataLink 1.1, 4). */
export function linksDescriptor(
  accessUrl: string,
  options: {
    readonly utype: "adhoc:this" | "adhoc:service";
    readonly name: string;
    /** The value of ID, or the FIELD that contains it. */
    readonly value?: string;
    readonly ref?: string;
  },
): string {
  const { utype, name, value, ref } = options;
  return serviceDescriptor({
    utype,
    name,
    description: "Links of images: the file, a picture, the label, cutouts",
    accessUrl,
    standardId: DATALINK,
    contentType: DATALINK_TYPE,
    parameters: [
      {
        name: "ID",
        datatype: "char",
        ucd: "meta.id;meta.main",
        description: "Identifier of an image",
        ...(value !== undefined && { value }),
        ...(ref !== undefined && { ref }),
      },
      {
        name: "RESPONSEFORMAT",
        datatype: "char",
        ucd: "meta.code.mime",
        description: "How links are written",
      },
    ],
  });
}
