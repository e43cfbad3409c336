import { Type } from "typebox";

/** Schema of problem documents. */
const problemSchema = Type.Object(
  {
    type: Type.String({ description: "Always about:blank: the status says the kind." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What is wrong, for a person." }),
    code: Type.String({ description: "What is wrong, for a program; docs/errors.md lists all codes." }),
    job_id: Type.String({ description: "Finds the request in the log of the service." }),
  },
  {
    additionalProperties: true,
    examples: [
      {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: "If one of ra, dec, or size is defined, then all must be defined.",
        code: "INCOMPLETE_CUTOUT",
        job_id: "013f7515aa074ee58ad5929c8391a366",
      },
    ],
  },
);

/** The error answer of one status, for the OpenAPI document. */
export function problemAnswer(description: string) {
  return { description, content: { "application/problem+json": { schema: problemSchema } } };
}

/** The error answers that every route can give. */
export const COMMON_PROBLEMS = {
  400: problemAnswer("A parameter is not allowed; `detail` names it, its value and what is allowed."),
  500: problemAnswer("The service failed; `job_id` finds the reason in its log."),
  503: problemAnswer("Busy, or the database cannot be reached. Try again after the time in Retry-After."),
};
