// Completes a built site: files for hosts, npm package, service worker, and checksums of all files.
//   node finish.mjs FOLDER [ORIGIN ...]
// Pages of these origins may show the site in a frame: https://www.example.org, or * for all. Without one, only its own host may.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hostFiles } from "./headers.mjs";
import { hostingFiles } from "./hosting.mjs";
import { npmPackage } from "./npm.mjs";
import { headersFor, META } from "./policy.mjs";
import { filesOf, serviceWorker, sha256 } from "./precache.mjs";

const SOURCE = new URL("../../static/sw.js", import.meta.url);
const SUMS = "SHA256SUMS";

/** The content policy in the `<meta>` of a page, on one line. */
export function policyOf(page) {
  const [, content] = page.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/) ?? [];
  return content?.replace(/\s+/g, " ").trim().replace(/;$/, "");
}

/** Completes the site in `folder`. Pages of `origins` may show it in a frame. Returns its number of files. */
export function finish(folder, origins = []) {
  const headers = headersFor(origins);
  const policy = policyOf(readFileSync(join(folder, "index.html"), "utf8"));
  if (policy !== META) throw new Error(`the policy in index.html differs from xtask/release/policy.mjs.\n  index.html: ${policy}\n  policy.mjs: ${META}`);
  for (const [name, content] of Object.entries(hostFiles(headers))) writeFileSync(join(folder, name), content);
  npmPackage(folder);
  hostingFiles(folder);
  writeFileSync(join(folder, "sw.js"), serviceWorker(folder, readFileSync(SOURCE, "utf8"), headers));
  // Last, because it covers all other files. `sha256sum --check` can read it.
  const files = filesOf(folder).filter((name) => name !== SUMS);
  writeFileSync(join(folder, SUMS), files.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`).join(""));
  return files.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder = "dist", ...origins] = process.argv.slice(2);
  try {
    console.log(`${finish(folder, origins)} files; their checksums are in ${join(folder, SUMS)}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
