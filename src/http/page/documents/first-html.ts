import type { SearchRow } from "../../search/search-response.ts";
import { type Html, html } from "./html.ts";

/** Fields of the search form, with the names of the parameters of /query. */
const FIELDS = [
  ["pos", "Place: RA,DEC in degrees", "174.62244,17.97594"],
  ["radius", "Radius", "5arcmin"],
  ["time", "Time, UTC", "2019-07/2019-08-15"],
  ["target", "Target", "65P"],
  ["filter", "Filter", "o"],
  ["collection", "Collection", "urn:nasa:pds:gbo.ast.neat.survey:data_geodss"],
  ["facility", "Observatory", ""],
  ["obs_id", "Identifier, or its beginning and *", "urn:nasa:pds:*"],
] as const;

interface FoundRows {
  readonly total: number;
  readonly next: string | null;
  readonly results: readonly SearchRow[];
}

/** An image in one line: time, observatory, filter, exposure. */
export function imageLine(row: SearchRow): string {
  const { start, facility, filter, exposure } = row;
  const parts = [
    typeof start === "string" ? start.slice(0, 19).replace("T", " ") : undefined,
    facility,
    filter,
    typeof exposure === "number" ? `${exposure} s` : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== null).join(" · ");
}

/** The search form and the first rows found: usable without script, replaced by it. */
export function foundBody(
  root: string,
  given: Readonly<Record<string, unknown>>,
  found: FoundRows | undefined,
): Html {
  const givenText = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  const rows = found?.results ?? [];
  return html`<div class="text">
<h1>${found === undefined ? "Find images" : `${found.total.toLocaleString("en-US")} images`}</h1>
<form class="fields" action="${root}view/" method="get">${FIELDS.map(
    ([name, text, example]) =>
      html`<label>${text}<input name="${name}" value="${givenText(name)}" placeholder="${example}"></label>`,
  )}<button class="primary">Find</button></form>
${rows.length > 0 && html`<ol class="first-found">${rows.map((row) => html`<li><a href="${root}view/image/${encodeURIComponent(String(row.obs_id))}">${imageLine(row)}</a> <span class="dim">${String(row.obs_id)}</span></li>`)}</ol>`}
${typeof found?.next === "string" && html`<p><a href="${root}view/?${nextPage(given, found.next)}">More images</a></p>`}
</div>`;
}

function nextPage(given: Readonly<Record<string, unknown>>, after: string): string {
  const texts = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  return new URLSearchParams({ ...Object.fromEntries(texts), after }).toString();
}

/**
 * The picture that a document shows first. Without `decoding`, browsers paint the rest of the page
 * before it, and the picture only when a thread has decoded it. `elementtiming` lets the script
 * wait until it is on the screen.
 */
function firstImage(src: string, text: string): Html {
  return html`<img class="first" src="${src}" alt="${text}" fetchpriority="high" decoding="sync" elementtiming="first">`;
}

/** The first picture of an image, which a browser begins to load before any script. */
export function imageBody(root: string, row: SearchRow, picture: string): Html {
  const id = String(row.obs_id);
  const products = `${root}images/${encodeURIComponent(id)}`;
  return html`<div class="text"><h1>${imageLine(row)}</h1>
${firstImage(`${root}${picture}`, "The whole image")}
<p><a href="${products}?format=fits">FITS image</a> · <a href="${products}?format=label">Label</a> · <a href="${products}?format=header">Header</a></p>
<p class="dim">${id}</p></div>`;
}

/** The beginning of a page that needs its script: its title and what can be done without. */
export function listBody(title: string, text: string, picture?: string): Html {
  return html`<div class="text"><h1>${title}</h1><p>${text}</p>
${picture !== undefined && firstImage(picture, "The first frame of the list")}
<noscript><p>This page needs JavaScript. Without it, post the list to <code>/batch</code>: the guide has examples for curl and Python.</p></noscript></div>`;
}
