// Makes the pictures of docs/page.md and README.md, in Chromium, with the data of the demo:
//
// npm run demo, and in another terminal:
// npx tsx scripts/pictures/page-pictures.ts data/demo [ADDRESS [NAME ...]]
//
// Each is made at the width of a desk and of a phone: docs/pictures/page-NAME.png and
// page-NAME-phone.png.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import sharp from "sharp";

const [place, base = "http://127.0.0.1:5000", ...wanted] = process.argv.slice(2);
if (place === undefined) {
  process.stderr.write(
    "usage: tsx scripts/pictures/page-pictures.ts FOLDER-OF-THE-DEMO [ADDRESS [NAME ...]]\n",
  );
  process.exit(2);
}
const folder = join(import.meta.dirname, "..", "..", "docs", "pictures");

const posted = await fetch(`${base}/batch?size=3arcmin`, {
  method: "POST",
  headers: { "content-type": "application/json", prefer: "wait=20" },
  body: readFileSync(join(place, "test/moving-object/catch.json")),
});
const { id } = (await posted.json()) as { readonly id: string };
// the frame of README.md and docs/user.md
const image = "urn:nasa:pds:gbo.ast.neat.survey:data_geodss:g19960418_obsdata_19960418054426d";
const list = `obs_id,ra,dec\n${image},79.018,-2.478\nurn:nasa:pds:made:data:unknown,1,2\n${image},79.03,400\n`;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What is done before the picture is taken. */
  readonly steps?: (page: Page) => Promise<unknown>;
}

async function keys(page: Page, ...pressed: readonly string[]): Promise<void> {
  await page.locator(".viewport").focus();
  for (const key of pressed) await page.keyboard.press(key);
}

/** Scrolls to a part of a panel. */
async function show(page: Page, selector: string, block: "start" | "end"): Promise<void> {
  const part = page.locator(selector).first();
  await part.waitFor();
  await part.evaluate((element, block) => element.scrollIntoView({ block }), block);
}

const LOOK = `/view/image/${encodeURIComponent(image)}`;
const COMPARE = `/view/set?batch=${id}`;
const STAR = "at=79.03819,-2.49373";
/** By the stories of docs/page.md, in their order. */
const pictures: readonly Picture[] = [
  { name: "start", path: "/" },
  { name: "find", path: "/view/?order=time" },
  {
    name: "list",
    path: "/view/cut",
    steps: (page) =>
      page.locator("#list").fill(readFileSync(join(place, "test/moving-object/catch.json"), "utf8")),
  },
  { name: "look", path: LOOK, steps: (page) => page.locator(".viewport").hover() },
  {
    name: "value",
    path: `${LOOK}?${STAR}&z=0.06&cut=600,27000`,
    steps: (page) => keys(page, "ArrowRight"),
  },
  {
    name: "contrast",
    path: LOOK,
    steps: async (page) => {
      const box = (await page.locator(".viewport").boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down({ button: "right" });
      await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 4 });
      await page.mouse.up({ button: "right" });
    },
  },
  { name: "blink", path: COMPARE, steps: (page) => keys(page, "b") },
  { name: "sky", path: `${COMPARE}&align=sky&i=12` },
  { name: "compare", path: `${COMPARE}&z=0.12` },
  {
    name: "stack",
    path: COMPARE,
    steps: async (page) => {
      await keys(page, "t");
      await page.locator("[data-stack-ms]").waitFor();
      await show(page, "#stack-title", "start");
    },
  },
  {
    name: "measure",
    path: `${LOOK}?${STAR}&z=0.7`,
    steps: async (page) => {
      await page.locator(".viewport").hover();
      const outwards = Array.from({ length: 9 }, () => "ArrowRight");
      await keys(page, "r", "Enter", ...outwards, "Enter");
      await show(page, ".measurements", "end");
    },
  },
  { name: "take", path: COMPARE, steps: (page) => show(page, "#take-title + .row", "end") },
  { name: "link", path: `${COMPARE}&i=9&off=3-5&cmap=viridis&marks=oen&z=0.3&flip=true` },
  { name: "keys", path: COMPARE, steps: (page) => keys(page, "?") },
  { name: "cut", path: "/view/cut", steps: (page) => page.locator("#list").fill(list) },
];

/** Time for pictures to arrive and be drawn: nothing depends on it but how they look. */
const SETTLE_MS = 2500;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
let total = 0;
for (const [suffix, width, height] of [
  ["", 1280, 800],
  ["-phone", 380, 780],
] as const) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: "dark" });
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  for (const { name, path, steps } of pictures.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  )) {
    await page.goto(`${base}${path}`, { waitUntil: "load" });
    await page.waitForTimeout(SETTLE_MS);
    if (steps !== undefined) {
      await steps(page);
      await page.waitForTimeout(SETTLE_MS);
    }
    const file = join(folder, `page-${name}${suffix}.png`);
    const { size } = await sharp(await page.screenshot())
      .png({ palette: true, colors: 64, compressionLevel: 9, effort: 10 })
      .toFile(file);
    total += size;
    console.log(`${file}: ${size} bytes`);
  }
  await context.close();
}
await browser.close();
console.log(`${total} bytes`);
