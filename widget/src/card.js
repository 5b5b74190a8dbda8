import { draw, make } from "./dom.js";
import { fileButtons } from "./files.js";
import { rich } from "./text.js";

const SAFEGUARDS_SHOWN = 3;

/**
 * Shows a recommendation. Its data are the server's, so that a part that is missing is left out.
 *
 * @param {Record<string, any>} data what `custom.recommendation` holds
 * @param {{name: string, type: string, text: string} | undefined} file the brief
 * @param {import("./texts.js").Words} words
 * @returns {HTMLElement}
 */
export function recommendationCard(data, file, words) {
  const { lang, say } = words;
  const own = { lang };
  return make(
    "article",
    {
      class: "card",
      dir: "ltr",
      "aria-label": `${say("recommendation")}: ${data.outcome_title}`,
    },
    make(
      "p",
      { class: "kicker" },
      make("span", own, say("recommendation")),
      ` · ${data.process_name}`,
    ),
    make("h3", { class: "outcome" }, data.outcome_title, " ", sureness(data, words)),
    data.changed ? make("p", { class: "changed" }, data.changed) : null,
    make("p", {}, ...rich(`${data.summary ?? ""} ${data.why ?? ""}`.trim(), say("newTab"))),
    spectrum(data, words),
    ...titled(say("restsOn"), own, weights(list(data.reasons), words)),
    ...titled(say("safeguards"), own, safeguards(list(data.safeguards), words)),
    ...titled(say("cases"), own, cases(list(data.use_cases), say)),
    ...titled(say("flip"), own, flip(data, words)),
    file ? fileButtons(file, words) : null,
  );
}

function list(value) {
  return Array.isArray(value) ? value : [];
}

function titled(title, attributes, content) {
  return content ? [make("h4", attributes, title), content] : [];
}

function sureness(data, { lang, say }) {
  const known = ["high", "medium", "low"].includes(data.confidence);
  return known
    ? make("span", { class: `sure ${data.confidence}`, lang }, say(data.confidence))
    : null;
}

function spectrum(data, { lang, say }) {
  const place = Math.min(100, Math.max(0, Number(data.position) || 0));
  const x = 12 + place * 2.76;
  return make(
    "div",
    { class: "spectrum", lang },
    draw(
      "svg",
      { viewBox: "0 0 300 30", role: "img", "aria-label": say("place", place) },
      draw("rect", { class: "rail", x: 12, y: 12, width: 276, height: 6, rx: 3 }),
      ...[25, 50, 75].map((tick) => {
        const at = 12 + tick * 2.76;
        return draw("line", { class: "tick", x1: at, x2: at, y1: 8, y2: 22 });
      }),
      draw("circle", { class: "place", cx: x, cy: 15, r: 9 }),
    ),
    make(
      "p",
      { class: "ends", "aria-hidden": "true" },
      make("span", {}, make("b", {}, "BPO"), ` ${say("routine")}`),
      make("span", {}, String(place)),
      make("span", {}, `${say("expert")} `, make("b", {}, "KPO")),
    ),
  );
}

function weights(reasons, words) {
  return reasons.length
    ? make("ul", { class: "weights" }, ...reasons.map((reason) => weight(reason, words)))
    : null;
}

function weight(reason, { lang, say }) {
  const { weight: points, maximum } = reason;
  const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("span"));
  bar.firstChild.style.inlineSize = `${maximum ? (100 * points) / maximum : 0}%`;
  return make(
    "li",
    {},
    make("span", { class: "criterion" }, reason.name),
    make(
      "span",
      { class: "points", lang },
      maximum ? say("weight", points, maximum) : say("weightless"),
    ),
    make(
      "span",
      { class: "level" },
      reason.title,
      reason.assumed ? make("i", { lang }, ` (${say("assumed")})`) : null,
    ),
    maximum ? bar : null,
  );
}

function safeguards(all, { lang, say }) {
  if (!all.length) return null;
  const items = (some) =>
    make("ul", {}, ...some.map(({ text }) => make("li", {}, ...rich(text, say("newTab")))));
  const rest = all.slice(SAFEGUARDS_SHOWN);
  if (!rest.length) return items(all);
  const more = make("summary", { lang }, say("more", rest.length));
  return make(
    "div",
    {},
    items(all.slice(0, SAFEGUARDS_SHOWN)),
    make("details", {}, more, items(rest)),
  );
}

function cases(all, say) {
  if (!all.length) return null;
  const one = ({ title, text }) =>
    make(
      "details",
      {},
      make("summary", {}, title),
      make("p", {}, ...rich(text ?? "", say("newTab"))),
    );
  return make("div", { class: "cases" }, ...all.map(one));
}

function flip(data, { lang, say }) {
  return data.flip ? make("p", {}, data.flip.text) : make("p", { lang }, say("noFlip"));
}
