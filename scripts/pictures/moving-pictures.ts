// Makes the pictures of docs/moving-objects.md with the data of the demo:
//
// npm run demo, and in another terminal: npx tsx scripts/pictures/moving-pictures.ts data/demo
//
// Three panels, each enlarged three times: one frame, the mean and the median of 24 frames; the
// contact sheet of nine of them; the animation.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const [place, base = "http://127.0.0.1:5000"] = process.argv.slice(2);
if (place === undefined) {
  process.stderr.write("usage: tsx scripts/pictures/moving-pictures.ts FOLDER-OF-THE-DEMO [ADDRESS]\n");
  process.exit(2);
}
const pictures = join(import.meta.dirname, "..", "..", "docs", "pictures");
const ENLARGED = 3;
const GAP = 6;

async function bytes(path: string): Promise<Buffer> {
  const response = await fetch(`${base}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

async function enlarged(picture: Buffer): Promise<Buffer> {
  const { width = 1, height = 1 } = await sharp(picture).metadata();
  return await sharp(picture)
    .toColourspace("b-w")
    .resize(width * ENLARGED, height * ENLARGED, { kernel: "nearest" })
    .png()
    .toBuffer();
}

const posted = await fetch(`${base}/batch?size=3arcmin`, {
  method: "POST",
  headers: { "content-type": "application/json", prefer: "wait=20" },
  body: readFileSync(join(place, "test/moving-object/catch.json")),
});
const { id } = (await posted.json()) as { readonly id: string };
const { rows } = JSON.parse(String(await bytes(`/batch/${id}/manifest.json`))) as {
  readonly rows: readonly { readonly obs_id: string; readonly ra: number; readonly dec: number }[];
};
const { obs_id, ra, dec } = rows[11]!;
const panels = await Promise.all(
  [
    `/images/${obs_id}?format=png&ra=${ra}&dec=${dec}&size=3arcmin&align=true`,
    `/batch/${id}/stack.png?combine=mean`,
    `/batch/${id}/stack.png`,
  ].map(async (path) => await enlarged(await bytes(path))),
);
const { width: side = 0 } = await sharp(panels[1]).metadata();
await sharp({
  create: { width: 3 * side + 2 * GAP, height: side, channels: 3, background: "#ffffff" },
})
  .composite(
    await Promise.all(
      panels.map(async (panel, k) => ({
        input: await sharp(panel).resize(side, side, { fit: "cover" }).png().toBuffer(),
        left: k * (side + GAP),
        top: 0,
      })),
    ),
  )
  .toColourspace("b-w")
  .png({ compressionLevel: 9, palette: true, colors: 64 })
  .toFile(join(pictures, "moving-stack.png"));
await sharp(await bytes(`/batch/${id}/sheet.jpg?columns=5&maxrec=10`))
  .jpeg({ quality: 75, mozjpeg: true })
  .toFile(join(pictures, "moving-sheet.jpg"));
writeFileSync(join(pictures, "moving-blink.webp"), await bytes(`/batch/${id}/blink.webp?width=146`));
