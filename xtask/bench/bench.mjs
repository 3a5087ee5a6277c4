// Times scans and training steps: natively, in the built site, and in other engines for the browser, in turns (A B A B),
// because the speed of a computer drifts. Everything runs on one thread, except the native program. In the browser a
// measurement is the mean of 16 scans in a row, after 16 that are not counted. `cargo xtask bench` calls it: node bench.mjs
// OUT.json [ROUNDS] [--models FOLDER] [--webgpu] [--training] With --training: the training of the site and of TensorFlow.js
// alone. With --webgpu: the site and TensorFlow.js alone, through WebGPU on a software adapter. Only their ratio is meaningful
// there. A training step of TensorFlow.js is the same as the site's: training.js. Two differences favour TensorFlow.js: its
// slices and augmentations are drawn once, not for each step, and it lacks LeCam, which takes two means.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
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
const TRAINING_PRESET = "s32";
/** Mini-batch size of the training, and through WebGPU, where a step of the smallest networks takes a second or two. */
const BATCH = 8;
const WEBGPU_TRAINING = { preset: "n16", batch: 2 };
/** Training steps before the timing, and timed training steps. Every fourth step has a gradient penalty. */
const STEPS = [4, 16];
/** Recorded training steps of the PyTorch trainer, which TensorFlow.js must reproduce. */
const GOLDEN = JSON.parse(readFileSync(join(HERE, "../../tests/training_step.json"), "utf8"));
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

/** The training in the site and in TensorFlow.js. */
async function training() {
  const server = await serve(HERE);
  const browser = await launch();
  try {
    const site = await siteTraining(browser, "cpu", TRAINING_PRESET, BATCH);
    const tfjs = await peerTraining(browser, server, "wasm", TRAINING_PRESET, BATCH);
    return { [`slice ${TRAINING_PRESET}, batch ${BATCH}: site`]: [site], [`slice ${TRAINING_PRESET}, batch ${BATCH}: tfjs`]: [tfjs] };
  } finally {
    await browser.close();
    await server.close();
  }
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
  } finally {
    await browser.close();
  }
  return times;
}

/** Milliseconds per slice in a training in the site. */
function siteTraining(browser, device, preset, batch) {
  const size = Number(preset.slice(1));
  const [warmUp, steps] = STEPS;
  return visitBlank(browser, async (page) => {
    const worker = await TrainingWorker.start(page);
    const set = { size, classes: ["a", "b"], train: labelledSlices(64, size), held_out: [], source: "drawings by the benchmark" };
    await worker.send("begin", { device, software: true, set, start: { from: "random", preset }, tuning: { ...TUNING, batch }, seed: 7, keep: false });
    await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
    const warm = await worker.trainUntil(warmUp, 5 * TIMEOUT);
    const done = await worker.trainUntil(warm.steps + steps, 10 * TIMEOUT);
    await worker.terminate();
    return (1000 * (done.seconds - warm.seconds)) / (done.images - warm.images);
  });
}

/** A page with the other engines. */
async function peersPage(browser, server) {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT);
  await page.goto(`${server.url}peers.html`);
  return page;
}

/** Milliseconds per slice in a training in TensorFlow.js. */
async function peerTraining(browser, server, backend, preset, batch) {
  const page = await peersPage(browser, server);
  const call = [backend, preset, batch, STEPS, GOLDEN];
  const millis = await page.evaluate((call) => window.trainingPeer(...call), call);
  await page.close();
  return millis;
}

/** Other engines. */
async function peers(models) {
  const times = {};
  const server = await serve(HERE, { fault: (path, response) => path.startsWith("models/") && serveModel(models, path, response) });
  const browser = await launch();
  try {
    for (const preset of SCAN_PRESETS) {
      for (const engine of models ? ["tfjs", "ort"] : ["tfjs"]) {
        const page = await peersPage(browser, server);
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

/**
 * Scans and training through WebGPU, in the site and in TensorFlow.js, with as many scans at once as the site's worker makes. Each has a
 * browser of its own.
 */
async function webgpu() {
  const times = {};
  const server = await serve(HERE);
  const { preset, batch } = WEBGPU_TRAINING;
  const inBrowser = async (name, measure) => {
    const browser = await launch(WEBGPU);
    try {
      times[name] = [await measure(browser)];
    } finally {
      await browser.close();
    }
  };
  const scans = async () => {
    await inBrowser(`scan ${WEBGPU_PRESET}, WebGPU: site`, (browser) =>
      visitBlank(browser, async (page) => {
        const engine = await EngineWorker.start(page, "engine-gpu_loader.js");
        await engine.load(`weights/t1ce-${WEBGPU_PRESET}.safetensors`, "gpu");
        await engine.generate(GPU_BATCH);
        return (await engine.generate(GPU_BATCH)) / GPU_BATCH;
      }));
    await inBrowser(`scan ${WEBGPU_PRESET}, WebGPU: tfjs`, async (browser) => {
      const page = await peersPage(browser, server);
      const call = ["tfjs-webgpu", WEBGPU_PRESET, GPU_BATCH, 1, 1];
      return (await page.evaluate((call) => window.peers(...call), call))[0];
    });
  };
  try {
    if (!values.training) await scans();
    const training = `slice ${preset}, batch ${batch}, WebGPU`;
    await inBrowser(`${training}: site`, (browser) => siteTraining(browser, "gpu", preset, batch));
    await inBrowser(`${training}: tfjs`, (browser) => peerTraining(browser, server, "webgpu", preset, batch));
  } finally {
    await server.close();
  }
  return times;
}

function serveModel(models, path, response) {
  response.writeHead(200, { "content-type": "application/octet-stream" }).end(readFileSync(join(models, path.slice("models/".length))));
  return true;
}

const { values, positionals } = parseArgs({ options: { models: { type: "string" }, webgpu: { type: "boolean" }, training: { type: "boolean" } }, allowPositionals: true });
const [out, rounds = "3"] = positionals;
const tasks = values.webgpu ? [webgpu] : values.training ? [training] : [native, site, () => peers(values.models), training];
const all = {};
for (let round = 0; round < Number(rounds); round++) {
  for (const measure of tasks) {
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
