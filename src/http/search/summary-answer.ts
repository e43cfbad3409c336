import { type Static, Type } from "typebox";

/** Response of GET /summary. */
export const summaryAnswerSchema = Type.Array(
  Type.Object({
    collection: Type.String(),
    facility: Type.String(),
    instrument: Type.String(),
    count: Type.Integer(),
  }),
  { description: "One row per combination of collection, facility and instrument." },
);
export type SummaryAnswer = Static<typeof summaryAnswerSchema>;
