// Requests cutouts of all images of a running service: check-cutouts.mjs BASE_URL
// Fails unless each is what was requested.
const [base] = process.argv.slice(2);
const { results } = await (await fetch(`${base}/query?order=time&maxrec=100`)).json();
if (results.length === 0) throw new Error("there are no images");
const bytes = { fits: 0, jpeg: 0 };
for (const { obs_id, center_ra, center_dec } of results) {
  const place = `ra=${center_ra}&dec=${center_dec}&size=2arcmin`;
  for (const format of ["fits", "jpeg"]) {
    const answer = await fetch(`${base}/images/${encodeURIComponent(obs_id)}?${place}&format=${format}`);
    const body = Buffer.from(await answer.arrayBuffer());
    const start = format === "fits" ? "SIMPLE" : "\xff\xd8";
    if (answer.status !== 200 || body.toString("latin1", 0, start.length) !== start)
      throw new Error(`${obs_id} as ${format}: ${answer.status} ${body.toString("utf8", 0, 200)}`);
    bytes[format] += body.length;
  }
}
console.log(`   cutouts of ${results.length} images: ${bytes.fits} bytes as FITS, ${bytes.jpeg} as JPEG`);
