import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { components, operations, paths } from "./schema.generated.ts";

export type { components, operations, paths };

/** A client whose paths, parameters and responses have the types of the service's document. */
export type SurveyImageClient = Client<paths, Json>;

/** Responses are read as JSON, and errors as problem documents. */
type Json = "application/json" | "application/problem+json";

/** A row of GET /query. */
export type ImageRow =
  operations["queryImages"]["responses"][200]["content"]["application/json"]["results"][number];

/** The response of GET /images/{id}/tiles. */
export type TilesOfImage = operations["getTiles"]["responses"][200]["content"]["application/json"];

/**
 * Creates a client of a service.
 * @param baseUrl address of the service, without a slash at the end
 * @param options of openapi-fetch, such as `fetch` or `headers`
 */
export function createClient(
  baseUrl: string,
  options: Omit<ClientOptions, "baseUrl"> = {},
): SurveyImageClient {
  return createFetchClient<paths, Json>({ ...options, baseUrl: baseUrl.replace(/\/+$/, "") });
}

/** Address of an image or of a product of it, for `<img>`, `curl` and downloads. */
export function imageAddress(
  baseUrl: string,
  id: string,
  query: NonNullable<operations["getImage"]["parameters"]["query"]> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return `${baseUrl.replace(/\/+$/, "")}/images/${encodeURIComponent(id)}${text === "" ? "" : `?${text}`}`;
}
