// Completes a built site: headers for hosts, service worker, and checksums of all files.
//   node finish.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hostFiles } from "./headers.mjs";
import { HEADERS, META } from "./policy.mjs";
import { filesOf, serviceWorker, sha256 } from "./precache.mjs";

const SOURCE = new URL("../../static/sw.js", import.meta.url);
const SUMS = "SHA256SUMS";

/** The content policy in the `<meta>` of a page, on one line. */
export function policyOf(page) {
  const [, content] = page.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/) ?? [];
  return content?.replace(/\s+/g, " ").trim().replace(/;$/, "");
}

/** Completes the site in `folder`. Returns its number of files. */
export function finish(folder) {
  const policy = policyOf(readFileSync(join(folder, "index.html"), "utf8"));
  if (policy !== META) throw new Error(`the policy in index.html differs from xtask/release/policy.mjs.\n  index.html: ${policy}\n  policy.mjs: ${META}`);
  for (const [name, content] of Object.entries(hostFiles(HEADERS))) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "sw.js"), serviceWorker(folder, readFileSync(SOURCE, "utf8"), HEADERS));
  // Last, because it covers all other files. `sha256sum --check` can read it.
  const files = filesOf(folder).filter((name) => name !== SUMS);
  writeFileSync(join(folder, SUMS), files.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`).join(""));
  return files.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? "dist";
  try {
    console.log(`${finish(folder)} files; their checksums are in ${join(folder, SUMS)}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
