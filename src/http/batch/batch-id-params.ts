import { Type } from "typebox";
import { batchId } from "../../moving-objects/batch-request.ts";
import { readList } from "../../moving-objects/read-list.ts";
import { batchOptions } from "./batch-options.ts";

/** A list for the frames of `sbnsis test-data`, as JSON: the example of the API document. */
export const EXAMPLE_LIST = {
  rows: [{ obs_id: "urn:nasa:pds:survey:test-collection:test-000000", ra: 351.45, dec: 0.05 }],
};

/** The id of the batch of EXAMPLE_LIST: ids are hashes of the list and its options. */
function exampleId(): string {
  const bytes = new TextEncoder().encode(JSON.stringify(EXAMPLE_LIST));
  const list = readList(bytes, "application/json", { maximumRows: 1, uncTheta: "theta" });
  return batchId({ target: list.target, options: batchOptions({}, list), rows: list.rows });
}

/** Path parameters of a batch; the example is the id of the batch that EXAMPLE_LIST makes. */
export const batchIdParams = Type.Object({
  id: Type.String({ description: "Id of the batch.", examples: [exampleId()] }),
});
