// `cargo xtask minutes`: what a visitor gets from some minutes of training in the tab, on two cores of the processor. Trains in the
// built site in headless Chromium, saves the generator after some minutes, and measures its scans with `hersenscan evaluate`.
//   node minutes.mjs OUT --data DIR [--tasks A,B,C] [--seeds 0,1,2] [--minutes 1,5,10] [--without-judge] [--learned] [--only train|measure]
// `--only train` leaves the measuring for later, so that nothing runs beside the next training; `--only measure` does it for OUT.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodePng } from "../../tests/e2e/support/drawn-heads.mjs";
import { launch, visit } from "../../tests/e2e/support/fixtures.mjs";
import { gridPictures, imagesSeen, paused, toggle } from "../../tests/e2e/support/training-page.mjs";
import { nextFrame } from "../../tests/e2e/support/site-page.mjs";
import { dataFolder, drawRows, readRows, TASKS, writeVisitorFolder } from "./tasks.mjs";

/** Scans that are measured. */
const SCANS = 300;
/** Cores that the page sees. */
const CORES = 2;
/** Measures in the table, as `hersenscan evaluate` calls them in its report. */
const MEASURES = ["fd_relative", "coverage", "copy_share"];

const { values: options, positionals: [out] } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    tasks: { type: "string", default: Object.keys(TASKS).join(",") },
    seeds: { type: "string", default: "0,1,2" },
    minutes: { type: "string", default: "1,5,10" },
    "without-judge": { type: "boolean", default: false },
    learned: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const tasks = options.tasks.split(",");
const seeds = options.seeds.split(",").map(Number);
const marks = options.minutes.split(",").map(Number);
if (!out || !options.data) throw new Error("give the folder for the results, and --data DIR");
if (tasks.some((name) => !TASKS[name])) throw new Error(`--tasks has ${Object.keys(TASKS).join(", ")}, not ${options.tasks}`);
if (seeds.some((seed) => !Number.isInteger(seed) || seed < 0)) throw new Error("--seeds are whole numbers, such as 0,1,2");
if (marks.some((minutes, at) => !(minutes > (marks[at - 1] ?? 0)))) throw new Error("--minutes are numbers in ascending order");
if (![undefined, "train", "measure"].includes(options.only)) throw new Error("--only is train or measure");
if (!process.env.HERSENSCAN) throw new Error("set HERSENSCAN to the native program");
mkdirSync(out, { recursive: true });

/** Runs the native program. */
function hersenscan(...words) {
  const { status, stdout, stderr } = spawnSync(process.env.HERSENSCAN, words, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`hersenscan ${words.join(" ")}: ${stderr}`);
  return stdout;
}

/** The measures of a weights file, by name. */
function evaluate(weights, data, report) {
  const scans = mkdtempSync(join(tmpdir(), "hersenscan-scans-"));
  try {
    hersenscan("sample", "--weights", weights, "--n", String(SCANS), "--out", scans);
    hersenscan("evaluate", "--images", scans, "--data", data, "--n", String(SCANS), "--out", report, ...(options.learned ? [] : ["--without-learned"]));
  } finally {
    rmSync(scans, { recursive: true, force: true });
    // The closest pairs show real slices.
    rmSync(report.replace(/\.json$/, "-copies.png"), { force: true });
  }
  return Object.fromEntries(JSON.parse(readFileSync(report, "utf8")).measures.map(({ id, value }) => [id, value]));
}

/** Sixteen pictures as one PNG, four in a row. */
function sheet(pictures) {
  const side = Math.sqrt(pictures[0].length);
  const whole = Buffer.alloc(16 * side * side);
  pictures.forEach((picture, at) => {
    for (let y = 0; y < side; y++) picture.copy(whole, ((Math.floor(at / 4) * side + y) * 4 + (at % 4)) * side, y * side, (y + 1) * side);
  });
  return encodePng(whole, 4 * side);
}

/** Saves the generator that the page offers. */
async function save(site, path) {
  const { bytes } = await site.download(() => site.at("weights-download").click());
  writeFileSync(path, bytes);
}

/** Trains one task in the page, and saves what it has after each number of minutes. */
async function train(browser, name, seed) {
  const task = TASKS[name];
  const data = dataFolder(options.data, task.modality);
  const folder = mkdtempSync(join(tmpdir(), "hersenscan-slices-"));
  const result = { task: name, seed, from: task.from, load: loadavg()[0], moments: [] };
  try {
    writeVisitorFolder(folder, data, drawRows(readRows(data), task, seed));
    await visit(browser, {}, async (site) => {
      await site.at("slice-folder").setInputFiles(folder);
      await site.page.waitForFunction((count) => Number(document.querySelector('[data-testid="intake-summary"]')?.dataset.slices) === count, task.slices);
      const summary = await site.at("intake-summary").evaluate(({ dataset }) => ({ ...dataset }));
      result.slices = Number(summary.slices);
      result.heldOut = Number(summary.heldOut);
      result.resembles = await site.at("likeness").getAttribute("data-like");
      await site.at("from-shipped").check();
      await site.at("from-model").selectOption(task.from);
      await site.at("train-device").selectOption("cpu");
      if (options["without-judge"]) await site.at("train-judge").uncheck();
      result.judge = await site.at("train-judge").isChecked();
      await site.at("train-start").click();
      await paused(site);
      result.forecast = await site.at("forecast").evaluate(({ dataset }) => Number(dataset.rate));
      result.workers = Number(await site.at("train-device").getAttribute("data-workers"));
      let [trained, images] = [0, 0];
      for (const minutes of [0, ...marks]) {
        if (minutes > 0) {
          // Time on the clock, with all that the page does beside the steps. Saving does not count.
          const began = performance.now();
          await toggle(site);
          await site.page.waitForTimeout(Math.max(0, 60_000 * minutes - trained));
          trained += performance.now() - began;
          await toggle(site);
          await paused(site);
        }
        images = await imagesSeen(site);
        await nextFrame(site.page);
        const stem = join(out, `${name}-${seed}-${minutes}`);
        writeFileSync(`${stem}.png`, sheet(await gridPictures(site)));
        await save(site, `${stem}.safetensors`);
        const moment = { minutes, images, seconds: trained / 1000, load: loadavg()[0] };
        // The page offers the last generator beside the best one only if it measures distances, and after the first step.
        if (await site.at("take-last").count()) {
          moment.bestImages = Number(await site.at("best").getAttribute("data-images"));
          await site.at("take-last").check();
          await save(site, `${stem}-last.safetensors`);
          await site.at("take-best").check();
        }
        result.moments.push(moment);
        console.log(`task ${name}, seed ${seed}: ${images} slices after ${minutes} minutes`);
      }
    }, { view: "trainen", expectErrors: true, prepare: limitCores });
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures what `train` saved, at each of its moments. */
function measure(result) {
  const data = dataFolder(options.data, TASKS[result.task].modality);
  for (const moment of result.moments) {
    const stem = join(out, `${result.task}-${result.seed}-${moment.minutes}`);
    const of = `task ${result.task}, seed ${result.seed}, ${moment.minutes} minutes`;
    const say = (which, measures) => console.log(`${of}, ${which}: ${MEASURES.map((name) => `${name} ${measures[name]?.toFixed(2)}`).join(", ")}`);
    moment.measures = evaluate(`${stem}.safetensors`, data, `${stem}.json`);
    say("exported by default", moment.measures);
    if (moment.bestImages !== undefined) {
      moment.last = evaluate(`${stem}-last.safetensors`, data, `${stem}-last.json`);
      say("the last one", moment.last);
    }
  }
}

/** The page sees two cores. On a computer with more, run this with `taskset` as well. */
async function limitCores(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setHardwareConcurrencyOverride", { hardwareConcurrency: CORES });
}

/** Mean and range of numbers. */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const words = [mean, Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
  return values.length > 1 ? `${words[0]} (${words[1]} to ${words[2]})` : words[0];
}

/** Where the runs are written. */
const runsFile = join(out, "minutes.json");

/** Writes all runs so far. */
function write() {
  const computer = { processor: cpus()[0]?.model, cores: cpus().length };
  writeFileSync(runsFile, `${JSON.stringify({ computer, scans: SCANS, runs }, null, 1)}\n`);
}

/** Trains all tasks with all seeds, and measures each run unless that is for later. */
async function trainAll() {
  const browser = await launch();
  try {
    for (const name of tasks) {
      for (const seed of seeds) {
        runs.push(await train(browser, name, seed));
        write();
        if (options.only === "train") continue;
        measure(runs.at(-1));
        write();
      }
    }
  } finally {
    await browser.close();
  }
}

/** Prints a table of runs that are measured. Runs of one task have the same moments. */
function printTable() {
  console.log(`| task | minutes | slices | ${MEASURES.join(" | ")} |\n|---|---|---|${MEASURES.map(() => "---|").join("")}`);
  for (const name of new Set(runs.map((run) => run.task))) {
    const ofTask = runs.filter((run) => run.task === name);
    for (const [at, { minutes }] of ofTask[0].moments.entries()) {
      const moments = ofTask.map((run) => run.moments[at]);
      const cells = MEASURES.map((key) => spread(moments.map((moment) => moment.measures[key])));
      console.log(`| ${name} | ${minutes} | ${spread(moments.map((moment) => moment.images))} | ${cells.join(" | ")} |`);
    }
  }
}

const runs = options.only === "measure" ? JSON.parse(readFileSync(runsFile, "utf8")).runs : [];
if (options.only === "measure") {
  for (const run of runs) {
    measure(run);
    write();
  }
} else {
  await trainAll();
}
if (options.only !== "train") printTable();
