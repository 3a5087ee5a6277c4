// Runs the built site on the graphics card of this computer, in headless Chromium, and the native program beside it: parity, scans and
// training steps a second, and the loss of the card. Without a card it does the same on an adapter in software, with smaller tasks, and says so.
// `cargo xtask gpu` calls it. It needs no network and no compiler:
//   [SITE=dist] [CHROME=chromium] [HERSENSCAN=hersenscan] node xtask/gpu/gpu.mjs OUT.json
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { EngineWorker } from "../../tests/e2e/support/engine-worker.mjs";
import { labelledSlices } from "../../tests/e2e/support/drawn-heads.mjs";
import { launch, TIMEOUT, visit, visitBlank, WEBGPU } from "../../tests/e2e/support/fixtures.mjs";
import { sampleNatively } from "../../tests/e2e/support/native-program.mjs";
import { similarity } from "../../tests/e2e/support/similarity.mjs";
import { TrainingWorker, TUNING } from "../../tests/e2e/support/training-worker.mjs";
import { keepDevice, loseDevice, onBothDevices } from "../../tests/e2e/support/webgpu.mjs";

/** Flags of Chromium for a graphics card without a screen: Vulkan, also for what draws the page. */
const CARD = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-angle=vulkan", "--disable-vulkan-surface", "--ignore-gpu-blocklist"];
/** Adapters that only imitate a card, by name. Chromium marks its own, and not those of Mesa. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe/i;
const OUT = process.argv[2] ?? "gpu.json";
/** Most seconds for everything. A step gets no more than what is left. */
const LIMIT = 585;
const start = Date.now();
const result = { version: version(), cores: availableParallelism(), processor: cpus()[0]?.model, vulkan: vulkan(), adapter: null, steps: {} };

/** The version of the native program, which is that of the site. */
function version() {
  const program = process.env.HERSENSCAN;
  const told = program && spawnSync(program, ["--version"], { encoding: "utf8" });
  return told?.stdout?.trim() || "unknown";
}

/** What Chromium and the native program need for Vulkan: the loader, and a driver for the card. */
function vulkan() {
  const folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"].filter(existsSync);
  const libraries = spawnSync("ldconfig", ["-p"], { encoding: "utf8" }).stdout ?? "";
  return { loader: libraries.includes("libvulkan.so.1"), drivers: folders.flatMap((folder) => readdirSync(folder)) };
}

/** Browsers that run. */
const browsers = new Set();

/** Runs a step for at most `most` seconds, and notes its result or its failure. The other steps follow in either case. */
async function step(name, most, work) {
  const began = Date.now();
  const seconds = Math.max(1, Math.min(most, Math.floor(LIMIT - (began - start) / 1000)));
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done after ${seconds} s`)), 1000 * seconds)));
  let noted;
  try {
    noted = (await Promise.race([work(), late])) ?? {};
  } catch (error) {
    noted = { failed: `${error.message}`.split("\n")[0] };
  } finally {
    clearTimeout(timer);
    // The browser of a step that took too long would slow the next one down.
    await Promise.all([...browsers].map(close));
  }
  result.steps[name] = { ...noted, seconds: (Date.now() - began) / 1000 };
  console.log(`${name}: ${JSON.stringify(result.steps[name])}`);
  save();
}

function save() {
  result.seconds = (Date.now() - start) / 1000;
  writeFileSync(OUT, `${JSON.stringify(result, null, 2)}\n`);
}

/** A browser of its own for a step, so that a card which hangs in one does not spoil the next. */
async function withBrowser({ program, flags }, work) {
  const browser = await launch(flags, program);
  browsers.add(browser);
  try {
    return await work(browser);
  } finally {
    await close(browser);
  }
}

/** Closes a browser. One whose card hangs may not close. */
async function close(browser) {
  if (browsers.delete(browser)) await Promise.race([browser.close().catch(() => {}), new Promise((done) => setTimeout(done, 10_000))]);
}

/** What WebGPU says about its adapter: null if there is none. */
const adapterOf = (how) =>
  withBrowser(how, (browser) => visitBlank(browser, (page) => page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return null;
    const { vendor, architecture, device, description, isFallbackAdapter = false } = adapter.info;
    return { vendor, architecture, device, description, isFallbackAdapter };
  })));

/** Chooses browser and flags: a card if any finds one, otherwise an adapter in software. */
async function chooseAdapter() {
  const given = process.env.CHROME;
  const programs = [given, "/usr/bin/chromium", "/usr/bin/google-chrome"].filter((program, at, all) => program && existsSync(program) && all.indexOf(program) === at);
  if (programs.length === 0) throw new Error("no Chromium: install it, or set the environment variable CHROME to its program");
  const tries = [...programs.map((program) => ({ program, flags: CARD })), { program: programs[0], flags: WEBGPU }];
  const tried = (result.tried = []);
  let software;
  for (const how of tries) {
    const found = await adapterOf(how).catch((error) => ({ failed: `${error.message}`.split("\n")[0] }));
    tried.push({ ...how, found });
    if (!found || found.failed) continue;
    const name = Object.values(found).join(" ");
    if (!found.isFallbackAdapter && !SOFTWARE.test(name)) return { ...how, found, software: false };
    software ??= { ...how, found, software: true };
  }
  if (!software) throw new Error("no adapter for WebGPU, not even in software; `tried` lists the browsers and flags");
  return software;
}

/** Milliseconds per scan or slice of the native program on a device, or why there are none. */
function native(device, seconds) {
  const program = process.env.HERSENSCAN;
  if (!program) return { skipped: "no native program: set HERSENSCAN" };
  const { status, stdout, stderr, error } = spawnSync(program, ["bench", "--json", "--device", device, "--presets", "s32,s64", "--seconds", "1"], { encoding: "utf8", timeout: 1000 * seconds });
  if (status === 0) return { millis: Object.fromEntries(JSON.parse(stdout).map(({ task, preset, batch, best, median }) => [`${task} ${preset}, batch ${batch}`, { best, median }])) };
  const why = (error?.message ?? stderr.trim().split("\n").at(-1)).replace(/^error: /, "");
  // The program says so itself if it was built without the device.
  return /built without/.test(why) ? { skipped: why } : { failed: why };
}

/** Scans a second of the engine alone, best of some rounds. Sizes its requests so that each takes about two seconds. */
async function scans(browser, device, weights, rounds) {
  return visitBlank(browser, async (page) => {
    const engine = await EngineWorker.start(page, "engine-gpu_loader.js");
    await engine.load(weights, device);
    const first = await engine.generate(4);
    const millis = await engine.generate(4);
    const count = Math.min(64, Math.max(4, 4 * Math.round((2000 / millis))));
    const rates = [];
    for (let round = 0; round < rounds; round++) rates.push((1000 * count) / (await engine.generate(count)));
    await engine.terminate();
    return { perSecond: Math.max(...rates), rates, scans: count, firstFourMillis: first };
  });
}

/** Slices a second in a training with random networks. */
async function training(browser, device, preset, batch, steps) {
  const warmUp = Math.min(4, steps);
  const size = Number(preset.slice(1));
  return visitBlank(browser, async (page) => {
    const worker = await TrainingWorker.start(page);
    const set = { size, classes: ["a", "b"], train: labelledSlices(64, size), held_out: [], source: "drawings by a program" };
    await worker.send("begin", { device, software: true, set, start: { from: "random", preset }, tuning: { ...TUNING, batch }, seed: 7, keep: false });
    const prepared = await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
    const warm = await worker.trainUntil(warmUp, 5 * TIMEOUT);
    const done = await worker.trainUntil(warm.steps + steps, 5 * TIMEOUT);
    await worker.terminate();
    const seconds = done.seconds - warm.seconds;
    return { preset, batch, steps: done.steps - warm.steps, stepsPerSecond: (done.steps - warm.steps) / seconds, slicesPerSecond: (done.images - warm.images) / seconds, forecastMillis: prepared.forecast.step_millis };
  });
}

await step("adapter", 60, async () => {
  const { found, ...how } = await chooseAdapter();
  result.adapter = { ...how, ...found, browser: await withBrowser(how, async (browser) => browser.version()) };
  return { software: how.software, name: [found.vendor, found.architecture, found.description].filter(Boolean).join(" ") };
});
const how = result.adapter;
if (how) {
  const { software } = how;
  console.log(software ? "\nNo graphics card: everything runs on an adapter in software. Its times say nothing about a card.\n" : "\nA graphics card.\n");
  await step("native, flex", 60, () => native("flex", 55));
  await step("native, wgpu", 90, () => native("wgpu", 85));

  await step("parity", 120, () => withBrowser(how, async (browser) => {
    let noted;
    const query = { seed: 100, n: 4, trunc: 0.8 };
    await visit(browser, query, async (studio) => {
      const { cpu, gpu, ready } = await onBothDevices(studio, query);
      noted = { readyMillis: ready, processor: similarity(gpu, cpu) };
      if (process.env.HERSENSCAN) noted.native = similarity(gpu, await sampleNatively({ seed: query.seed, n: query.n, truncation: query.trunc }));
    });
    const least = Math.min(noted.processor.share, noted.native?.share ?? 1);
    return least >= 0.99 ? noted : { ...noted, failed: `only ${(100 * least).toFixed(2)} % of pixels within 1/255` };
  }));
  // In software larger networks take too long.
  const [presets, rounds, trainings] = software ? [["s64"], 1, [["n16", 2, 2]]] : [["s64", "s128"], 3, [["s32", 8, 32], ["s64", 8, 16]]];
  for (const preset of presets) {
    for (const device of ["gpu", "cpu"]) await step(`scans, ${preset}, ${device}`, 120, () => withBrowser(how, (browser) => scans(browser, device, `weights/t1ce-${preset}.safetensors`, rounds)));
  }
  for (const [preset, batch, steps] of trainings) {
    for (const device of ["gpu", "cpu"]) await step(`training, ${preset}, ${device}`, 150, () => withBrowser(how, (browser) => training(browser, device, preset, batch, steps)));
  }
  await step("loss of the card", 120, () => withBrowser(how, async (browser) => {
    let after;
    await visit(browser, { seed: 1, n: 2 }, async (studio) => {
      after = await loseDevice(studio, () => studio.at("failure").waitFor({ state: "visible" }));
    }, { fault: keepDevice, expectErrors: true });
    return after === "cpu" ? { after } : { after, failed: "the processor did not go on" };
  }));
}
save();

const failed = Object.entries(result.steps).filter(([, { failed }]) => failed);
console.log(`\n${"step".padEnd(22)} ${"result".padEnd(60)} seconds`);
for (const [name, { seconds, ...noted }] of Object.entries(result.steps)) console.log(`${name.padEnd(22)} ${words(noted).padEnd(60)} ${seconds.toFixed(1)}`);
console.log(`\n${result.seconds.toFixed(0)} s in all. ${how ? (how.software ? "On an adapter in software: there is no graphics card that WebGPU can use." : "On a graphics card.") : ""}`);
// A worker of a browser that did not close would keep this program alive.
process.exit(failed.length ? 1 : 0);

/** A result in a few words. */
function words({ failed, skipped, perSecond, slicesPerSecond, millis, processor, native, software, name, after }) {
  if (failed) return `failed: ${failed}`;
  if (skipped) return `skipped: ${skipped}`;
  if (perSecond) return `${perSecond.toFixed(1)} scans a second`;
  if (slicesPerSecond) return `${slicesPerSecond.toFixed(1)} slices a second`;
  if (millis) return Object.entries(millis).filter(([task]) => task.startsWith("slice")).map(([task, { best }]) => `${task}: ${best.toFixed(1)} ms`).join("; ");
  const percent = ({ share }) => `${(100 * share).toFixed(2)} %`;
  if (processor) return `within 1/255: ${percent(processor)} of the processor's pixels${native ? `, ${percent(native)} of the native program's` : ""}`;
  if (after) return `the page goes on with ${after}`;
  return `${name}${software ? " (software)" : ""}`;
}
