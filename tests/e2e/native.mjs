// Scans by the native program, to compare with.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readPng } from "./files.mjs";
import { usual } from "./sites.mjs";
import { SITE } from "./studio.mjs";

const PROGRAM = process.env.HERSENSCAN;
const WEIGHTS = join(SITE, usual("t1ce"));

/** Whether there is a program to compare with; says so where not. */
export function nativeReady(t) {
  const ready = PROGRAM && existsSync(PROGRAM);
  if (!ready) t.skip("HERSENSCAN names no program: `cargo xtask test` sets it");
  return ready;
}

/** The pictures for `n` seeds from `seed` on, in order, of the weights of the site or of other ones. */
export async function native({ seed, n, truncation, weights = WEIGHTS }) {
  const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
  try {
    const settings = { weights, seed, n, truncation, out: folder };
    await promisify(execFile)(PROGRAM, ["sample", ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`])]);
    const names = (await readdir(folder)).filter((name) => /^\d{4}\.png$/.test(name)).sort();
    return await Promise.all(names.map(async (name) => {
      const { pixels, channels } = readPng(await readFile(join(folder, name)));
      return channels === 1 ? pixels : Buffer.from(pixels.filter((_, at) => at % channels === 0));
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
