import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import type { Catalog, SummaryRow } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { clientSignal } from "../responses/client-signal.ts";
import { problemResponses } from "../responses/problem-schema.ts";

/** Response of GET /summary. */
const summaryResponseSchema = Type.Array(
  Type.Object({
    collection: Type.String(),
    facility: Type.String(),
    instrument: Type.String(),
    count: Type.Integer(),
  }),
  { description: "One row per combination of collection, facility and instrument." },
);
type SummaryResponse = Static<typeof summaryResponseSchema>;

const schema = {
  summary: "Count the images of each collection, facility and instrument",
  tags: ["catalog"],
  operationId: "summarizeImages",
  response: { 200: summaryResponseSchema, ...problemResponses([]) },
};

function serialized(rows: readonly SummaryRow[]): Buffer {
  const response: SummaryResponse = rows.map(({ collection, facility, instrument, count }) => ({
    collection,
    facility,
    instrument,
    count,
  }));
  return Buffer.from(JSON.stringify(response));
}

/** GET /summary. */
export async function summaryRoute(
  app: FastifyInstance,
  { catalog, queries }: { readonly catalog: Catalog; readonly queries: WorkQueue },
): Promise<void> {
  /** The last response, valid as long as the catalog returns the same rows. */
  let last: { readonly rows: readonly SummaryRow[]; readonly bytes: Buffer } | undefined;
  app.get("/summary", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-cache").type("application/json; charset=utf-8");
    const rows = await queries.run(() => catalog.summarize(), clientSignal(reply));
    if (last?.rows !== rows) last = { rows, bytes: serialized(rows) };
    return last.bytes;
  });
}
