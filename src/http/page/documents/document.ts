import type { BuiltPage, ViewName } from "../built-page.ts";
import { type Html, html, jsonScript } from "./html.ts";

/** Name of the service in titles. */
const SITE = "SBN survey images";

/** What every document needs. */
export interface Site {
  readonly page: BuiltPage;
  /** Path before every route, without a slash at the end. */
  readonly basePath: string;
  /** Public address of the service, without a slash at the end. */
  readonly baseUrl: string;
  readonly version: string;
}

export interface DocumentParts {
  /** Path and query of the request. */
  readonly url: string;
  readonly title: string;
  readonly description: string;
  /** Address below the service of a picture for links that are shared. */
  readonly picture?: string | undefined;
  /** Address below the service of the picture that the document shows first. */
  readonly shown?: string;
  /** Addresses below the service of data that the script of the view requests first. */
  readonly data?: readonly string[];
  /** The view whose scripts are loaded, with data for it. */
  readonly view?: ViewName;
  readonly island?: object;
  /** Script of a page that is not a view. */
  readonly script?: string;
  /** Which entry of the navigation this is. */
  readonly section?: "find" | "compare" | "cut" | "guide";
  /** Text in the search box. */
  readonly searched?: string;
  readonly body: Html;
}

/**
 * Address of the root of the service relative to a request, ending in a slash: correct below any
 * prefix that a proxy adds, which the service does not know.
 */
export function relativeRoot(url: string, basePath: string): string {
  const path = (url.split("?", 1)[0] ?? "").slice(basePath.length);
  const depth = path.split("/").length - 2;
  return depth > 0 ? "../".repeat(depth) : "./";
}

const SECTIONS = [
  ["find", "view/", "Find"],
  ["compare", "view/set", "Compare"],
  ["cut", "view/cut", "Cut"],
  ["guide", "guide/", "Guide"],
] as const;

/** The HTML of a page of the service. */
export function documentOf({ page, basePath, baseUrl, version }: Site, parts: DocumentParts): string {
  const { url, title, description, picture, view, island, script, section, searched = "" } = parts;
  const { shown, data = [] } = parts;
  const root = relativeRoot(url, basePath);
  const asset = (name: string) => `${root}view/assets/${name}`;
  const scripts = view === undefined ? (script === undefined ? [] : [script]) : page.views[view];
  const [main, ...preloaded] = scripts;
  const fullTitle = title === SITE ? title : `${title} · ${SITE}`;
  const canonical = `${baseUrl}${url.slice(basePath.length)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${
  // before the scripts, which would take all connections that a browser opens
  shown !== undefined && html`<link rel="preload" as="image" fetchpriority="high" href="${root}${shown}">`
}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${fullTitle}</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="dark light">
<link rel="icon" href="${root}favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${asset(page.style)}">
${main !== undefined && html`<script type="module" src="${asset(main)}"></script>`}
${preloaded.map((name) => html`<link rel="modulepreload" href="${asset(name)}">`)}
${data.map((path) => html`<link rel="preload" as="fetch" crossorigin href="${root}${path}" fetchpriority="low">`)}
<meta property="og:type" content="website">
<meta property="og:site_name" content="${SITE}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${canonical}">
${
  picture !== undefined &&
  html`<meta property="og:image" content="${baseUrl}/${picture}">
<meta name="twitter:card" content="summary_large_image">`
}
</head>
<body${view !== undefined && html` class="view-${view}"`}>
<a class="skip" href="#app">Skip to the content</a>
<header class="top">
<a class="home" href="${root}">${SITE}</a>
<form role="search" action="${root}view/" method="get">
<input type="search" name="q" value="${searched}" maxlength="255" aria-label="Place, target, identifier or CATCH job" placeholder="Place, target, identifier or CATCH job">
<button>Search</button>
</form>
<nav aria-label="Pages">${SECTIONS.map(
    ([name, path, text]) =>
      html`<a href="${root}${path}"${name === section && html` aria-current="page"`}>${text}</a>`,
  )}</nav>
</header>
<main id="app" tabindex="-1">${parts.body}</main>
${view === undefined && html`<footer class="foot"><span>Version ${version}</span><a href="${root}ui/">API</a><a href="${root}openapi.json">OpenAPI document</a><a href="${asset(page.licenses)}">Licenses of the page</a></footer>`}
${island !== undefined && jsonScript("island", { ...island, view, root, publicBase: baseUrl, version, workers: workersOf(page) })}
</body>
</html>
`.text;
}

/** Addresses of scripts of workers below the service. */
function workersOf({ workers }: BuiltPage): Record<string, string> {
  return Object.fromEntries(Object.entries(workers).map(([name, file]) => [name, `view/assets/${file}`]));
}
