import { xmlAttributes, xmlText } from "../xml/xml-text.ts";
import { paramElement, type VotableParam } from "./field.ts";

/** A service that a document describes (DataLink 1.1, 4). */
export interface ServiceDescriptor {
  /** XML ID, for a `service_def`. */
  readonly id?: string;
  /** `adhoc:this` describes the service that made the document. */
  readonly utype: "adhoc:service" | "adhoc:this";
  /** Unique within a document, like the description. */
  readonly name: string;
  readonly description: string;
  readonly accessUrl: string;
  readonly standardId: string;
  readonly contentType?: string;
  readonly parameters: readonly VotableParam[];
}

const fact = (name: string, value: string, ucd?: string) =>
  paramElement({ name, datatype: "char", value, ...(ucd !== undefined && { ucd }) });

/** A service descriptor: a RESOURCE element. */
export function serviceDescriptor(service: ServiceDescriptor): string {
  const { id, utype, name, description, accessUrl, standardId, contentType, parameters } = service;
  return [
    `<RESOURCE${xmlAttributes({ type: "meta", ID: id, name, utype })}>`,
    `<DESCRIPTION>${xmlText(description)}</DESCRIPTION>`,
    fact("standardID", standardId),
    fact("accessURL", accessUrl, "meta.ref.url"),
    ...(contentType === undefined ? [] : [fact("contentType", contentType, "meta.code.mime")]),
    '<GROUP name="inputParams">',
    ...parameters.map(paramElement),
    "</GROUP>",
    "</RESOURCE>",
  ].join("\n");
}
