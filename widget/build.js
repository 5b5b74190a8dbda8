// Joins and shrinks src/ into dist/widget.js, which is kept in git so that serving needs no Node.
import { readFile } from "node:fs/promises";
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

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/index.js"],
  outfile: process.argv[2] ?? "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  plugins: [styleSheets],
});
