import { LabelError } from "../errors.ts";
import { decodeXml, isPlainAscii } from "../xml/decode-xml.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { scanXml } from "../xml/scan-xml.ts";
import { childOf, descendantOf, elementAt, numberOf, textOf, type XmlElement } from "../xml/xml-element.ts";
import { imageFileOf, type LabelFile } from "./file-area.ts";
import { imageCornersOf, pixelScaleOf, type SkyCorners } from "./image-geometry.ts";
import { observingSystemOf } from "./observing-system.ts";
import { mjdOfTime } from "./pds-time.ts";

/** Size limit of a label in bytes; the labels of the surveys have about 13 kB. */
export const MAXIMUM_LABEL_BYTES = 16 * 1024 * 1024;

/** The content of an image's label. Undefined: the label does not give the value. */
export interface ImageLabel {
  /** Logical identifier, and its first five fields. */
  readonly lid: string;
  readonly collection: string;
  readonly versionId: string;
  readonly title: string | undefined;
  readonly facility: string;
  readonly instrument: string;
  readonly target: string | undefined;
  readonly calibrationLevel: number | undefined;
  /** Degrees per pixel. */
  readonly pixelScale: number | undefined;
  readonly file: LabelFile;
  /** As written, and as Modified Julian Date (UTC). */
  readonly startTime: string | undefined;
  readonly stopTime: string | undefined;
  readonly startMjd: number | undefined;
  readonly stopMjd: number | undefined;
  readonly exposureSeconds: number | undefined;
  readonly filter: string | undefined;
  readonly fieldId: string | undefined;
  readonly limitingMagnitude: number | undefined;
  readonly corners: SkyCorners | undefined;
}

const LEVELS: ReadonlyMap<string, number> = new Map([
  ["Telemetry", 0],
  ["Raw", 0],
  ["Partially Processed", 1],
  ["Calibrated", 2],
  ["Derived", 3],
]);

const LID = /^urn:[a-z]+:[a-z]+:[^\s:]+(:[^\s:]+){0,}$/i;

function lidOf(identification: XmlElement | undefined): string {
  const lid = textOf(childOf(identification, "logical_identifier"));
  if (lid === undefined) throw new LabelError("LABEL_INVALID", "there is no logical_identifier");
  if (!LID.test(lid) || lid.length > 255 || lid.split(":").length < 6) {
    throw new LabelError(
      "LABEL_INVALID",
      `the logical_identifier ${lid.slice(0, 100)} does not identify a product`,
    );
  }
  return lid;
}

/** LID and version_id of a product of any kind, where the label gives them. */
function identityOf(product: XmlElement): { readonly lid?: string; readonly version?: string } {
  const identification = childOf(product, "Identification_Area");
  const lid = textOf(childOf(identification, "logical_identifier"));
  const version = textOf(childOf(identification, "version_id"));
  return { ...(lid !== undefined && { lid }), ...(version !== undefined && { version }) };
}

function exposureOf(area: XmlElement | undefined): number | undefined {
  const element = descendantOf(area, "exposure_duration");
  const value = numberOf(element);
  if (value === undefined) return undefined;
  const unit = element?.attributes.unit;
  const seconds = { ms: 1e-3, microseconds: 1e-6, min: 60, hr: 3600 }[unit ?? ""] ?? 1;
  return value * seconds;
}

/** The faintest limiting magnitude given, preferably the 50 percent limit. */
function limitingMagnitudeOf(area: XmlElement | undefined): number | undefined {
  const limits = descendantOf(area, "Limiting_Magnitudes")?.children ?? [];
  const half = limits.find((limit) => numberOf(childOf(limit, "percentage")) === 50);
  const values = (half === undefined ? limits : [half]).flatMap(
    (limit) => numberOf(childOf(limit, "limiting_magnitude")) ?? [],
  );
  // the peak of the histogram of magnitudes, if nothing else is given
  const rollover = numberOf(childOf(descendantOf(area, "Rollover"), "rollover_magnitude"));
  return values.length === 0 ? rollover : Math.max(...values);
}

/**
 * Reads the label of an image.
 * Errors: LABEL_SKIPPED for labels of bundles, collections, documents and the like, and of products
 * without an image; LABEL_INVALID for anything that is not a label.
 */
export function readLabel(bytes: Uint8Array): ImageLabel {
  if (bytes.length > MAXIMUM_LABEL_BYTES) {
    throw new LabelError("LABEL_INVALID", `the label has more than ${MAXIMUM_LABEL_BYTES} bytes`);
  }
  const text = decodeXml(bytes);
  const product = scanXml(text, isPlainAscii(bytes)) ?? parseXml(text);
  if (product.name !== "Product_Observational") {
    if (/^Product_|^Ingest_LDD$/.test(product.name)) {
      throw new LabelError("LABEL_SKIPPED", `a ${product.name}`, {
        details: { kind: product.name, ...identityOf(product) },
      });
    }
    throw new LabelError(
      "LABEL_INVALID",
      `the root element ${product.name.slice(0, 100)} is not that of a label`,
    );
  }
  const identification = childOf(product, "Identification_Area");
  const area = childOf(product, "Observation_Area");
  const lid = lidOf(identification);
  const file = imageFileOf(product);
  if (file === "none") throw new LabelError("LABEL_INVALID", "no File_Area_Observational names a file");
  if (file === "no-image") {
    throw new LabelError("LABEL_SKIPPED", "a Product_Observational without an image", {
      details: { kind: "no image", ...identityOf(product) },
    });
  }
  const times = childOf(area, "Time_Coordinates");
  const startTime = textOf(childOf(times, "start_date_time"));
  const stopTime = textOf(childOf(times, "stop_date_time"));
  const level = textOf(elementAt(area, "Primary_Result_Summary", "processing_level"));
  return {
    lid,
    collection: lid.split(":").slice(0, 5).join(":"),
    versionId: textOf(childOf(identification, "version_id")) ?? "1.0",
    title: textOf(childOf(identification, "title")),
    ...observingSystemOf(area),
    target: textOf(elementAt(area, "Target_Identification", "name")),
    calibrationLevel: level === undefined ? undefined : LEVELS.get(level),
    pixelScale: pixelScaleOf(area),
    file,
    startTime,
    stopTime,
    startMjd: startTime === undefined ? undefined : mjdOfTime(startTime),
    stopMjd: stopTime === undefined ? undefined : mjdOfTime(stopTime),
    exposureSeconds: exposureOf(area),
    filter: textOf(descendantOf(descendantOf(area, "Optical_Filter"), "filter_name")),
    fieldId: textOf(descendantOf(descendantOf(area, "Survey"), "field_id")),
    limitingMagnitude: limitingMagnitudeOf(area),
    corners: imageCornersOf(area),
  };
}
