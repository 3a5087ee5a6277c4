// What of the site a visitor's device keeps, for when there is no network.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** All files under a folder, sorted, as names relative to it with forward slashes. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.path, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
    .sort();
}

/** For the host or for people who check, and not for the page. */
const APART = new Set(["sw.js", "SHA256SUMS", "_headers", ".htaccess", "headers.nginx.conf"]);
/** What a first scan does without. */
const MORE = [/^weights\/stages\//, /\.card\.json$/, /^weights\/faults\//, /^reader/, /^scans\/(?!.*\.pack$)/, /^licences\.txt$/, /^fonts\/.*\.txt$/, /^icons\/.*-\d+\.png$/];
/** What only a graphics card, or a training, has a use for. */
const CARD = [/^engine-gpu/];
/** What only a training has a use for. */
const USED = [/^weights\/t1ce-s32/];
/** What depends on the model and the size that a visitor has: the page names those that it computes with. FLAIR's stages come with its easier games. */
const NAMED = [/^weights\/[^/]+\.safetensors$/, /^weights\/stages\/flair/, /^scans\/.*\.pack$/];

/**
 * When a file is kept: `core` before anything works without a network, `more` once the page has nothing to do, `card` then too
 * if there is a graphics card, `used` once a training was near, `named` once the page computed with it; null for never.
 */
export function groupOf(name) {
  if (APART.has(name)) return null;
  const fits = (pattern) => pattern.test(name);
  if (CARD.some(fits)) return "card";
  if (USED.some(fits)) return "used";
  if (NAMED.some(fits)) return "named";
  return MORE.some(fits) ? "more" : "core";
}

/** The service worker of a built site: `source`, with what there is to keep in front. */
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
