// Renders the pages of docs/ that are for users to HTML, for /guide/ of the service.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import markdownIt from "markdown-it";

/** Pages of the guide in order: address below guide/, file in docs/, and name in the contents. */
const PAGES = [
  ["", "user.md", "Using the service"],
  ["page", "page.md", "The page"],
  ["moving-objects", "moving-objects.md", "Moving objects"],
  ["client", "client.md", "A client in TypeScript"],
  ["tiles", "tiles.md", "Tiles"],
  ["errors", "errors.md", "Errors"],
];

/** Address of the demo in docs/, which the service replaces by its own. */
const DEMO = "http://127.0.0.1:5000";
const SERVICE = "{{service}}";

/** Parts of pages that are true in the repository only. */
const ONLY_HERE = /<!-- only in the repository[\s\S]*?<!-- end -->/g;

/**
 * Renders the guide.
 * @param {string} root folder of the repository
 * @param {(name: string, bytes: Buffer) => string} addPicture takes a picture, returns its name as
 *   an asset
 */
export function renderGuide(root, addPicture) {
  const slugs = new Map(PAGES.map(([slug, file]) => [file, slug]));
  return PAGES.map(([slug, file, name]) => {
    const text = readFileSync(join(root, "docs", file), "utf8").replace(ONLY_HERE, "");
    const contents = [];
    const md = markdownIt({ html: false, linkify: false, typographer: false });
    const env = { contents, ids: new Map(), slugs, addPicture, docs: join(root, "docs") };
    addRules(md);
    const html = md.render(text, env).replaceAll(DEMO, SERVICE);
    const title = contents.find(({ level }) => level === 1)?.text ?? name;
    return { slug, name, title, contents: contents.filter(({ level }) => level > 1), html };
  });
}

/** Rules for headings, links, pictures, code and tables. */
function addRules(md) {
  const { rules } = md.renderer;
  rules.heading_open = (tokens, i, _options, env) => {
    const token = tokens[i];
    const level = Number(token.tag.slice(1));
    const text = tokens[i + 1].children
      .filter(({ type }) => type === "text" || type === "code_inline")
      .map(({ content }) => content)
      .join("");
    const id = uniqueId(text, env.ids);
    if (level <= 3) env.contents.push({ level, id, text });
    return `<${token.tag} id="${id}">`;
  };
  rules.heading_close = (tokens, i, _options, env) => {
    const { tag } = tokens[i];
    const { id, text } = env.contents.at(-1) ?? {};
    const hasAnchor = tag === "h2" || tag === "h3";
    const label = md.utils.escapeHtml(`Link to ${text}`);
    return `${hasAnchor ? `<a class="anchor" href="#${id}" aria-label="${label}">#</a>` : ""}</${tag}>\n`;
  };
  rules.link_open = (tokens, i, options, env, self) => {
    const token = tokens[i];
    const to = addressOf(token.attrGet("href"), env.slugs);
    // what is only in the repository is named, not linked
    if (to === undefined) {
      let close = i;
      while (tokens[close].type !== "link_close") close++;
      tokens[close].hidden = true;
      return "";
    }
    token.attrSet("href", to);
    return self.renderToken(tokens, i, options);
  };
  rules.link_close = (tokens, i) => (tokens[i].hidden ? "" : "</a>");
  rules.image = (tokens, i, _options, env) => {
    const token = tokens[i];
    const file = token.attrGet("src");
    // the types that src/http/page/built-page.ts knows: a build fails rather than a start
    if (!/\.(?:png|jpg|gif|webp|svg)$/.test(file)) throw new Error(`docs/${file} is no picture for browsers`);
    const name = env.addPicture(basename(file), readFileSync(join(env.docs, file)));
    const alt = md.utils.escapeHtml(token.content);
    return `<img src="{{root}}view/assets/${name}" alt="${alt}" loading="lazy">`;
  };
  rules.fence = (tokens, i) => {
    const { content, info } = tokens[i];
    const code = `<pre tabindex="0"><code>${md.utils.escapeHtml(content)}</code></pre>`;
    const isInput = /^(?:sh|bash|python|js|ts|javascript|typescript)\b/.test(info.trim());
    return `<div class="code">${code}${isInput ? '<button class="copy" type="button" hidden>Copy</button>' : ""}</div>\n`;
  };
  rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  rules.table_close = () => "</table></div>\n";
}

/** Address of a link in the guide; undefined for a file of the repository that is not in it. */
function addressOf(href, slugs) {
  if (/^(?:https?:|#)/.test(href)) return href;
  const [file, anchor] = href.split("#");
  const slug = slugs.get(file);
  if (slug === undefined) return undefined;
  return `{{root}}guide/${slug}${anchor === undefined ? "" : `#${anchor}`}`;
}

/** The anchor of a heading as GitHub makes it, so that links in docs/ work in both places. */
function uniqueId(text, ids) {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
  const count = ids.get(plain) ?? 0;
  ids.set(plain, count + 1);
  return count === 0 ? plain : `${plain}-${count}`;
}
