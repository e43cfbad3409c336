import { XML_DECLARATION, xmlText } from "../xml/xml-text.ts";

/** An example of a request that works (DALI 1.1, 2.3). */
export interface ServiceExample {
  /** XML ID. */
  readonly id: string;
  readonly name: string;
  /** Standard identifier of the capability. */
  readonly capability: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/** The document of DALI examples: XHTML with RDFa 1.1 Lite (DALI 1.1, 2.3). */
export function examplesDocument(examples: readonly ServiceExample[]): string {
  return [
    XML_DECLARATION,
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    "<head><title>Examples</title></head>",
    '<body vocab="http://www.ivoa.net/rdf/examples#">',
    ...examples.map(exampleElement),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function exampleElement({ id, name, capability, parameters, text }: ServiceExample): string {
  return [
    `<div id="${id}" resource="#${id}" typeof="example">`,
    `<h2 property="name">${xmlText(name)}</h2>`,
    `<p>${xmlText(text)}</p>`,
    `<p>Capability: <em property="capability">${xmlText(capability)}</em></p>`,
    "<dl>",
    ...parameters.map(
      ([key, value]) =>
        `<dd property="generic-parameter" typeof="keyval"><code property="key">${xmlText(key)}</code> = <code property="value">${xmlText(value)}</code></dd>`,
    ),
    "</dl>",
    "</div>",
  ].join("\n");
}
