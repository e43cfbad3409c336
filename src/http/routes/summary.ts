import type { FastifyInstance } from "fastify";
import type { Catalog } from "../../catalog/catalog.ts";
import { COMMON_PROBLEMS } from "../schemas/problem.ts";
import { type SummaryAnswer, summaryAnswerSchema } from "../schemas/summary-answer.ts";

const schema = {
  summary: "Count the images of each collection, facility and instrument",
  tags: ["catalog"],
  operationId: "summarizeImages",
  response: { 200: summaryAnswerSchema, ...COMMON_PROBLEMS },
};

/** GET /summary. */
export async function summaryRoute(
  app: FastifyInstance,
  { catalog }: { readonly catalog: Catalog },
): Promise<void> {
  app.get("/summary", { schema }, async (_request, reply) => {
    const rows = await catalog.summarize();
    const answer: SummaryAnswer = rows.map(({ collection, facility, instrument, count }) => ({
      collection,
      facility,
      instrument,
      count,
    }));
    reply.header("cache-control", "no-cache");
    return answer;
  });
}
