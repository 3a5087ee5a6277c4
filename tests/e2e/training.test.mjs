// Training on a visitor's own files: the form, the diagnostics, controls during training, exports, and failures.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { readPng, sourceType } from "./support/decoders.mjs";
import { launch, SCREENSHOTS, TIMEOUT, visit, WEBGPU } from "./support/fixtures.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { similarity } from "./support/similarity.mjs";
import { SitePage } from "./support/site-page.mjs";
import { giveHeads, imagesSeen, paused, prepare, previewAt, toggle, trained, trainUntil } from "./support/training-page.mjs";

const trainingWorker = (site) => site.page.workers().find((worker) => worker.url().includes("engine-gpu_loader"));

/** Names of the files in the browser's private storage. */
const storedFiles = (site) => site.page.evaluate(async () => {
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
});

/** Records the number of slices seen at every change, from now on. `recordedImages` returns the list. */
const recordImages = (site) => site.page.evaluate(() => {
  const read = () => Number(document.querySelector('[data-testid="images-seen"]')?.dataset.images);
  window.recordedImages = [];
  new MutationObserver(() => {
    const images = read();
    if (!Number.isNaN(images) && images !== window.recordedImages.at(-1)) window.recordedImages.push(images);
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-images"] });
});
const recordedImages = (site) => site.page.evaluate(() => window.recordedImages);

/** Heights of the letters in the charts as they are drawn, and of those in the text, in pixels. */
const lettersInCharts = (page) => page.evaluate(() => {
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const texts = [...document.querySelectorAll("main svg text")].filter((text) => text.checkVisibility());
  return { body: size(document.querySelector("main p")), letters: texts.map((text) => Math.round(size(text) * text.getScreenCTM().a)) };
});

describe("training in the tab", { timeout: 2_400_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const open = (check, options = {}) => visit(browser, {}, check, { view: "trainen", ...options });

  test("training cannot start without enough slices", async () => {
    await open(async (site) => {
      await site.at("train-start").waitFor();
      assert.ok(await site.at("train-start").isDisabled());
      await giveHeads(site, 4);
      assert.ok(await site.at("train-start").isDisabled(), "four slices are too few");
      await giveHeads(site, 8, 4);
      await site.page.locator('[data-testid="train-start"]:enabled').waitFor();
    });
  });

  test("the shipped networks learn drawn heads, and the page stays responsive", async (t) => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      assert.equal(await site.at("train-device").getAttribute("data-device"), "cpu");
      assert.match(await site.at("forecast").innerText(), /\d/);
      // The first minute on a processor changes little, and the picture of that level is there.
      const picture = site.at("forecast").locator("img").first();
      await picture.scrollIntoViewIfNeeded();
      await site.page.waitForFunction(() => document.querySelector('[data-testid="forecast"] img')?.naturalWidth > 0);
      assert.equal(await picture.getAttribute("data-level"), "as-before");
      const first = await previewAt(site, 0);
      assert.equal(first.length, 16);

      // The browser measures how long each event and each task of the page takes.
      await site.page.evaluate(() => {
        window.measured = { events: [], tasks: [] };
        const eventTimes = ({ startTime, processingEnd, duration }) => ({ handled: processingEnd - startTime, painted: duration });
        new PerformanceObserver((list) => measured.events.push(...list.getEntries().map(eventTimes))).observe({ type: "event", durationThreshold: 16 });
        new PerformanceObserver((list) => measured.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
      });
      await toggle(site);
      await trained(site, 8);
      const start = { time: performance.now(), images: await imagesSeen(site) };
      for (let round = 0; round < 8; round++) {
        await site.at("knob-rate").press(round % 2 ? "ArrowLeft" : "ArrowRight");
        await site.at("compare").click();
        await site.at("preview-masks").click();
        await trained(site, (await imagesSeen(site)) + 8);
      }
      const end = { time: performance.now(), images: await imagesSeen(site) };
      const { events, tasks } = await site.page.evaluate(() => window.measured);
      const slowest = (what) => Math.max(0, ...events.map((event) => event[what]));
      const longest = Math.max(0, ...tasks);
      // The shipped networks train with 8 slices a step.
      const step = ((end.time - start.time) * 8) / (end.images - start.images);
      t.diagnostic(`${events.length} events longer than 16 ms, the slowest handled after ${slowest("handled").toFixed(0)} ms and painted after ${slowest("painted").toFixed(0)} ms; ${tasks.length} long tasks, the longest ${longest.toFixed(0)} ms; a training step takes ${step.toFixed(0)} ms`);
      // If the page had to wait for the training, an event would take as long as a step.
      assert.ok(slowest("handled") < step / 2, `an event took ${slowest("handled")} ms, a step ${step} ms`);
      assert.ok(longest < step / 2, `a task of the page took ${longest} ms, a step ${step} ms`);

      await toggle(site);
      await paused(site);
      const last = await previewAt(site, await imagesSeen(site));
      // The average follows slowly: what the networks know is worth keeping.
      assert.notDeepEqual(last, first, "the scans changed");
      const points = Number(await site.at("loss-chart").getAttribute("data-points"));
      assert.ok(points >= 5, `${points} points in the chart`);
      const { body, letters } = await lettersInCharts(site.page);
      assert.ok(letters.length > 5 && Math.min(...letters) >= 0.75 * body, `letters of ${letters} pixels in charts, of ${body} in the text`);
      await site.at("timeline-play").waitFor();
      await site.at("timeline").focus();
      await site.page.keyboard.press("Home");
      assert.equal(await site.at("preview").getAttribute("data-images"), "0");
      t.diagnostic(`${await site.at("images-a-second").innerText()} slices a second`);
    });
  });

  for (const viewport of [{ width: 1366, height: 768 }, { width: 360, height: 740 }]) {
    test(`the buttons to prepare and to begin are in view at ${viewport.width} x ${viewport.height}`, async () => {
      await open(async (site) => {
        const inView = async (id) => {
          const box = await site.at(id).boundingBox();
          assert.ok(box.y >= 0 && box.y + box.height <= viewport.height, `${id}: ${JSON.stringify(box)}`);
        };
        await site.at("use-drawings").click();
        await site.page.locator('[data-testid="train-start"]:enabled').waitFor();
        await site.at("contact-sheet").waitFor();
        await inView("train-start");
        // The quickest training.
        await site.at("size-32").check();
        await site.page.evaluate(() => document.querySelector('[data-testid="train-start"]').click());
        await site.page.locator('[data-testid="train-pause"]:enabled').waitFor();
        await site.at("forecast").waitFor();
        await inView("train-pause");
        await site.page.screenshot({ path: `${SCREENSHOTS}training-begin-${viewport.width}.png` });
      }, { viewport });
    });
  }

  test("a training starts from the networks that the slices resemble, with 64 pixels and the strict viewer, and fetches nothing else", async () => {
    const requests = [];
    await open(async (site) => {
      await giveHeads(site, 60);
      const nearest = (await site.at("likeness").getAttribute("data-like")) ?? "t1ce";
      assert.equal(await site.at("from-model").inputValue(), nearest);
      assert.ok(await site.at("size-64").isChecked());
      assert.ok(await site.at("train-judge").isChecked());
      const other = nearest === "t1ce" ? "flair" : "t1ce";
      await site.at("from-model").selectOption(other);
      const before = requests.length;
      await prepare(site, { size: null });
      const pair = [`weights/${other}-s64.discriminator.safetensors`, `weights/${other}-s64.safetensors`];
      const fetched = [...new Set(requests.slice(before).filter((path) => path.endsWith(".safetensors")))].sort();
      assert.deepEqual(fetched, [...pair, "weights/judge/efficientnet-lite1.safetensors"].sort());
      assert.equal(Math.sqrt((await previewAt(site, 0))[0].length), 64);
      assert.equal(await site.at("best").getAttribute("data-images"), "0", "the start counts as the best so far");
    }, { fault: (path) => void requests.push(path) });
  });

  test("slow motion: one step of each network", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      for (const network of ["discriminator", "generator"]) {
        await site.page.locator(`[data-testid="train-step"][data-who="${network}"]`).click();
        await site.page.waitForFunction(
          (network) => {
            const text = document.querySelector('[data-testid="turn"]')?.textContent.trim() ?? "";
            return /\d/.test(text) && text.startsWith(`The ${network}`);
          },
          network,
        );
      }
      assert.match(await site.at("turn").innerText(), /generator/i);
    });
  });

  test("saved weights give the same scans in the training view, the studio and the native program", async (t) => {
    let file, scans;
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 40);
      scans = await previewAt(site, await imagesSeen(site));
      file = await site.download(() => site.at("weights-download").click());
      assert.match(file.name, /^hersenscan-own-slices-32px-\d+-generator\.safetensors$/);

      await site.at("to-studio").click();
      await site.at("scan").first().waitFor();
      await site.settled();
      // Others do not have these weights.
      assert.equal(await site.at("copy-link").isVisible(), false, "no link that would show others something else");
      assert.doesNotMatch(await site.page.locator("#seed-hint").innerText(), /same address|shows? (others|everyone)/i);
      await site.go({ seed: 3, n: 4, trunc: 1 });
      await site.settled(4);
      const studio = await site.pictures();
      if (hasNativeProgram(t)) {
        const folder = await mkdtemp(join(tmpdir(), "hersenscan-"));
        try {
          const weights = join(folder, file.name);
          await writeFile(weights, file.bytes);
          const { share, worst } = similarity(studio, await sampleNatively({ weights, seed: 3, n: 4, truncation: 1 }));
          t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, largest difference ${worst}`);
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
      const { share, worst } = similarity(await previewAt(site, 0), scans);
      t.diagnostic(`${(100 * share).toFixed(2)} % of pixels as before saving, largest difference ${worst}`);
      assert.ok(share >= 0.99);
    });
  });

  test("a file that is not a weights file is refused with an explanation", async () => {
    await open(async (site) => {
      for (const buffer of [Buffer.alloc(0), Buffer.alloc(70_000, 7), Buffer.from("<!doctype html>")]) {
        await site.page.getByTestId("weights-upload").setInputFiles({ name: "not.safetensors", mimeType: "application/octet-stream", buffer });
        const line = site.page.locator('[data-testid="upload-report"] [data-verdict="refused"]');
        await line.waitFor();
        assert.ok((await line.innerText()).length > 20);
      }
    });
  });

  test("the check for copies shows pairs and a verdict; the log and the film can be downloaded", async () => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 40);
      assert.ok(await site.at("weights-warning").isVisible(), "not checked yet");
      await site.at("check-copies").click();
      await site.at("copy-verdict").waitFor();
      const captions = await site.page.locator('[data-testid="nearest"] [data-testid="pair"] .hint').allTextContents();
      const distances = captions.map((caption) => Number(caption.match(/\d+([.,]\d+)?/)[0].replace(",", ".")));
      assert.equal(distances.length, 16);
      assert.deepEqual(distances, distances.toSorted((a, b) => a - b), "sorted by the distance shown");
      const log = await site.download(() => site.at("log-download").click());
      const [head, ...rows] = log.bytes.toString("utf8").trim().split(/\r?\n/);
      assert.match(head, /images/);
      assert.ok(rows.length >= 2 && rows.every((row) => row.split(",").length === head.split(",").length), "a table");
      const settings = rows.map((row) => Object.fromEntries(row.split(",").map((value, at) => [head.split(",")[at], value]))).filter(({ kind }) => kind === "settings");
      assert.ok(settings.length >= 1);
      for (const column of ["learning_rate", "batch", "gamma", "augment_limit"]) assert.ok(Number(settings[0][column]) > 0, `${column}: ${settings[0][column]}`);
      const film = await site.download(() => site.at("film-download").click());
      assert.ok(film.bytes.includes("acTL"), "an animated PNG");
      const { width, height, text } = readPng(film.bytes);
      assert.equal(sourceType({ text }), "trainedAlgorithmicMedia");
      assert.ok(width === height && width >= 512, `${width} x ${height}`);
      assert.match(Object.values(text).join(" "), /not for diagnosis/i);
    });
  });

  test("the log has a row for the knobs at the start, and one where each was changed", async () => {
    await open(async (site) => {
      await giveHeads(site);
      await prepare(site);
      await trainUntil(site, 24);
      const before = await imagesSeen(site);
      const move = (knob, by) => site.at(knob).evaluate((slider, by) => {
        slider.value = String(Number(slider.value) + by);
        for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, { bubbles: true }));
      }, by);
      await move("knob-rate", -3);
      await trainUntil(site, before + 24);
      const between = await imagesSeen(site);
      for (const knob of ["knob-batch", "knob-gamma", "knob-augment"]) await move(knob, 1);
      await trainUntil(site, between + 24);
      const log = await site.download(() => site.at("log-download").click());
      const [head, ...lines] = log.bytes.toString("utf8").trim().split(/\r?\n/).map((line) => line.split(","));
      const rows = lines.map((line) => Object.fromEntries(line.map((value, at) => [head[at], value])));
      const settings = rows.filter(({ kind }) => kind === "settings");
      // The three knobs of the second change move one after the other, in one pause: the last of its rows holds.
      assert.deepEqual([...new Set(settings.map(({ images }) => Number(images)))], [0, before, between]);
      const [start, slower] = settings;
      const last = settings.at(-1);
      assert.ok(Number(slower.learning_rate) < Number(start.learning_rate), `${slower.learning_rate} after ${start.learning_rate}`);
      for (const column of ["batch", "gamma", "augment_limit"]) {
        assert.equal(slower[column], start[column], column);
        assert.ok(Number(last[column]) > Number(start[column]), `${column}: ${last[column]} after ${start[column]}`);
      }
      assert.equal(last.learning_rate, slower.learning_rate);
      const place = rows.indexOf(slower);
      const steps = (part) => part.filter(({ kind }) => kind === "step").map(({ images }) => Number(images));
      assert.ok(Math.max(...steps(rows.slice(0, place))) < before + 1 && Math.min(...steps(rows.slice(place))) >= before, "the row stands where it changed");
    });
  });

  test("after a crash of the worker, training continues from the last checkpoint", async (t) => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      // A pause saves a checkpoint.
      await trainUntil(site, 40);
      const saved = await imagesSeen(site);
      await toggle(site);
      await trained(site, saved + 16);
      const before = await imagesSeen(site);
      await recordImages(site);
      await trainingWorker(site).evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      await site.page.waitForFunction(() => document.querySelector('[data-testid="train-status"]').dataset.state === "recovering");
      await site.page.waitForSelector('[data-testid="train-pause"][data-running="true"]', { timeout: TIMEOUT });
      await trained(site, before + 8);
      // What was lost is at most what was trained since the checkpoint. A restart from the beginning would count from 0.
      const images = await recordedImages(site);
      const resumed = Math.min(...images);
      t.diagnostic(`checkpoint after ${saved} slices, crash after ${before} or more, continued from ${resumed}`);
      assert.ok(resumed >= saved, `continued from ${resumed}, but the checkpoint was at ${saved}`);
      assert.ok(images.some((count, index) => index > 0 && count < images[index - 1]), `the counter went back to the checkpoint: ${images}`);
    }, { expectErrors: true });
  });

  test("the network of the strict viewer is fetched for a training with it only, which survives a crash and says so in its card", async (t) => {
    const requests = [];
    const network = "weights/judge/efficientnet-lite1.safetensors";
    const fetched = () => requests.filter((path) => path === network).length;
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      assert.deepEqual([fetched(), await site.at("judged").isVisible()], [0, false], "a training without it");
      assert.match(await site.at("no-distance").innerText(), /without the strict viewer/i);
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await site.at("train-judge").check();
      await prepare(site);
      assert.deepEqual([fetched(), await site.at("judged").isVisible()], [1, true]);
      const best = async () => Number(await site.at("best").getAttribute("data-images"));
      assert.equal(await best(), 0, "the distance before the first step is measured");
      await trainUntil(site, 8);
      const saved = await imagesSeen(site);
      await trainingWorker(site).evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      await site.page.waitForFunction(() => document.querySelector('[data-testid="train-status"]').dataset.state === "recovering");
      await paused(site);
      assert.deepEqual([await imagesSeen(site), await site.at("judged").isVisible()], [saved, true], "from the checkpoint, with its judge");
      await trainUntil(site, saved + 8);
      const card = async () => {
        const { bytes } = await site.download(() => site.at("weights-download").click());
        const { __metadata__: fields } = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))));
        return { images: Math.round(1000 * Number(fields.kimg)), ...JSON.parse(fields.metrics) };
      };
      const kept = await card();
      assert.equal(kept.projected, "1");
      assert.equal(kept.images, await best());
      assert.match(kept["best of"], /by distance to held-out slices/);
      await site.at("take-last").check();
      assert.equal((await card()).images, await imagesSeen(site));
      t.diagnostic(`${await site.at("images-a-second").innerText()} slices a second`);
    }, { fault: (path) => void requests.push(path), expectErrors: true });
  });

  test("without the network of the strict viewer the page says what to do", async () => {
    const missing = (path, response) => path.startsWith("weights/judge/") && Boolean(response.writeHead(404).end());
    await open(async (site) => {
      await giveHeads(site, 24);
      await assert.rejects(prepare(site, { judge: true }), /strict viewer could not be loaded/);
      await site.at("train-again").waitFor();
    }, { fault: missing, expectErrors: true });
  });

  test("stored checkpoints survive a reload; without consent nothing is stored", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      assert.deepEqual(await storedFiles(site), [], "nothing stored without consent");
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await prepare(site, { keep: true });
      await toggle(site);
      await trained(site, 24);
      // The worker saves regularly while it trains. The page is reloaded in the middle of the training.
      const saved = await site.page.waitForFunction(() => {
        const { place, images } = document.querySelector('[data-testid="saved"]')?.dataset ?? {};
        return place === "disk" && Number(images) >= 24 && Number(images);
      });
      const images = await saved.jsonValue();
      assert.deepEqual(await storedFiles(site), ["training"]);

      await site.page.reload();
      await site.at("stored").waitFor();
      assert.ok(await site.at("stored-resume").isDisabled(), "the slices were not stored");
      await giveHeads(site, 24);
      await site.at("stored-resume").click();
      await paused(site);
      assert.ok(await imagesSeen(site) >= images, `continued from ${await imagesSeen(site)}, but the checkpoint was at ${images}`);

      await trainUntil(site, images + 8);
      const done = await imagesSeen(site);
      const last = await previewAt(site, done);
      await site.page.reload();
      await site.at("stored").waitFor();
      await giveHeads(site, 24);
      await site.at("stored-resume").click();
      await paused(site);
      assert.equal(await imagesSeen(site), done);
      assert.ok(similarity(await previewAt(site, done), last).share >= 0.99, "the same scans");

      await site.page.reload();
      await site.at("stored-forget").click();
      await site.at("stored-forget-yes").click();
      await site.at("stored").waitFor({ state: "detached" });
      assert.deepEqual(await storedFiles(site), [], "deleted");
    });
  });

  test("of two tabs, only one stores its training, and each says where its own is", async () => {
    await open(async (site, server) => {
      const page = await site.page.context().newPage();
      page.setDefaultTimeout(TIMEOUT);
      await page.goto(`${server.url}#/trainen?lang=en`);
      const other = new SitePage(page);
      for (const tab of [site, other]) {
        await giveHeads(tab, 24);
        await prepare(tab, { keep: true });
      }
      const place = (tab) => tab.at("saved").getAttribute("data-place");
      assert.equal(await place(site), "disk");
      assert.equal(await place(other), "memory");
      assert.match(await other.at("saved").innerText(), /in memory/);
      // When the first tab is closed, the next checkpoint of the other is stored.
      await site.page.close();
      await toggle(other);
      await other.page.locator('[data-testid="saved"][data-place="disk"]').waitFor();
    });
  });

  test("the browser asks before a training is closed; a stored training is offered first and replaced only after a question", async () => {
    await open(async (site) => {
      const inView = async (id) => {
        const box = await site.at(id).boundingBox();
        return box.y >= 0 && box.y + Math.min(box.height, 100) <= 768;
      };
      const dialogs = [];
      site.page.on("dialog", (dialog) => {
        dialogs.push(dialog.type());
        return dialog.accept();
      });
      await giveHeads(site, 24);
      await prepare(site);
      assert.ok(await inView("train-pause"), "the start button is on screen");
      await site.page.reload();
      assert.deepEqual(dialogs, [], "nothing is lost before the first step");

      await giveHeads(site, 24);
      await prepare(site, { keep: true });
      await trainUntil(site, 8);
      await site.page.waitForFunction(() => document.querySelector('[data-testid="saved"]')?.dataset.place === "disk");
      await site.page.reload();
      assert.deepEqual(dialogs, ["beforeunload"]);

      await site.at("stored").waitFor();
      assert.ok(await inView("stored"), "offered on the first screen");
      await giveHeads(site, 24);
      await site.at("train-device").selectOption("cpu");
      await site.at("train-keep").check();
      await site.at("train-start").click();
      await site.at("stored-replace-no").click();
      assert.equal(await site.at("board").count(), 0, "not started");
      assert.ok(await site.at("stored").isVisible());
      await site.at("train-start").click();
      await site.at("stored-replace-yes").click();
      await paused(site);
    }, { viewport: { width: 1366, height: 768 } });
  });

  test("training pauses while the tab is hidden, and the page says so", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      const start = performance.now();
      await toggle(site);
      await trained(site, 16);
      const twoSteps = performance.now() - start;
      const setHidden = (hidden) => site.page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      }, hidden);
      await setHidden(true);
      await site.page.waitForSelector('[data-testid="train-status"][data-state="hidden"]');
      await paused(site);
      const images = await imagesSeen(site);
      // As long as the two steps above took.
      await site.page.waitForTimeout(twoSteps);
      assert.equal(await imagesSeen(site), images, "no step while hidden");
      await setHidden(false);
      await trained(site, images + 16);
    });
  });

  test("a training can be stopped, resumed and restarted", async () => {
    await open(async (site) => {
      await giveHeads(site, 24);
      await prepare(site);
      await toggle(site);
      await trained(site, 16);
      await site.at("train-stop").click();
      await site.at("train-stop-yes").click();
      await site.at("train-take-up").waitFor();
      // The worker is terminated, which frees its memory. The browser reports it a moment later.
      const deadline = Date.now() + TIMEOUT;
      while (trainingWorker(site) && Date.now() < deadline) await site.page.waitForTimeout(50);
      assert.equal(trainingWorker(site), undefined, "the worker is gone");
      // Continues from the last checkpoint, past the point where it stopped.
      const reached = await imagesSeen(site);
      await site.at("train-take-up").click();
      await site.page.waitForSelector('[data-testid="train-pause"][data-running="true"]');
      await trained(site, reached + 8);
      await site.at("train-over").click();
      await site.at("train-over-yes").click();
      await site.at("train-start").waitFor();
    });
  });

  test("after the loss of the graphics card the page says so, and training continues on the CPU", async () => {
    const browser = await launch(WEBGPU);
    try {
      await visit(browser, {}, async (site) => {
        // Destroys every device soon after it was created. The page also looks for a card in a worker of its own.
        site.page.on("worker", (worker) => worker.evaluate(() => {
          if (!self.GPUAdapter) return;
          const requestDevice = GPUAdapter.prototype.requestDevice;
          GPUAdapter.prototype.requestDevice = async function (...options) {
            const device = await requestDevice.apply(this, options);
            setTimeout(() => device.destroy(), 50);
            return device;
          };
        }).catch(() => {}));
        await giveHeads(site, 24);
        await site.at("train-device").selectOption("gpu");
        await site.at("train-start").click();
        // A software adapter can take long to notice the loss.
        await site.at("train-failure").waitFor({ timeout: 3 * TIMEOUT });
        assert.ok((await site.at("train-failure").innerText()).length > 20);
        await site.at("train-on-cpu").click();
        await paused(site, 3 * TIMEOUT);
        assert.equal(await site.at("train-device").getAttribute("data-device"), "cpu");
      }, { view: "trainen", expectErrors: true });
    } finally {
      await browser.close();
    }
  });
});
