import type { FastifyInstance } from "fastify";
import type { WorkQueue } from "../../../concurrency/work-queue.ts";
import { clientSignal } from "../../responses/client-signal.ts";
import { sendPage } from "../send-page.ts";
import type { CatalogContents } from "./catalog-contents.ts";
import { documentOf, relativeRoot, type Site } from "./document.ts";
import { type Html, html } from "./html.ts";

export interface StartOptions {
  readonly site: Site;
  readonly policy: string;
  readonly contents: () => Promise<CatalogContents>;
  readonly queries: WorkQueue;
}

/** Maximum number of rows of counts on the start page. */
const SHOWN_ROWS = 40;

const DESCRIPTION =
  "Sky survey images of NASA's Small-Bodies Node: find, view, compare and download images and cutouts.";

/** Address below the service of a small picture of an image. */
export function samplePicture(id: string, width: number): string {
  return `images/${encodeURIComponent(id)}?format=jpeg&quick=true&width=${width}`;
}

const count = (number: number) => number.toLocaleString("en-US");

/** GET /: what this is and what it holds. Needs no script. */
export async function startRoute(app: FastifyInstance, options: StartOptions): Promise<void> {
  const { site, policy, contents, queries } = options;
  app.get("/", { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (!path.endsWith("/")) {
      // relative, so that a proxy may add its own prefix
      return reply.redirect(`${path.slice(path.lastIndexOf("/") + 1)}/`, 308);
    }
    const found = await queries.run(contents, clientSignal(reply));
    const [first] = found.samples;
    const text = documentOf(site, {
      url: request.url,
      title: "SBN survey images",
      description: DESCRIPTION,
      picture: first && samplePicture(first.obsId, 1024),
      body: startBody(found, relativeRoot(request.url, site.basePath), site),
    });
    return sendPage(request, reply, text, policy);
  });
}

function startBody(contents: CatalogContents, root: string, { baseUrl, version }: Site): Html {
  const { rows, total, samples } = contents;
  const collections = new Set(rows.map(({ collection }) => collection)).size;
  return html`<div class="text">
<h1>Sky survey images of the Small-Bodies Node</h1>
<p class="lead">${
    total === 0
      ? "This service holds no images yet."
      : html`${count(total)} ${total === 1 ? "image" : "images"} of ${count(collections)} ${collections === 1 ? "collection" : "collections"}, whole or cut out around any place: view exact pixels, blink frames on an object, measure, stack, and download files.`
  }</p>
<form class="search" action="${root}view/" method="get">
<input type="search" name="q" maxlength="255" required aria-label="Search for a place, a target, an identifier or a CATCH job" placeholder="174.6224 +17.9759, 11:38:29 +17:58:33, 65P, urn:nasa:pds:…">
<button class="primary">Search</button>
</form>
<p class="hint">A place in degrees or hours, a date, the name of a target, a PDS4 identifier, or a job of CATCH. <a href="${root}view/">All ways to search</a></p>
<ul class="pictures">${samples.map(
    ({ obsId, facility, instrument }) =>
      html`<li><a href="${root}view/image/${encodeURIComponent(obsId)}"><img src="${root}${samplePicture(obsId, 480)}" alt="" width="480" height="480" loading="lazy"><span>${facility}<br><span class="dim">${instrument}</span></span></a></li>`,
  )}</ul>
<div class="columns">
<section><h2>Use it</h2>
<ul>
<li><a href="${root}view/">Find images</a> by place, time, survey, filter or target</li>
<li><a href="${root}view/set">Compare</a> a list of images: blink, measure and stack them</li>
<li><a href="${root}view/cut">Cut out</a> a list of places, from CATCH, MPC, Horizons or a table</li>
<li><a href="${root}guide/">Read the guide</a></li>
</ul></section>
<section><h2>Call it</h2>
<ul>
<li><a href="${root}ui/">Try every request</a> in the browser</li>
<li><a href="${root}openapi.json">OpenAPI document</a></li>
<li>Virtual Observatory: <code>${baseUrl}/vo</code></li>
<li class="dim">Version ${version}</li>
</ul></section>
</div>
${
  rows.length > 0 &&
  html`<section><h2>What it holds</h2><div class="table" tabindex="0" role="region" aria-label="Images by survey"><table>
<thead><tr><th>Observatory</th><th>Instrument</th><th>Collection</th><th class="number">Images</th></tr></thead>
<tbody>${rows
    .toSorted((a, b) => b.count - a.count)
    .slice(0, SHOWN_ROWS)
    .map(
      (row) =>
        html`<tr><td>${row.facility}</td><td>${row.instrument}</td><td><a href="${root}view/?collection=${encodeURIComponent(row.collection)}">${row.collection}</a></td><td class="number">${count(row.count)}</td></tr>`,
    )}</tbody></table></div>${rows.length > SHOWN_ROWS && html`<p class="hint">and ${count(rows.length - SHOWN_ROWS)} more in <a href="${root}summary">summary</a></p>`}</section>`
}
</div>`;
}
