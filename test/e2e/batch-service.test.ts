import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Workplace, workplace } from "../support/programs/built-program.ts";

describe("batches of a service with two workers", { timeout: 120_000 }, () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await workplace();
    expect(
      (await place.run("sbnsis", "test-data", "--add", "--survey", "sky", "--frames", "12")).status,
    ).toBe(0);
    expect((await place.run("sbnsis", "start")).status).toBe(0);
  });
  afterAll(() => place.dispose());

  /** Rows of CATCH's form on the frames of the archive, several on each. */
  const found = Array.from({ length: 48 }, (_, i) => {
    const frame = i % 12;
    return {
      product_id: `urn:nasa:pds:survey:test-collection:test-${String(frame).padStart(6, "0")}`,
      ra: ((frame - 9) * 0.95 + 360) % 360,
      dec: 0.01 * Math.floor(i / 12),
      date: "2020-05-31 00:00:15",
      dra: 10,
      ddec: 5,
      unc_a: 3,
      unc_b: 1,
      unc_theta: 30,
    };
  });
  const body = JSON.stringify({ parameters: { target: "65P" }, data: found });
  const post = () =>
    fetch(`${place.base}/batch?size=21px`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=20" },
      body,
    });

  it("a batch of unmodified CATCH JSON becomes a cutout of every row; a restarted service knows the batch", async () => {
    const response = await post();
    const status = (await response.json()) as { id: string; target: string; form: string };
    expect(status).toMatchObject({
      phase: "COMPLETED",
      target: "65P",
      form: "catch",
      rows: { total: 48, done: 48, partial: 0, failed: 0, skipped: 0 },
    });
    expect((await place.run("sbnsis", "restart")).status).toBe(0);
    const again = await post();
    expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([200, status.id]);
    const manifest = await fetch(`${place.base}/batch/${status.id}/manifest.json`);
    const { rows } = (await manifest.json()) as { rows: { n: number; unc_pa: number; fits_url: string }[] };
    expect(rows.map(({ n }) => n)).toEqual(found.map((_, i) => i + 1));
    expect(rows[0]).toMatchObject({ unc_pa: 60, unc_sigma: 3, warnings: ["RATE_OF_DATE"] });
    const cutout = await fetch(rows[0]!.fits_url.replace(/^.*?(?=\/images\/)/, place.base));
    expect([cutout.status, cutout.headers.get("content-type")]).toEqual([200, "image/fits"]);
  });
});
