import type { FastifyInstance } from "fastify";
import { SisError } from "../../../errors/sis-error.ts";
import type { GuidePage } from "../built-page.ts";
import { sendPage } from "../send-page.ts";
import { documentOf, relativeRoot, type Site } from "./document.ts";
import { Html, html } from "./html.ts";

/** GET /guide/ and /guide/{name}: the documentation for users, with the address of this service. */
export async function guideRoutes(
  app: FastifyInstance,
  { site, policy }: { readonly site: Site; readonly policy: string },
): Promise<void> {
  const pages = new Map(site.page.guide.map((one) => [one.slug, one]));
  const send = (slug: string, url: string) => {
    const one = pages.get(slug);
    if (one === undefined) throw new SisError("ROUTE_NOT_FOUND", "The guide has no such page.");
    return documentOf(site, {
      url,
      title: one.title,
      description: `${one.title}: guide for users of the SBN Survey Image Service.`,
      section: "guide",
      script: site.page.guideScript,
      body: guideBody(site, one, relativeRoot(url, site.basePath)),
    });
  };
  const schema = { hide: true };
  app.get("/guide/", { schema }, async (request, reply) =>
    sendPage(request, reply, send("", request.url), policy),
  );
  app.get<{ Params: { name: string } }>("/guide/:name", { schema }, async (request, reply) =>
    sendPage(request, reply, send(request.params.name, request.url), policy),
  );
}

function guideBody({ page, baseUrl }: Site, one: GuidePage, root: string): Html {
  const text = one.html.replaceAll("{{service}}", html`${baseUrl}`.text).replaceAll("{{root}}", root);
  return html`<div class="text guide">
<nav class="contents" aria-label="Contents of the guide"><ol>${page.guide.map(
    ({ slug, name, contents }) =>
      html`<li><a href="${root}guide/${slug}"${slug === one.slug && html` aria-current="page"`}>${name}</a>${
        slug === one.slug &&
        html`<ol>${contents.filter(({ level }) => level === 2).map(({ id, text: title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol>`
      }</li>`,
  )}</ol></nav>
<article>${new Html(text)}</article>
</div>`;
}
