// A visitor trains on files of their own: the form, the course, what can be done meanwhile, what comes out, and bad days.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { readPng } from "./files.mjs";
import { native, nativeReady } from "./native.mjs";
import { GPU, launch, likeness, PATIENCE, visit } from "./studio.mjs";
import { giveHeads, gridAt, images, prepare, resting, seen, toggle } from "./training.mjs";

/** Most milliseconds until the page answers. */
const AT_ONCE = 100;
/** Milliseconds of training that a lost worker may cost. */
const MOST_LOST = 30_000;

describe("training in the tab", { timeout: 2_400_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const open = (check, options = {}) => visit(browser, {}, check, { view: "trainen", ...options });

  test("nothing starts without slices", async () => {
    await open(async (site) => {
      await site.at("train-start").waitFor();
      assert.ok(await site.at("train-start").isDisabled());
      await giveHeads(site, 4);
      assert.ok(await site.at("train-start").isDisabled(), "four slices are too few");
      await giveHeads(site, 8, 4);
      await site.page.locator('[data-testid="train-start"]:enabled').waitFor();
    });
  });

  test("networks of this site learn heads: everything moves, and the page answers at once", async (t) => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      assert.equal(await site.at("train-device").getAttribute("data-device"), "cpu");
      assert.match(await site.at("forecast").innerText(), /\d/);
      const first = await gridAt(site, 0);
      assert.equal(first.length, 16);

      // A visitor turns knobs and looks around while it learns; the browser itself measures how soon that is answered.
      await site.page.evaluate(() => {
        window.slow = { events: [], tasks: [] };
        const answered = ({ startTime, processingEnd, duration }) => ({ handled: processingEnd - startTime, painted: duration });
        new PerformanceObserver((list) => slow.events.push(...list.getEntries().map(answered))).observe({ type: "event", durationThreshold: 16 });
        new PerformanceObserver((list) => slow.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
      });
      await toggle(site);
      await seen(site, 8);
      for (let round = 0; round < 12; round++) {
        await site.at("knob-rate").press(round % 2 ? "ArrowLeft" : "ArrowRight");
        await site.at("compare").click();
        await site.at("preview-masks").click();
        await site.page.waitForTimeout(1000);
      }
      await seen(site, 80);
      const { events, tasks } = await site.page.evaluate(() => window.slow);
      const slowest = (what) => Math.round(Math.max(0, ...events.map((event) => event[what])));
      t.diagnostic(`${events.length} events longer than 16 ms, the slowest handled after ${slowest("handled")} ms and painted after ${slowest("painted")}; ${tasks.length} long tasks, the longest ${Math.round(Math.max(0, ...tasks))} ms`);
      // The painting is by software here, on the cores that train.
      assert.ok(slowest("handled") <= AT_ONCE, `an answer took ${slowest("handled")} ms`);
      assert.ok(Math.max(0, ...tasks) <= AT_ONCE, `the page was busy for ${Math.max(0, ...tasks)} ms`);

      await toggle(site);
      await resting(site);
      const last = await gridAt(site, await images(site));
      assert.ok(likeness(last, first).share < 0.95, "the scans moved");
      const points = Number(await site.at("loss-chart").getAttribute("data-points"));
      assert.ok(points >= 5, `${points} points in the chart`);
      await site.at("timeline-play").waitFor();
      await site.at("timeline").focus();
      await site.page.keyboard.press("Home");
      assert.equal(await site.at("preview").getAttribute("data-images"), "0");
      t.diagnostic(`${await site.at("images-a-second").innerText()} slices a second`);
    });
  });

  test("one turn of each network, in slow motion", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      for (const who of ["discriminator", "generator"]) {
        await site.page.locator(`[data-testid="train-step"][data-who="${who}"]`).click();
        await site.page.waitForFunction(() => /\d/.test(document.querySelector('[data-testid="turn"]').textContent));
        await resting(site);
      }
      assert.match(await site.at("turn").innerText(), /generator/i);
    });
  });

  test("weights are saved, loaded again, and give the same scans here, in the studio and in the native program", async (t) => {
    let file, scans;
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await toggle(site);
      await seen(site, 40);
      await toggle(site);
      await resting(site);
      scans = await gridAt(site, await images(site));
      file = await site.download(() => site.at("weights-download").click());
      assert.match(file.name, /^hersenscan-own-slices-32px-\d+-generator\.safetensors$/);

      await site.at("to-studio").click();
      await site.at("scan").first().waitFor();
      await site.settled();
      await site.go({ seed: 3, n: 4, trunc: 1 });
      await site.settled(4);
      const studio = await site.pictures();
      if (nativeReady(t)) {
        const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
        try {
          const weights = join(folder, file.name);
          await writeFile(weights, file.bytes);
          const { share, worst } = likeness(studio, await native({ weights, seed: 3, n: 4, truncation: 1 }));
          t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, worst ${worst}`);
          assert.ok(share >= 0.99);
          const { stdout } = await promisify(execFile)(process.env.HERSENSCAN, ["inspect", "--weights", weights]);
          assert.match(stdout, /slices of the visitor/);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }
    });
    await open(async (site) => {
      await giveHeads(site, 24);
      await site.page.getByTestId("weights-upload").setInputFiles({ name: file.name, mimeType: "application/octet-stream", buffer: file.bytes });
      await site.page.locator('[data-testid="upload-report"] [data-verdict="ok"]').waitFor();
      await prepare(site, { from: "file" });
      const { share, worst } = likeness(await gridAt(site, 0), scans);
      t.diagnostic(`${(100 * share).toFixed(2)} % of pixels as before they were saved, worst ${worst}`);
      assert.ok(share >= 0.99);
    });
  });

  test("a weights file that is none is refused, with words", async () => {
    await open(async (site) => {
      for (const buffer of [Buffer.alloc(0), Buffer.alloc(70_000, 7), Buffer.from("<!doctype html>")]) {
        await site.page.getByTestId("weights-upload").setInputFiles({ name: "not.safetensors", mimeType: "application/octet-stream", buffer });
        const line = site.page.locator('[data-testid="upload-report"] [data-verdict="refused"]');
        await line.waitFor();
        assert.ok((await line.innerText()).length > 20);
      }
    });
  });

  test("does it copy: pairs, distances and a verdict; a film and a log to take along", async () => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await toggle(site);
      await seen(site, 40);
      await toggle(site);
      await resting(site);
      assert.ok(await site.at("weights-warning").isVisible(), "not checked yet");
      await site.at("check-copies").click();
      await site.at("copy-verdict").waitFor();
      assert.equal(await site.page.locator('[data-testid="nearest"] [data-testid="pair"]').count(), 16);
      const log = await site.download(() => site.at("log-download").click());
      const [head, ...rows] = log.bytes.toString("utf8").trim().split(/\r?\n/);
      assert.match(head, /images/);
      assert.ok(rows.length >= 2 && rows.every((row) => row.split(",").length === head.split(",").length), "a table");
      const film = await site.download(() => site.at("film-download").click());
      assert.ok(film.bytes.includes("acTL"), "an animated PNG");
      const { width, height, text } = readPng(film.bytes);
      assert.ok(width === height && width >= 128, `${width} x ${height}`);
      assert.match(Object.values(text).join(" "), /not for diagnosis/i);
    });
  });

  test("a worker that falls over costs at most the time between two checkpoints", async (t) => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      await toggle(site);
      await seen(site, 40);
      const worker = site.page.workers().find((worker) => worker.url().includes("engine-gpu_loader"));
      const before = await images(site);
      await worker.evaluate(() => void setTimeout(() => { throw new Error("fell over, on purpose"); }));
      await site.page.waitForFunction(() => document.querySelector('[data-testid="train-status"]').dataset.state === "recovering");
      await site.page.waitForSelector('[data-testid="train-pause"][data-running="true"]', { timeout: PATIENCE });
      await seen(site, before + 8);
      t.diagnostic(`went on after ${before} slices`);
    }, { expectErrors: true });
  });

  test("kept checkpoints outlive the page; without consent nothing is stored", async () => {
    const stored = (site) => site.page.evaluate(async () => {
      const names = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    });
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      assert.deepEqual(await stored(site), [], "nothing stored without consent");
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await prepare(site, { keep: true });
      await toggle(site);
      await seen(site, 24);
      const start = Date.now();
      await site.page.waitForFunction(() => document.querySelector('[data-testid="saved"]')?.dataset.place === "disk" && Number(document.querySelector('[data-testid="images-seen"]').dataset.images) > 0);
      await toggle(site);
      await resting(site);
      const done = await images(site);
      const last = await gridAt(site, done);
      assert.ok(Date.now() - start < MOST_LOST + PATIENCE);
      assert.deepEqual(await stored(site), ["training"]);

      await site.page.reload();
      await site.at("stored").waitFor();
      assert.ok(await site.at("stored-resume").isDisabled(), "the slices were not stored");
      await giveHeads(site, 24);
      await site.at("stored-resume").click();
      await resting(site);
      assert.equal(await images(site), done);
      assert.ok(likeness(await gridAt(site, done), last).share >= 0.99, "the same scans");

      await site.page.reload();
      await site.at("stored-forget").click();
      await site.at("stored-forget-yes").click();
      await site.at("stored").waitFor({ state: "detached" });
      assert.deepEqual(await stored(site), [], "wiped");
    });
  });

  test("a tab in the background rests, and says so", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      await toggle(site);
      await seen(site, 8);
      const hide = (hidden) => site.page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      }, hidden);
      await hide(true);
      await site.page.waitForSelector('[data-testid="train-status"][data-state="hidden"]');
      const rested = await images(site);
      await site.page.waitForTimeout(3000);
      assert.ok(await images(site) <= rested + 8, "at most the step that was on its way");
      await hide(false);
      await seen(site, rested + 16);
    });
  });

  test("stopped, taken up again, begun anew", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      await toggle(site);
      await seen(site, 16);
      await site.at("train-stop").click();
      await site.at("train-stop-yes").click();
      await site.at("train-take-up").waitFor();
      // Its memory is free; the browser takes a moment to say so.
      const left = () => site.page.workers().filter((worker) => worker.url().includes("engine-gpu_loader")).length;
      for (let waited = 0; left() && waited < 50; waited++) await site.page.waitForTimeout(100);
      assert.equal(left(), 0, "the worker is gone");
      // From the last checkpoint on, and beyond where it stopped.
      const reached = await images(site);
      await site.at("train-take-up").click();
      await site.page.waitForSelector('[data-testid="train-pause"][data-running="true"]');
      await seen(site, reached + 8);
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await site.at("train-start").waitFor();
    });
  });

  test("a graphics card that is taken away: said, and the processor goes on", async () => {
    const card = await launch(GPU);
    try {
      await visit(card, {}, async (site) => {
        // A hand on every device, for the page looks at the card from a worker of its own: all are taken, soon after they are given.
        site.page.on("worker", (worker) => worker.evaluate(() => {
          if (!self.GPUAdapter) return;
          const ask = GPUAdapter.prototype.requestDevice;
          GPUAdapter.prototype.requestDevice = async function (...words) {
            const device = await ask.apply(this, words);
            setTimeout(() => device.destroy(), 50);
            return device;
          };
        }).catch(() => {}));
        await giveHeads(site, 24);
        await site.at("train-device").selectOption("gpu");
        await site.at("train-start").click();
        // A software card notices late when other work runs beside it.
        await site.at("train-failure").waitFor({ timeout: 3 * PATIENCE });
        assert.ok((await site.at("train-failure").innerText()).length > 20);
        await site.at("train-on-cpu").click();
        await resting(site, 3 * PATIENCE);
        assert.equal(await site.at("train-device").getAttribute("data-device"), "cpu");
      }, { view: "trainen", expectErrors: true });
    } finally {
      await card.close();
    }
  });
});
