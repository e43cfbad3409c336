import type { FastifyInstance } from "fastify";
import type { Catalog, SummaryRow } from "../../catalog/catalog.ts";
import type { WorkQueue } from "../../concurrency/work-queue.ts";
import { clientSignal } from "../answers/client-signal.ts";
import { problemResponses } from "../answers/problem-schema.ts";
import { type SummaryAnswer, summaryAnswerSchema } from "./summary-answer.ts";

const schema = {
  summary: "Count the images of each collection, facility and instrument",
  tags: ["catalog"],
  operationId: "summarizeImages",
  response: { 200: summaryAnswerSchema, ...problemResponses([]) },
};

/** Responses already serialized, valid as long as the catalog returns the same rows. */
const written = new WeakMap<readonly SummaryRow[], Buffer>();

function answerOf(rows: readonly SummaryRow[]): Buffer {
  const kept = written.get(rows);
  if (kept !== undefined) return kept;
  const answer: SummaryAnswer = rows.map(({ collection, facility, instrument, count }) => ({
    collection,
    facility,
    instrument,
    count,
  }));
  const bytes = Buffer.from(JSON.stringify(answer));
  written.set(rows, bytes);
  return bytes;
}

/** GET /summary. */
export async function summaryRoute(
  app: FastifyInstance,
  { catalog, queries }: { readonly catalog: Catalog; readonly queries: WorkQueue },
): Promise<void> {
  app.get("/summary", { schema }, async (_request, reply) => {
    reply.header("cache-control", "no-cache").type("application/json; charset=utf-8");
    return answerOf(await queries.run(() => catalog.summarize(), clientSignal(reply)));
  });
}
