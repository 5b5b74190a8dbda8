import { button, make } from "./dom.js";
import { renderMarkdown } from "./markdown.js";

const PAPER =
  "body{font:11pt/1.45 system-ui,sans-serif;color:#000;margin:2cm}h3{font-size:18pt}" +
  "table{border-collapse:collapse}th,td{border:1px solid #999;padding:4pt;text-align:start}" +
  ".unseen{display:none}";

/**
 * Buttons to take a text of the assistant's away with. It is saved as Markdown, whatever else it says
 * it is, so that it can never be opened as a page of this site.
 *
 * @param {{name: string, text: string}} file
 * @param {import("./texts.js").Words} words
 */
export function fileButtons(file, { lang, say }) {
  return make(
    "p",
    { class: "tools", lang },
    button("tool", () => download(file), say("download")),
    button("tool", () => print(file, say), say("print")),
  );
}

/** A file as a message: its name, what can be done with it, and its text to unfold. */
export function fileBox(file, words) {
  const { lang, say } = words;
  return make(
    "div",
    { class: "card", dir: "ltr" },
    make("p", { class: "kicker", lang }, say("brief")),
    make("p", {}, file.name),
    fileButtons(file, words),
    make(
      "details",
      {},
      make("summary", { lang }, say("read")),
      renderMarkdown(file.text, say("newTab")),
    ),
  );
}

function download(file) {
  const href = URL.createObjectURL(new Blob([file.text], { type: "text/markdown;charset=utf-8" }));
  make("a", { href, download: String(file.name) }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Prints from an empty frame, so that neither the page nor the chat is on the paper. */
function print(file, say) {
  const frame = make("iframe", { hidden: true, title: file.name });
  document.body.append(frame);
  const paper = /** @type {any} */ (frame.contentWindow);
  const sheet = new paper.CSSStyleSheet();
  sheet.replaceSync(PAPER);
  paper.document.adoptedStyleSheets = [sheet];
  paper.document.title = String(file.name).replace(/\.\w+$/, "");
  paper.document.body.append(renderMarkdown(file.text, say("newTab")));
  paper.addEventListener("afterprint", () => setTimeout(() => frame.remove()));
  paper.print();
}
