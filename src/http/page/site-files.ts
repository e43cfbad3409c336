import type { FastifyInstance } from "fastify";

/** Side of the icon for browsers that do not support SVG, pixels. */
const ICON_SIDE = 48;

async function makeIco(): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const icon = sharp(Buffer.from(ICON), { density: 216 }).resize(ICON_SIDE, ICON_SIDE);
  return icoFile(await icon.png().toBuffer());
}

/** A file of icons with one picture: a header and an entry, then the PNG itself. */
function icoFile(png: Buffer): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(ICON_SIDE, 6);
  head.writeUInt8(ICON_SIDE, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

/**
 * What crawlers may follow: the pages and the pictures that they show, but not the archive, whose
 * images they would fetch one after the other. The longest rule that matches counts (RFC 9309,
 * 2.2.2).
 */
function robotsText(path: string): string {
  const refused = ["images/", "batch", "colour", "query", "view/set", "vo/"];
  const lines = [
    "User-agent: *",
    ...refused.map((below) => `Disallow: ${path}/${below}`),
    ...["jpeg", "png"].map((format) => `Allow: ${path}/images/*format=${format}`),
    `Allow: ${path}/`,
    "Crawl-delay: 10",
  ];
  return `${lines.join("\n")}\n`;
}

/** favicon.svg, favicon.ico and robots.txt. */
export async function siteFiles(app: FastifyInstance, { baseUrl }: { readonly baseUrl: string }) {
  const path = new URL(baseUrl).pathname.replace(/\/$/, "");
  const day = "public, max-age=86400";
  let ico: Promise<Buffer> | undefined;
  const schema = { hide: true };
  app.get("/favicon.svg", { schema }, async (_request, reply) =>
    reply.header("cache-control", day).type("image/svg+xml").send(ICON),
  );
  app.get("/favicon.ico", { schema }, async (_request, reply) => {
    ico ??= makeIco();
    return reply
      .header("cache-control", day)
      .type("image/x-icon")
      .send(await ico);
  });
  app.get("/robots.txt", { schema }, async (_request, reply) =>
    reply.header("cache-control", day).type("text/plain; charset=utf-8").send(robotsText(path)),
  );
}

/** Stars in a frame: the icon of the service in browsers. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="2" fill="#1b1b32"/><g fill="#fff"><circle cx="5" cy="5" r="1.4"/><circle cx="11" cy="7" r="1"/><circle cx="7" cy="11.5" r=".8"/></g></svg>';
