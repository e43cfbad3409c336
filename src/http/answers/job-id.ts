import { randomUUID } from "node:crypto";

/** Header that carries the job id of every answer. */
export const JOB_ID_HEADER = "x-job-id";

/** A new job id: 32 hexadecimal digits. It links an answer, its problem document and the lines of the log. */
export function newJobId(): string {
  return randomUUID().replaceAll("-", "");
}
