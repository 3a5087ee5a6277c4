// Decides which files the service worker caches for offline use, and writes the service worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** All files in a folder and its subfolders, sorted, as paths relative to it with forward slashes. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.path, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
    .sort();
}

/**
 * Files for the host, for other sites, or for checking the site, and the network that measures, which is large and for a few
 * researchers. Never cached.
 */
const NEVER = [/^(sw\.js|SHA256SUMS|_headers|\.htaccess|headers\.nginx\.conf|nginx\.conf|Containerfile|README\.md|\.nojekyll)$/, /^embed\//, /^npm\//, /^weights\/features\//];
/** Files that the first scan does not need. */
const BACKGROUND = [/^weights\/stages\//, /\.card\.json$/, /^weights\/faults\//, /^reader/, /^scans\/(?!.*\.pack$)/, /^licences\.txt$/, /^weights\/judge\/.*\.txt$/, /^fonts\/.*\.txt$/, /^icons\/.*-\d+\.png$/];
/** Files for WebGPU and training. */
const GPU = [/^engine-gpu/];
/** Files of the default training. The studio may cache the generator earlier. */
const TRAINING = [/^levels\//, /^weights\/t1ce-s64\.(discriminator\.)?safetensors$/, /^weights\/judge\/[^/]+\.safetensors$/];
/** Files of one model and size. The page names those that it uses. The stages of FLAIR belong to its easier games. */
const ON_USE = [/^weights\/((judge|lab)\/)?[^/]+\.safetensors$/, /^weights\/stages\/flair/, /^scans\/.*\.pack$/];

/**
 * When the service worker caches a file: `core` when it is installed, `more` once the page is idle, `card` also then if there is a
 * graphics card, `used` after a visit to the training view, `named` once the page has used it. Null means never.
 */
export function groupOf(name) {
  const fits = (pattern) => pattern.test(name);
  if (NEVER.some(fits)) return null;
  if (GPU.some(fits)) return "card";
  if (TRAINING.some(fits)) return "used";
  if (ON_USE.some(fits)) return "named";
  return BACKGROUND.some(fits) ? "more" : "core";
}

/** The service worker of a built site: the list of files, followed by `source`. */
export function serviceWorker(folder, source, headers) {
  const files = filesOf(folder)
    .map((name) => ({ name, group: groupOf(name), hash: null }))
    .filter(({ group }) => group)
    .map((file) => ({ ...file, hash: sha256(readFileSync(join(folder, file.name))) }));
  if (!files.some(({ name }) => name === "index.html")) throw new Error(`no page in ${folder}`);
  const site = { headers, files };
  const version = sha256(JSON.stringify(site) + source).slice(0, 16);
  return `const SITE = ${JSON.stringify({ version, ...site }, null, 1)};\n\n${source}`;
}
