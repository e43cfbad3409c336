import { XML_DECLARATION, xmlText } from "../xml/xml-text.ts";

/** One capability of a service (VODataService 1.1): a standard and its address. */
export interface Capability {
  readonly standardId: string;
  readonly accessUrl: string;
  readonly use: "base" | "full";
  /** Whether the interface is the one that the standard defines. */
  readonly isStandard: boolean;
  readonly version?: string;
  readonly methods?: readonly ("GET" | "POST")[];
  readonly resultType?: string;
}

const STANDARDS = "ivo://ivoa.net/std/";

/** The capabilities of a service of images below `base`, the same in VOSI and in the registry. */
export function imageCapabilities(base: string): readonly Capability[] {
  const support = (name: string, path: string): Capability => ({
    standardId: `${STANDARDS}${name}`,
    accessUrl: `${base}/${path}`,
    use: "full",
    isStandard: false,
  });
  const standard = (name: string, path: string, version: string, resultType: string): Capability => ({
    standardId: `${STANDARDS}${name}`,
    accessUrl: `${base}/${path}`,
    use: "base",
    isStandard: true,
    version,
    methods: ["GET", "POST"],
    resultType,
  });
  return [
    support("VOSI#capabilities", "capabilities"),
    support("VOSI#availability", "availability"),
    support("DALI#examples", "examples"),
    standard("SIA#query-2.0", "sia2", "2.0", "application/x-votable+xml"),
    standard("DataLink#links-1.1", "links", "1.1", "application/x-votable+xml;content=datalink"),
    standard("SODA#sync-1.0", "sync", "1.0", "image/fits"),
    standard("SODA#async-1.0", "async", "1.0", "text/xml"),
  ];
}

/** Capability elements, for VOSI and for a registry record. */
export function capabilityElements(capabilities: readonly Capability[]): string {
  return capabilities
    .map(({ standardId, accessUrl, use, isStandard, version, methods = [], resultType }) => {
      const role = isStandard ? ' role="std"' : "";
      const versioned = version === undefined ? "" : ` version="${version}"`;
      return [
        `<capability standardID="${xmlText(standardId)}">`,
        `<interface xsi:type="vs:ParamHTTP"${role}${versioned}>`,
        `<accessURL use="${use}">${xmlText(accessUrl)}</accessURL>`,
        ...methods.map((method) => `<queryType>${method}</queryType>`),
        ...(resultType === undefined ? [] : [`<resultType>${xmlText(resultType)}</resultType>`]),
        "</interface>",
        "</capability>",
      ].join("\n");
    })
    .join("\n");
}

/** The document of VOSI capabilities (REC-VOSI-1.1, 2.1). */
export function capabilitiesDocument(capabilities: readonly Capability[]): string {
  return [
    XML_DECLARATION,
    '<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0" xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    capabilityElements(capabilities),
    "</vosi:capabilities>",
    "",
  ].join("\n");
}

/** Whether a service works. */
export interface Availability {
  readonly isAvailable: boolean;
  /** Since when, milliseconds since 1970. */
  readonly upSince: number;
  /** Notes for users. */
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
