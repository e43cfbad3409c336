import { GivenParameters } from "@sbnsis/vo";
import type { FastifyRequest } from "fastify";

/**
 * The parameters of a request: those of the query string, then those of the body (DALI 1.1, 3).
 */
export function givenParameters({ url, body }: FastifyRequest): GivenParameters {
  const at = url.indexOf("?");
  const query = at < 0 ? [] : [...new URLSearchParams(url.slice(at + 1))];
  return new GivenParameters(Array.isArray(body) ? [...query, ...(body as FormFields)] : query);
}

/** Names and values of a form, in order. */
export type FormFields = readonly (readonly [name: string, value: string])[];
