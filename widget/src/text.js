import { make } from "./dom.js";

// Only what is matched here can become a link, so no other scheme ever does.
const SPECIAL =
  /(https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?)\]]|mailto:[^\s<>"“”]+@[^\s<>"“”]+\w)|[─●]{3,}/gi;

/**
 * Turns text into nodes: addresses into links, bars of line-drawing characters into something
 * that a screen reader passes over, everything else into text.
 *
 * @param {string} text
 * @param {string} opensNewTab what is said after a link
 * @returns {Node[]}
 */
export function rich(text, opensNewTab) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(SPECIAL)) {
    nodes.push(text.slice(end, match.index));
    nodes.push(
      match[1] ? link(match[0], opensNewTab) : make("span", { "aria-hidden": "true" }, match[0]),
    );
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function link(href, opensNewTab) {
  const hint = make("span", { class: "unseen" }, ` (${opensNewTab})`);
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, href, hint);
}

/** What is read out of a text: without bars, and only its first paragraphs where it is long. */
export function spoken(text) {
  const plain = text.replace(/[─●]{3,}/g, "").trim();
  if (plain.length <= 500) return plain;
  const [first] = plain.split(/\n\n/);
  return first.length <= 500 ? first : `${first.slice(0, 500)} …`;
}
