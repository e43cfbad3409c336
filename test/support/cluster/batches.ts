import { expect } from "vitest";
import type { Cluster } from "./nodes.ts";

/** A batch that the service acknowledged. */
export interface Acknowledged {
  readonly id: string;
  readonly rows: { readonly total: number };
}

/** Three rows near the center of each image; another `shift`, in degrees, is another batch. */
export function batchRows({ images }: Cluster, shift: number): readonly object[] {
  return images.flatMap(({ obs_id, center_ra: ra, center_dec: dec }) =>
    [0, 1, 2].map((k) => ({ obs_id, ra, dec: dec + 0.001 * k + shift })),
  );
}

/** Sends a batch; undefined if the connection ended without a response. */
export async function sendBatch(base: string, rows: readonly object[]): Promise<Response | undefined> {
  return await fetch(`${base}/batch?size=1arcmin&format=fits&format=jpeg`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ rows }),
  }).catch(() => undefined);
}

/**
 * Waits until a batch has ended with each of its rows made once; returns how many lines of its
 * manifest repeat a row.
 */
export async function completedBatch(base: string, { id, rows }: Acknowledged): Promise<number> {
  const status = async () => {
    const answer = await fetch(`${base}/batch/${id}`);
    return (await answer.json()) as { readonly phase: string; readonly rows: object };
  };
  await expect
    .poll(status, { timeout: 60_000, interval: 200 })
    .toMatchObject({ phase: "COMPLETED", rows: { done: rows.total, failed: 0, skipped: 0 } });
  const manifest = await fetch(`${base}/batch/${id}/manifest.json`);
  const lines = ((await manifest.json()) as { rows: readonly { readonly n: number }[] }).rows;
  const numbers = new Set(lines.map(({ n }) => n));
  expect(numbers.size).toBe(rows.total);
  return lines.length - numbers.size;
}
