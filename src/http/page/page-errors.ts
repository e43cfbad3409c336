import type { FastifyInstance } from "fastify";
import type { Logger } from "../../observe/logger.ts";
import type { Metrics } from "../../observe/metrics.ts";
import { sendError } from "../plugins/errors.ts";
import type { Problem } from "../responses/problem.ts";
import { documentOf, relativeRoot, type Site } from "./documents/document.ts";
import { html } from "./documents/html.ts";
import { setPageHeaders } from "./send-page.ts";

export interface PageErrorsOptions {
  readonly site: Site;
  readonly policy: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Shows errors of the pages of this scope as pages to browsers; programs receive them as usual. */
export function installPageErrors(app: FastifyInstance, options: PageErrorsOptions): void {
  const { site, policy, logger, metrics } = options;
  app.setErrorHandler((error, request, reply) => {
    const isBrowser = /\btext\/html\b/i.test(request.headers.accept ?? "");
    if (!isBrowser) return sendError(error, request, reply, { logger, metrics });
    return sendError(error, request, reply, {
      logger,
      metrics,
      page: (problem) => {
        setPageHeaders(reply, policy);
        return errorPage(site, request.url, problem);
      },
    });
  });
}

function errorPage(site: Site, url: string, { status, title, detail, code, job_id: jobId }: Problem): string {
  const root = relativeRoot(url, site.basePath);
  return documentOf(site, {
    url,
    title: `${status} ${title}`,
    description: detail,
    body: html`<div class="text"><h1>${status} ${title}</h1><p class="lead">${detail}</p>
<p><a href="${root}">Start page</a> · <a href="${root}view/">Find images</a></p>
<p class="hint">${code} · request ${jobId}</p></div>`,
  });
}
