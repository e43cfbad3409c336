/** A response that is not the requested resource. */
export class ServiceError extends Error {
  readonly status: number;
  /** Code of docs/errors.md, or NETWORK without a response. */
  readonly code: string;
  /** Seconds after which to retry, if the service says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Maximum number of tries of a request, and the first pause between two; pauses double. */
const MAX_TRIES = 5;
const FIRST_PAUSE_MS = 1500;
/**
 * Statuses of temporary faults: a timeout, a rate limit, and faults of the service or an archive.
 */
const PASSING: ReadonlySet<number> = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

/**
 * Milliseconds to wait before a failed request is retried; undefined if it should not be: the fault
 * is permanent, or the request has been tried often enough.
 * @param tries number of tries so far
 */
export function pauseBefore(error: unknown, tries: number): number | undefined {
  if (!(error instanceof ServiceError && PASSING.has(error.status)) || tries >= MAX_TRIES) return undefined;
  return Math.max(FIRST_PAUSE_MS * 2 ** (tries - 1), 1000 * (error.retryAfter ?? 0));
}

/**
 * Requests a resource. Errors: ServiceError with the code and detail of the problem document; an
 * aborted request rejects with its AbortError.
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
  // the header may also contain a date, but the service sends seconds
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new ServiceError(
    response.status,
    typeof code === "string" ? code : "HTTP",
    typeof detail === "string" ? detail : `The service responded with status ${response.status}.`,
    Number.isFinite(seconds) ? seconds : undefined,
  );
}
