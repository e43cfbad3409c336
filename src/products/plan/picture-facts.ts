import { extname } from "node:path";
import type { AvmFacts } from "@sbnsis/imaging";
import type { ImageDetail, ImageRecord } from "../../catalog/catalog.ts";

/** Longest text that goes into a picture: JPEG has room for 64 KB of metadata in all. */
const LONGEST = 1000;

/** What the catalogue knows of the image of a picture, and how the service names both. */
export interface KnownOfPicture {
  readonly record: ImageRecord;
  readonly detail: ImageDetail | undefined;
  /** Name and version of the service. */
  readonly service: string;
  /** Where the label is served. */
  readonly labelUrl: string;
  /** Name under which a client keeps the picture. */
  readonly fileName: string;
}

/** What a picture says about itself in its metadata. */
export function pictureFacts({ record, detail, service, labelUrl, fileName }: KnownOfPicture): AvmFacts {
  const title = detail?.title ?? undefined;
  const startTime = detail?.startTime ?? undefined;
  return {
    ...(title !== undefined && { title: title.slice(0, LONGEST) }),
    creator: service,
    facility: record.facility.slice(0, LONGEST),
    instrument: record.instrument.slice(0, LONGEST),
    datasetId: record.obsId,
    id: fileName.slice(0, fileName.length - extname(fileName).length),
    ...(startTime !== undefined && { startTime: startTime.slice(0, LONGEST) }),
    referenceUrl: labelUrl,
  };
}
