// Times scans and training steps: natively, in the built site, and in other engines for the browser, in turns (A B A B), because the
// speed of a computer drifts. Everything runs on one thread, except the native program. In the browser a measurement is the mean of
// 16 scans in a row, after 16 that are not counted. `cargo xtask bench` calls it:
//   node bench.mjs OUT.json [ROUNDS] [--models FOLDER | --webgpu]
// With --webgpu: scans and nothing else, through WebGPU on an adapter in software, where only the ratio says something.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serve } from "../../tests/e2e/server.mjs";
import { launch, TIMEOUT, visitBlank, WEBGPU } from "../../tests/e2e/support/fixtures.mjs";
import { labelledSlices } from "../../tests/e2e/support/drawn-heads.mjs";
import { TrainingWorker, TUNING } from "../../tests/e2e/support/training-worker.mjs";
import { EngineWorker } from "../../tests/e2e/support/engine-worker.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SCAN_PRESETS = ["s64", "s128"];
/** Scans in a row whose mean is one measurement, of every engine in the browser. */
const SCANS = 16;
/** Measurements of a round. */
const GROUPS = 6;
/** The generator for WebGPU: the smaller one, because a scan takes seconds in software. */
const WEBGPU_PRESET = "s64";
/** Scans at once on a graphics card, see `src/engine/making/loaded.rs`. */
const GPU_BATCH = 4;
/** Mini-batch size of the training. */
const BATCH = 8;
/** Steps of the training that are timed. A gradient penalty is computed in every fourth. */
const STEPS = 16;
/** Seconds for each task of the native program in each round. */
const SECONDS = "2";

/** Milliseconds per scan or slice of the native program: `{ name: [best of this round] }`. */
function native() {
  const program = process.env.HERSENSCAN;
  if (!program) return {};
  const { status, stdout, stderr } = spawnSync(program, ["bench", "--json", "--seconds", SECONDS], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries(JSON.parse(stdout).map(({ task, preset, batch, best }) => [`${task} ${preset}, batch ${batch}: native`, [best]]));
}

/** The site's own workers. */
async function site() {
  const browser = await launch();
  const times = {};
  try {
    for (const preset of SCAN_PRESETS) {
      await visitBlank(browser, async (page) => {
        const engine = await EngineWorker.start(page);
        await engine.load(`weights/t1ce-${preset}.safetensors`);
        await engine.generate(SCANS);
        const means = [];
        for (let group = 0; group < GROUPS; group++) means.push((await engine.generate(SCANS)) / SCANS);
        times[`scan ${preset}, batch 1: site`] = means;
        await engine.terminate();
      });
    }
    await visitBlank(browser, async (page) => {
      const worker = await TrainingWorker.start(page);
      const set = { size: 32, classes: ["a", "b"], train: labelledSlices(64, 32), held_out: [], source: "drawings by the benchmark" };
      await worker.send("begin", { device: "cpu", software: true, set, start: { from: "random", preset: "s32" }, tuning: { ...TUNING, batch: BATCH }, seed: 7, keep: false });
      await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
      const warm = await worker.trainUntil(4, 5 * TIMEOUT);
      const done = await worker.trainUntil(warm.steps + STEPS, 10 * TIMEOUT);
      times[`slice s32, batch ${BATCH}: site`] = [(1000 * (done.seconds - warm.seconds)) / (done.images - warm.images)];
      await worker.terminate();
    });
  } finally {
    await browser.close();
  }
  return times;
}

/** Other engines. */
async function peers(models) {
  const times = {};
  const server = await serve(HERE, { fault: (path, response) => path.startsWith("models/") && serveModel(models, path, response) });
  const browser = await launch();
  try {
    for (const preset of SCAN_PRESETS) {
      for (const engine of models ? ["tfjs", "ort"] : ["tfjs"]) {
        const page = await browser.newPage();
        page.setDefaultTimeout(TIMEOUT);
        await page.goto(`${server.url}peers.html`);
        for (const batch of [1, 16]) {
          const call = [engine, preset, batch, SCANS / batch, GROUPS];
          times[`scan ${preset}, batch ${batch}: ${engine}`] = await page.evaluate((call) => window.peers(...call), call);
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return times;
}

/** Scans through WebGPU, in the site and in TensorFlow.js, with as many at once as the site's worker makes. Each has a browser of its own. */
async function webgpu() {
  const times = {};
  const server = await serve(HERE);
  let browser = await launch(WEBGPU);
  try {
    await visitBlank(browser, async (page) => {
      const engine = await EngineWorker.start(page, "engine-gpu_loader.js");
      await engine.load(`weights/t1ce-${WEBGPU_PRESET}.safetensors`, "gpu");
      await engine.generate(GPU_BATCH);
      times[`scan ${WEBGPU_PRESET}, WebGPU: site`] = [(await engine.generate(GPU_BATCH)) / GPU_BATCH];
      await engine.terminate();
    });
    await browser.close();
    browser = await launch(WEBGPU);
    const page = await browser.newPage();
    await page.goto(`${server.url}peers.html`);
    const call = ["tfjs-webgpu", WEBGPU_PRESET, GPU_BATCH, 1, 1];
    times[`scan ${WEBGPU_PRESET}, WebGPU: tfjs`] = await page.evaluate((call) => window.peers(...call), call);
  } finally {
    await browser.close();
    await server.close();
  }
  return times;
}

async function serveModel(models, path, response) {
  const { readFile } = await import("node:fs/promises");
  response.writeHead(200, { "content-type": "application/octet-stream" }).end(await readFile(join(models, path.slice("models/".length))));
  return true;
}

const { values, positionals } = parseArgs({ options: { models: { type: "string" }, webgpu: { type: "boolean" } }, allowPositionals: true });
const [out, rounds = "3"] = positionals;
const all = {};
for (let round = 0; round < Number(rounds); round++) {
  for (const measure of values.webgpu ? [webgpu] : [native, site, () => peers(values.models)]) {
    for (const [name, millis] of Object.entries(await measure())) (all[name] ??= []).push(...millis);
  }
}
const rows = Object.entries(all).map(([name, millis]) => {
  const sorted = [...millis].sort((a, b) => a - b);
  return { name, best: sorted[0], median: sorted[sorted.length >> 1], times: sorted.length };
});
writeFileSync(out, `${JSON.stringify(rows, null, 2)}\n`);
console.log("\nmilliseconds per scan, or per slice in training".padEnd(45), "best".padStart(9), "median".padStart(9), "times".padStart(6));
for (const { name, best, median, times } of rows.sort((a, b) => a.name.localeCompare(b.name))) {
  console.log(name.padEnd(44), best.toFixed(2).padStart(9), median.toFixed(2).padStart(9), String(times).padStart(6));
}
