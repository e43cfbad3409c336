import { serviceUrl } from "../app/island.ts";
import { request, requestJson } from "../app/service.ts";
import type { SetRow } from "../sets/load-set.ts";
import { headersOf } from "../sets/pasted-list.ts";
import { shellWord } from "../ui/command-lines.ts";

/** A list as understood by the service, before anything is made. */
export interface ReadList {
  readonly form: string;
  readonly target: string | null;
  readonly notes: readonly string[];
  readonly ignored_columns: readonly string[];
  /** Total number of pixels of all cutouts. */
  readonly pixels: number;
  readonly limits: { readonly rows: number; readonly pixels: number; readonly side: number };
  readonly rows: readonly SetRow[];
}

/** The products of each row. */
export interface CutOptions {
  /** With a unit, such as 5arcmin or 121px. */
  readonly size: string;
  readonly formats: readonly string[];
  readonly align: boolean;
}

function addressOf({ size, formats, align }: CutOptions, dry: boolean): string {
  const url = new URL(serviceUrl("batch", { size, ...(dry && { dry }) }));
  for (const format of formats) url.searchParams.append("format", format);
  if (align && formats.some((format) => format !== "fits")) url.searchParams.set("align", "true");
  return url.href;
}

/** Lets the service read a list without making anything. Errors: ServiceError. */
export function readList(text: string, options: CutOptions, signal: AbortSignal): Promise<ReadList> {
  return requestJson<ReadList>(addressOf(options, true), {
    method: "POST",
    headers: headersOf(text),
    body: text,
    signal,
  });
}

/** Starts a batch; returns its id. Errors: ServiceError. */
export async function startBatch(text: string, options: CutOptions): Promise<string> {
  const response = await request(addressOf(options, false), {
    method: "POST",
    headers: headersOf(text),
    body: text,
  });
  return ((await response.json()) as { readonly id: string }).id;
}

/** A command that sends a list file. */
export function commandFor(options: CutOptions, publicAddress: (url: string) => string): string {
  return `curl -s --data-binary @list.txt ${shellWord(publicAddress(addressOf(options, false)))}`;
}
