import { XML_DECLARATION, xmlText } from "../xml/xml-text.ts";
import { type Capability, capabilityElements } from "./capabilities.ts";

/** The registry record of a service. */
export interface ResourceRecord {
  readonly identifier: string;
  readonly title: string;
  /** At most 16 characters. */
  readonly shortName: string;
  readonly publisher: string;
  readonly contact: { readonly name: string; readonly email: string };
  readonly description: string;
  readonly subjects: readonly string[];
  readonly referenceUrl: string;
  /** Version of the service. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  readonly capabilities: readonly Capability[];
  /** Sky coverage of the images: an ASCII MOC (MOC 2.0, 4.3). */
  readonly moc?: string;
  /** Time coverage of the images, Modified Julian Dates. */
  readonly temporal?: readonly [number, number];
}

/** A VOResource record of a CatalogService (VODataService 1.2). */
export function resourceRecordDocument(record: ResourceRecord): string {
  const { moc, temporal } = record;
  const [created, updated] = [record.created, record.updated].map(
    (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`,
  ) as [string, string];
  return [
    XML_DECLARATION,
    `<ri:Resource xmlns:ri="http://www.ivoa.net/xml/RegistryInterface/v1.0" xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="vs:CatalogService" status="active" created="${created}" updated="${updated}" version="1.1">`,
    element("title", record.title),
    element("shortName", record.shortName),
    element("identifier", record.identifier),
    "<curation>",
    element("publisher", record.publisher),
    `<creator>${element("name", record.publisher)}</creator>`,
    `<date role="Updated">${updated.slice(0, 10)}</date>`,
    element("version", record.version),
    `<contact>${element("name", record.contact.name)}${element("email", record.contact.email)}</contact>`,
    "</curation>",
    "<content>",
    ...record.subjects.map((subject) => element("subject", subject)),
    element("description", record.description),
    element("referenceURL", record.referenceUrl),
    "<type>Survey</type>",
    "<contentLevel>Research</contentLevel>",
    "</content>",
    '<rights rightsURI="https://spdx.org/licenses/CC0-1.0.html">public</rights>',
    capabilityElements(record.capabilities),
    "<coverage>",
    ...(moc === undefined ? [] : [element("spatial", moc)]),
    ...(temporal === undefined ? [] : [element("temporal", temporal.join(" "))]),
    element("waveband", "Optical"),
    "</coverage>",
    "</ri:Resource>",
    "",
  ].join("\n");
}

function element(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}
