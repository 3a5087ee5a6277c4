// Writes the licences of all packages in the site's programs as one text.
//   node licences.mjs FILE
// Fails on a package whose licence is not in ALLOWED.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RULE = "=".repeat(80);
// The features of all programs of the site together.
const BUILD = ["--no-default-features", "--features", "gpu,reader,ui", ...(process.env.CI ? ["--locked"] : [])];
const TARGET = "wasm32-unknown-unknown";

/** Licences that allow everyone to use and redistribute the programs, as long as the texts are included. */
const ALLOWED = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT",
  "MIT-0", "MPL-2.0", "Unicode-3.0", "Unlicense", "Zlib",
]);

/** The tokens of an SPDX expression. `A/B` is an old notation of `A OR B`. */
const tokens = (expression) => expression.replace(/([()/])/g, " $1 ").replace(/\s+WITH\s+/g, "~WITH~").split(/\s+/).filter(Boolean).map((word) => word.replaceAll("~", " "));

/** Whether the licences of an SPDX expression are allowed. */
export function allowed(expression) {
  const left = tokens(expression ?? "");
  const term = () => {
    const word = left.shift();
    if (word !== "(") return ALLOWED.has(word);
    const inside = disjunction();
    return left.shift() === ")" && inside;
  };
  const conjunction = () => {
    let all = term();
    while (left[0] === "AND" && left.shift()) all = term() && all;
    return all;
  };
  const disjunction = () => {
    let any = conjunction();
    while (["OR", "/"].includes(left[0]) && left.shift()) any = conjunction() || any;
    return any;
  };
  const accepted = disjunction();
  return accepted && left.length === 0;
}

/** CC0 asks for no text. This names it. */
const CC0 = `CC0 1.0 Universal

To the extent possible under law, the authors have waived all copyright and related or neighbouring rights to this work.
The full text is at https://creativecommons.org/publicdomain/zero/1.0/legalcode`;

const cargo = (...words) => execFileSync(process.env.CARGO ?? "cargo", words, { cwd: ROOT, encoding: "utf8", maxBuffer: 1e8 });

/** The packages in the programs, sorted by name and version. Procedural macros are not part of the programs. */
function packages() {
  const tree = cargo("tree", "--package", "hersenscan", "--edges", "normal,no-proc-macro", "--target", TARGET, ...BUILD, "--prefix", "none", "--format", "{p}");
  const used = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const known = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", TARGET, ...BUILD)).packages;
  const found = known.filter(({ name, version, source }) => source && used.has(`${name} v${version}`));
  return found.sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** The licence texts in the folder of a package. */
function includedTexts({ manifest_path }) {
  const folder = dirname(manifest_path);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && /^(licen[cs]e|unlicense|copying|copyright|notice)/i.test(entry.name));
  // Some files contain only the path of a file that was not packaged.
  return files.map(({ name }) => normalise(readFileSync(join(folder, name), "utf8"))).filter((text) => text.length > 100).sort();
}

/** Normalises line ends and white space. */
function normalise(text) {
  const lines = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").split("\n").map((line) => line.trimEnd());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+|\n+$/g, "");
}

/** Texts with the same key are equal. The unfilled form at the end of the Apache licence does not count. */
function key(text) {
  const terms = /\[yyyy\]|\{yyyy\}/.test(text) ? text.split("END OF TERMS AND CONDITIONS")[0] : text;
  return terms.toLowerCase().replace(/https?/g, "http").replace(/[^a-z0-9]/g, "");
}

/** A standard text for a package without one, with its authors if the licence has a line for them. */
function standardText(licence, authors, texts) {
  const ids = tokens(licence);
  const own = (file) => normalise(readFileSync(join(ROOT, file), "utf8"));
  if (ids.includes("MIT")) return own("LICENSE-MIT").replace(/^Copyright.*$/m, `Copyright (c) ${authors.join(", ") || "its authors"}`);
  if (ids.includes("Apache-2.0")) return own("LICENSE-APACHE");
  if (ids.includes("CC0-1.0")) return CC0;
  return texts.get(licence);
}

/** The complete text. */
export function licences() {
  const all = packages();
  const refused = all.filter(({ license }) => !allowed(license));
  if (refused.length) throw new Error(`licences that are not in ALLOWED in xtask/release/licences.mjs:\n${refused.map(({ name, version, license }) => `  ${name} ${version}: ${license ?? "none given"}`).join("\n")}`);

  // The file of a package with a single licence is the text of that licence.
  const pure = new Map(all.filter(({ license }) => tokens(license).length === 1).map((one) => [one.license, includedTexts(one)[0]]).filter(([, text]) => text));
  const entries = all.map((one) => {
    const included = includedTexts(one);
    const texts = included.length ? included : [standardText(one.license, one.authors.map((author) => author.replace(/\s*<.*>/, "")), pure)];
    if (!texts[0]) throw new Error(`${one.name} ${one.version} has no text of its licence, ${one.license}, and there is no standard text for it`);
    return { name: `${one.name} ${one.version}`, licence: one.license, home: `https://crates.io/crates/${one.name}/${one.version}`, texts };
  });
  entries.push(
    { name: "Rust's standard library", licence: "MIT OR Apache-2.0", home: "https://www.rust-lang.org", texts: [standardText("MIT", ["The Rust Project Contributors"]), standardText("Apache-2.0")] },
    { name: "Atkinson Hyperlegible Next, the typeface", licence: "OFL-1.1", home: "https://www.brailleinstitute.org/freefont/", texts: [normalise(readFileSync(join(ROOT, "static/fonts/OFL.txt"), "utf8"))] },
  );

  const numbers = new Map();
  for (const text of entries.flatMap(({ texts }) => texts)) if (!numbers.has(key(text))) numbers.set(key(text), { text, number: numbers.size + 1 });
  const list = entries.map(({ name, licence, home, texts }) => {
    const which = [...new Set(texts.map((text) => numbers.get(key(text)).number))].sort((a, b) => a - b);
    return `${name}\n    ${licence}; text ${which.join(", ")}\n    ${home}\n`;
  });
  const bodies = [...numbers.values()].map(({ text, number }) => `${RULE}\nText ${number}\n${RULE}\n\n${text}\n`);
  return [
    "The works of others in hersenscan's programs, with their licences.",
    "hersenscan itself is licensed under the MIT licence or the Apache licence, version 2.0, at your choice.\n",
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
