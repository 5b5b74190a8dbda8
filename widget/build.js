// Joins and shrinks src/ into dist/widget.js, which is kept in git so that serving needs no Node, and
// writes its hash into docs/widget.md. Another place for the script as an argument: only builds.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

/** What `import sheet from "./x.css" with { type: "css" }` gives in browsers that know it. */
const styleSheets = {
  name: "style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await transform(source, { loader: "css", minify: true });
      const text = JSON.stringify(code.trim());
      const contents = `const sheet = new CSSStyleSheet(); sheet.replaceSync(${text}); export default sheet;`;
      return { contents, loader: "js" };
    });
  },
};

/** Writes the tag that takes exactly this script into the documentation. */
async function pin(script) {
  const page = new URL("../docs/widget.md", import.meta.url);
  const hash = (kind, encoding) => createHash(kind).update(script).digest(encoding);
  const text = await readFile(page, "utf8");
  const pinned = text
    .replace(/web\/widget\/\w{12}\//g, `web/widget/${hash("sha256", "hex").slice(0, 12)}/`)
    .replace(/integrity="[^"]*"/g, `integrity="sha384-${hash("sha384", "base64")}"`);
  await writeFile(page, pinned);
}

const outfile = process.argv[2];
await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/index.js"],
  outfile: outfile ?? "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  plugins: [styleSheets],
});
if (!outfile) await pin(await readFile(new URL("dist/widget.js", import.meta.url)));
