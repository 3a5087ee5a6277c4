// Completes a built site: headers for hosts, the service worker, and the list of all files with their hashes.
//   node finish.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { hostFiles } from "./headers.mjs";
import { HEADERS, META } from "./policy.mjs";
import { filesOf, serviceWorker, sha256 } from "./precache.mjs";

const SOURCE = new URL("../../static/sw.js", import.meta.url);
const SUMS = "SHA256SUMS";

/** The content policy that a page carries, in one line. */
export function policyOf(page) {
  const [, policy] = page.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/) ?? [];
  return policy?.replace(/\s+/g, " ").trim().replace(/;$/, "");
}

export function finish(folder) {
  const carried = policyOf(readFileSync(join(folder, "index.html"), "utf8"));
  if (carried !== META) throw new Error(`index.html carries another policy than xtask/release/policy.mjs.\n  it has:   ${carried}\n  it needs: ${META}`);
  for (const [name, content] of Object.entries(hostFiles(HEADERS))) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, "sw.js"), serviceWorker(folder, readFileSync(SOURCE, "utf8"), HEADERS));
  // Last, and in the form that `sha256sum --check` reads.
  const files = filesOf(folder).filter((name) => name !== SUMS);
  writeFileSync(join(folder, SUMS), files.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`).join(""));
  return files.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = process.argv[2] ?? "dist";
  try {
    console.log(`${finish(folder)} files, listed with their hashes in ${join(folder, SUMS)}`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
