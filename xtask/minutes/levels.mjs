// `cargo xtask minutes --levels`: makes the pictures of the forecast on the page, static/levels/*.webp. Trains in the built site in
// headless Chromium, on the processor, and saves the first four scans of the page's grid at each level of `src/ui/logic/forecast.rs`.
//   node levels.mjs OUT --data DIR [--runs random,judged,trained]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, visit } from "../../tests/e2e/support/fixtures.mjs";
import { imagesSeen, paused, prepare, previewAt, trainUntil } from "../../tests/e2e/support/training-page.mjs";
import { dataFolder, drawRows, readRows, TASKS, writeVisitorFolder } from "./tasks.mjs";

/** Scans in a picture. */
const SCANS = 4;
/** Slices of a step, as the page sets it. */
const BATCH = 8;
/** Longest time for one level. */
const PATIENCE = 3 * 3_600_000;

/** What each run learns from, how it starts, and the steps at each level, of 8 slices each. */
const RUNS = {
  random: { task: { modality: "t1ce", slices: 400 }, setup: { from: "nothing", size: 32 }, levels: { noise: 0, blobs: 30, "head-sized": 100, heads: 500, lesions: 2500 } },
  judged: { task: TASKS.A, setup: { from: "shipped", model: "t1ce", size: 64, judge: true }, levels: { "as-before": 0, brightness: 400, classes: 1600 } },
  trained: { task: TASKS.A, setup: { from: "shipped", model: "t1ce", size: 64, judge: false }, levels: { soft: 400 } },
};

const { values: options, positionals: [out] } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, runs: { type: "string", default: Object.keys(RUNS).join(",") } },
});
if (!out || !options.data) throw new Error("give the folder for the pictures, and --data DIR");
mkdirSync(out, { recursive: true });

/** Pictures side by side, as a WebP file that the browser encodes. */
async function strip(page, pictures) {
  const base64 = await page.evaluate(async (pictures) => {
    const side = Math.sqrt(pictures[0].length);
    const canvas = new OffscreenCanvas(pictures.length * side, side);
    const context = canvas.getContext("2d");
    pictures.forEach((picture, at) => context.putImageData(new ImageData(new Uint8ClampedArray(picture.flatMap((grey) => [grey, grey, grey, 255])), side), at * side, 0));
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.8 })).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  }, pictures.map((picture) => [...picture]));
  return Buffer.from(base64, "base64");
}

const browser = await launch();
try {
  for (const name of options.runs.split(",")) {
    const { task, setup, levels } = RUNS[name];
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-slices-"));
    try {
      const data = dataFolder(options.data, task.modality);
      writeVisitorFolder(folder, data, drawRows(readRows(data), task, 0));
      await visit(browser, {}, async (site) => {
        await site.at("slice-folder").setInputFiles(folder);
        await site.page.waitForFunction((count) => Number(document.querySelector('[data-testid="intake-summary"]')?.dataset.slices) === count, task.slices);
        await prepare(site, setup);
        for (const [level, steps] of Object.entries(levels)) {
          if (steps > 0) await trainUntil(site, steps * BATCH, PATIENCE);
          const seen = await imagesSeen(site);
          const file = await strip(site.page, (await previewAt(site, seen)).slice(0, SCANS));
          writeFileSync(join(out, `${level}.webp`), file);
          console.log(`${level}: ${seen} slices, ${file.length} bytes`);
        }
      }, { view: "trainen", expectErrors: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
} finally {
  await browser.close();
}
