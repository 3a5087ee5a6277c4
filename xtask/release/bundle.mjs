// Assembles the site from index.html, `static/` and the compiled programs.
//   node bundle.mjs PROGRAMS FOLDER
// PROGRAMS is a folder with NAME.js and NAME_bg.wasm of every program. FOLDER is replaced.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "./precache.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START = '<script type="module" src="start.js"></script>';

const [programs, folder] = process.argv.slice(2);

/** Adds a hash of its content to the name of a file, so that no cache confuses two versions. Returns the new name. */
function hashName(name) {
  const hash = sha256(readFileSync(join(folder, name))).slice(0, 16);
  const hashed = name.replace(/^([^._]+)/, `$1-${hash}`);
  renameSync(join(folder, name), join(folder, hashed));
  return hashed;
}

/** Replaces exactly one occurrence of `text`. */
function replaceOnce(html, text, replacement) {
  if (html.split(text).length !== 2) throw new Error(`index.html must contain once: ${text}`);
  return html.replace(text, () => replacement);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// finish.mjs writes the service worker.
cpSync(join(ROOT, "static"), folder, { recursive: true, filter: (path) => path !== join(ROOT, "static/sw.js") });
cpSync(programs, folder, { recursive: true });

let html = readFileSync(join(ROOT, "index.html"), "utf8");
html = html.replace(/<link rel="stylesheet" href="([^"]+)">/g, (_, name) => `<link rel="stylesheet" href="${hashName(name)}">`);
const [js, wasm] = ["app.js", "app_bg.wasm"].map(hashName);
html = replaceOnce(html, START, [
  `<link rel="modulepreload" href="${js}" crossorigin="anonymous">`,
  `<link rel="preload" href="${wasm}" crossorigin="anonymous" as="fetch" type="application/wasm">`,
  `<script type="module" src="start.js?js=${js}&amp;wasm=${wasm}"></script>`,
].join("\n    "));
writeFileSync(join(folder, "index.html"), html);
