/** An answer of the service that is not what was asked for. */
export class ServiceError extends Error {
  readonly status: number;
  /** Code of docs/errors.md, or NETWORK where no answer came. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
  }
}

/**
 * Requests a resource. Errors: ServiceError with the code and the sentence of the problem document;
 * an aborted request rejects with its AbortError.
 */
export async function request(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ServiceError(0, "NETWORK", "The service cannot be reached.");
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

/** The JSON of a resource. Errors: those of `request`. */
export async function requestJson<T>(url: string, options?: RequestInit): Promise<T> {
  const response = await request(url, options);
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<ServiceError> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, detail } = (problem ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  return new ServiceError(
    response.status,
    typeof code === "string" ? code : "HTTP",
    typeof detail === "string" ? detail : `The service responded with status ${response.status}.`,
  );
}
