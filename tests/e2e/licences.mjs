// The licences of everything that is compiled into the site's three programs, as one text.
//   node licences.mjs FILE
// Fails, with the name, on a package whose licence nobody has allowed here.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RULE = "=".repeat(80);
// The features of page and engines together, and what they need in the browser.
const BUILD = ["--no-default-features", "--features", "gpu,ui", ...(process.env.CI ? ["--locked"] : [])];
const TARGET = "wasm32-unknown-unknown";

/** Licences that let anyone use and pass on the programs, as long as the texts come along. */
const ALLOWED = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT",
  "MIT-0", "MPL-2.0", "Unicode-3.0", "Unlicense", "Zlib",
]);

/** The licences that an SPDX expression names. `A/B` is an old way to write `A OR B`. */
const words = (expression) => expression.replace(/([()/])/g, " $1 ").replace(/\s+WITH\s+/g, "~WITH~").split(/\s+/).filter(Boolean).map((word) => word.replaceAll("~", " "));

/** Whether the licence that an SPDX expression describes is allowed. */
export function allowed(expression) {
  const left = words(expression ?? "");
  const term = () => {
    const word = left.shift();
    if (word !== "(") return ALLOWED.has(word);
    const inside = either();
    return left.shift() === ")" && inside;
  };
  const both = () => {
    let all = term();
    while (left[0] === "AND" && left.shift()) all = term() && all;
    return all;
  };
  const either = () => {
    let any = both();
    while (["OR", "/"].includes(left[0]) && left.shift()) any = both() || any;
    return any;
  };
  const fits = either();
  return fits && left.length === 0;
}

const cargo = (...words) => execFileSync(process.env.CARGO ?? "cargo", words, { cwd: ROOT, encoding: "utf8", maxBuffer: 1e8 });

/** The packages in the programs, by name and version. Macros work at build time and are not in them. */
function packages() {
  const tree = cargo("tree", "--package", "hersenscan", "--edges", "normal,no-proc-macro", "--target", TARGET, ...BUILD, "--prefix", "none", "--format", "{p}");
  const used = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const known = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", TARGET, ...BUILD)).packages;
  const found = known.filter(({ name, version, source }) => source && used.has(`${name} v${version}`));
  return found.sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** The licence texts that a package brings along. */
function bring({ manifest_path }) {
  const folder = dirname(manifest_path);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && /^(licen[cs]e|unlicense|copying|copyright|notice)/i.test(entry.name));
  // Some hold no more than the path of a file that was left behind.
  return files.map(({ name }) => tidy(readFileSync(join(folder, name), "utf8"))).filter((text) => text.length > 100).sort();
}

/** Line ends and blanks aside, a text as it is. */
function tidy(text) {
  const lines = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").split("\n").map((line) => line.trimEnd());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+|\n+$/g, "");
}

/** Two texts with the same key say the same. The form at the end of the Apache licence, where not filled in, says nothing. */
function key(text) {
  const terms = /\[yyyy\]|\{yyyy\}/.test(text) ? text.split("END OF TERMS AND CONDITIONS")[0] : text;
  return terms.toLowerCase().replace(/https?/g, "http").replace(/[^a-z0-9]/g, "");
}

/** A standard text for a package that brings none: with its authors' names where the licence has a line for them. */
function standard(licence, authors, texts) {
  const ids = words(licence);
  const own = (file) => tidy(readFileSync(join(ROOT, file), "utf8"));
  if (ids.includes("MIT")) return own("LICENSE-MIT").replace(/^Copyright.*$/m, `Copyright (c) ${authors.join(", ") || "its authors"}`);
  if (ids.includes("Apache-2.0")) return own("LICENSE-APACHE");
  return texts.get(licence);
}

/** The whole text. */
export function licences() {
  const all = packages();
  const strange = all.filter(({ license }) => !allowed(license));
  if (strange.length) throw new Error(`licences that nobody has allowed in tests/e2e/licences.mjs:\n${strange.map(({ name, version, license }) => `  ${name} ${version}: ${license ?? "none given"}`).join("\n")}`);

  // What a package under one licence alone brings along is the text of that licence.
  const pure = new Map(all.filter(({ license }) => words(license).length === 1).map((one) => [one.license, bring(one)[0]]).filter(([, text]) => text));
  const entries = all.map((one) => {
    const brought = bring(one);
    const texts = brought.length ? brought : [standard(one.license, one.authors.map((author) => author.replace(/\s*<.*>/, "")), pure)];
    if (!texts[0]) throw new Error(`${one.name} ${one.version} brings no text of its licence, ${one.license}, and there is no other to take`);
    return { name: `${one.name} ${one.version}`, licence: one.license, home: `https://crates.io/crates/${one.name}/${one.version}`, texts };
  });
  entries.push(
    { name: "Rust's standard library", licence: "MIT OR Apache-2.0", home: "https://www.rust-lang.org", texts: [standard("MIT", ["The Rust Project Contributors"]), standard("Apache-2.0")] },
    { name: "Atkinson Hyperlegible Next, the typeface", licence: "OFL-1.1", home: "https://www.brailleinstitute.org/freefont/", texts: [tidy(readFileSync(join(ROOT, "static/fonts/OFL.txt"), "utf8"))] },
  );

  const numbers = new Map();
  for (const text of entries.flatMap(({ texts }) => texts)) if (!numbers.has(key(text))) numbers.set(key(text), { text, number: numbers.size + 1 });
  const list = entries.map(({ name, licence, home, texts }) => {
    const which = [...new Set(texts.map((text) => numbers.get(key(text)).number))].sort((a, b) => a - b);
    return `${name}\n    ${licence}; text ${which.join(", ")}\n    ${home}\n`;
  });
  const bodies = [...numbers.values()].map(({ text, number }) => `${RULE}\nText ${number}\n${RULE}\n\n${text}\n`);
  return [
    "What hersenscan is built from: the work of others in its three programs, with the licences under which they share it.",
    "hersenscan itself is free under the MIT licence or the Apache licence, version 2.0, at your choice.\n",
    `${entries.length} works, ${numbers.size} texts. The texts follow the list.\n`,
    ...list,
    ...bodies,
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = process.argv[2];
  try {
    const text = licences();
    writeFileSync(file, text);
    console.log(`${file}: ${text.match(/^\d+ works, \d+ texts/m)[0]}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
