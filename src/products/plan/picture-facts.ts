import { extname } from "node:path";
import type { AvmFacts } from "@sbnsis/imaging";
import type { ImageDetail, ImageRecord } from "../../catalog/catalog.ts";

/** Longest text included in a picture: JPEG has room for 64 KB of metadata in total. */
const LONGEST = 1000;

/** What the catalog knows about the image of a picture, and how the service names both. */
export interface KnownOfPicture {
  readonly record: ImageRecord;
  readonly detail: ImageDetail | undefined;
  /** Name and version of the service. */
  readonly service: string;
  /** URL of the label. */
  readonly labelUrl: string;
  /** Name under which a client saves the picture. */
  readonly fileName: string;
}

/** What a picture's metadata says. */
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
