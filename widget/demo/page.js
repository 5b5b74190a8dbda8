const advisor = await whenMounted();
const options = document.getElementById("options");
const tag = document.getElementById("tag");

/** The widget's own script puts its element on the page, before or after this one runs. */
async function whenMounted() {
  await customElements.whenDefined("sourcing-advisor");
  const find = () => document.querySelector("sourcing-advisor");
  if (!find())
    await new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  return find();
}

function ask(text) {
  advisor.open();
  advisor.send(text);
}

function applyOptions() {
  const attributes = [];
  for (const { name, value } of options.elements) {
    if (name === "accent") continue;
    if (value) {
      advisor.setAttribute(name, value);
      attributes.push(`data-${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`);
    } else advisor.removeAttribute(name);
  }
  const { value: accent, defaultValue } = options.elements.namedItem("accent");
  const isOwn = accent !== defaultValue;
  if (isOwn) {
    advisor.style.setProperty("--sourcing-advisor-accent", accent);
    advisor.style.setProperty("--sourcing-advisor-on-accent", readableOn(accent));
  } else advisor.removeAttribute("style");
  const colours = `--sourcing-advisor-accent: ${accent}; --sourcing-advisor-on-accent: ${readableOn(accent)};`;
  const style = `\n<style>\n  sourcing-advisor { ${colours} }\n${end("style")}`;
  const source = `src="${location.origin}/webhooks/web/widget.js"`;
  const script = ["<script", source, ...attributes, `defer>${end("script")}`];
  tag.textContent = script.join("\n  ") + (isOwn ? style : "");
}

/** An end tag, written so that it does not end the script that this one stands in. */
function end(name) {
  return `</${name}>`;
}

/** Black or white, whichever has the higher contrast on a colour (WCAG 2.2, relative luminance). */
function readableOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

document.addEventListener("click", ({ target }) => target.dataset?.ask && ask(target.dataset.ask));
document.getElementById("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const process = document.getElementById("process").value.trim();
  if (process) ask(`Should we outsource ${process}?`);
});
options.addEventListener("input", applyOptions);
options.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("copy").addEventListener("click", async () => {
  const copied = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(tag.textContent);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "Select the tag and copy it by hand.";
  }
});
applyOptions();
