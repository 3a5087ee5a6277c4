// Scans made by the native program, to compare with those of the browser.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readPng } from "./decoders.mjs";
import { SITE } from "./settings.mjs";
import { skipUnlessCi } from "./skip.mjs";
import { defaultGenerator } from "./weights-files.mjs";

const PROGRAM = process.env.HERSENSCAN;
const WEIGHTS = join(SITE, defaultGenerator("t1ce"));

/** Whether the native program exists. If not, the test is skipped, and in CI it fails. */
export function hasNativeProgram(t) {
  if (PROGRAM && existsSync(PROGRAM)) return true;
  skipUnlessCi(t, "HERSENSCAN does not name the native program; `cargo xtask test` sets it");
  return false;
}

/** The pictures of seeds `seed` to `seed + n - 1`, made with the site's weights or with other `weights`. */
export async function sampleNatively({ seed, n, truncation, weights = WEIGHTS }) {
  const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
  try {
    const options = { weights, seed, n, truncation, out: folder };
    await promisify(execFile)(PROGRAM, ["sample", ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])]);
    const names = (await readdir(folder)).filter((name) => /^\d{4}\.png$/.test(name)).sort();
    return await Promise.all(names.map(async (name) => {
      const { pixels, channels } = readPng(await readFile(join(folder, name)));
      return channels === 1 ? pixels : Buffer.from(pixels.filter((_, at) => at % channels === 0));
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
