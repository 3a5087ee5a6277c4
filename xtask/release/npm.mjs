// Makes the npm package of a built site: `npm/` in its folder, ready for `npm pack`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = join(ROOT, "xtask/npm");
/** Files of the package that are written by hand, and those of the site: the worker that makes scans on the processor. */
const OWN = ["index.js", "index.d.ts", "README.md", "example.html"];
const BUILT = ["engine_loader.js", "worker.js", "engine.js", "engine_bg.wasm", "licences.txt"];
const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];

/** Writes the package into `folder/npm`. */
export function npmPackage(folder) {
  const target = join(folder, "npm");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const name of OWN) copyFileSync(join(SOURCE, name), join(target, name));
  for (const name of BUILT) copyFileSync(join(folder, name), join(target, name));
  for (const name of LICENCES) copyFileSync(join(ROOT, name), join(target, name));
  const manifest = readFileSync(join(ROOT, "Cargo.toml"), "utf8");
  const field = (name) => manifest.match(new RegExp(`^${name} = "(.*)"$`, "m"))[1];
  writeFileSync(join(target, "package.json"), `${JSON.stringify({
    name: "hersenscan",
    version: field("version"),
    description: "Makes MRI slices of brains that do not exist, with tumour masks, in web workers",
    license: `(${field("license")})`,
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
    types: "./index.d.ts",
    sideEffects: false,
    files: [...OWN, ...BUILT, ...LICENCES],
    keywords: ["gan", "mri", "brain", "synthetic-data", "webassembly"],
  }, null, 2)}\n`);
}
