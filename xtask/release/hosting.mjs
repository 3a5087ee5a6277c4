// Files that let hosts serve a built site: docs/hosting.md has the command for each.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../hosting/", import.meta.url));
/** A container with nginx, and a static Space of Hugging Face. */
const FILES = ["Containerfile", "nginx.conf", "README.md"];

/** Writes them into `folder`. */
export function hostingFiles(folder) {
  for (const name of FILES) copyFileSync(join(SOURCE, name), join(folder, name));
  // GitHub Pages leaves out files whose names begin with `_`, unless this file is there.
  writeFileSync(join(folder, ".nojekyll"), "");
}
