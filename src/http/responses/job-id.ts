import { randomUUID } from "node:crypto";

/** Header with the job id of every response. */
export const JOB_ID_HEADER = "x-job-id";

/**
 * A new job id: 32 hexadecimal digits. It links a response, its problem document and its log lines.
 */
export function newJobId(): string {
  return randomUUID().replaceAll("-", "");
}
