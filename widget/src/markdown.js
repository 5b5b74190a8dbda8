import { make } from "./dom.js";
import { rich } from "./text.js";

/**
 * Renders the Markdown that our briefs are written in: headings, lists, tables, bold, escapes.
 * Anything else stays the text that it is.
 *
 * @param {string} markdown
 * @param {string} opensNewTab
 * @returns {HTMLElement}
 */
export function renderMarkdown(markdown, opensNewTab) {
  const root = make("div", { class: "document" });
  for (const block of markdown.trim().split(/\n{2,}/)) root.append(element(block, opensNewTab));
  return root;
}

function element(block, opensNewTab) {
  const lines = block.split("\n");
  const heading = /^(#{1,3}) (.*)$/.exec(block);
  if (heading) return make(`h${heading[1].length + 2}`, {}, ...inline(heading[2], opensNewTab));
  if (lines.every((line) => line.startsWith("|"))) return table(lines, opensNewTab);
  if (lines.every((line) => line.startsWith("- "))) {
    const item = (line) => make("li", {}, ...inline(line.replace(/^- (\[ \] )?/, ""), opensNewTab));
    return make("ul", {}, ...lines.map(item));
  }
  return make("p", {}, ...inline(block, opensNewTab));
}

function table(lines, opensNewTab) {
  const cells = (line) => line.replace(/^\||\|$/g, "").split(/(?<!\\)\|/);
  const row = (line, tag) => {
    const cell = (text) =>
      make(tag, { scope: tag === "th" ? "col" : null }, ...inline(text.trim(), opensNewTab));
    return make("tr", {}, ...cells(line).map(cell));
  };
  const [head, , ...body] = lines;
  const rows = body.map((line) => row(line, "td"));
  return make("table", {}, make("thead", {}, row(head, "th")), make("tbody", {}, ...rows));
}

function inline(text, opensNewTab) {
  return text.split(/\*\*(.+?)\*\*/).flatMap((part, index) => {
    const nodes = rich(part.replace(/\\([\\`*_{}[\]<>#|!])/g, "$1"), opensNewTab);
    return index % 2 ? [make("strong", {}, ...nodes)] : nodes;
  });
}
