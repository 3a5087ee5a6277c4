// Training on a visitor's own files: the form, the charts, and pausing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SCREENSHOTS, TIMEOUT } from "./support/fixtures.mjs";
import { giveHeads, imagesSeen, paused, prepare, previewAt, toggle, trained, trainingWorker } from "./support/training-page.mjs";
import { describeTraining } from "./support/training-tests.mjs";

/** Heights of the letters in the charts as they are drawn, and of those in the text, in pixels. */
const lettersInCharts = (page) => page.evaluate(() => {
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const texts = [...document.querySelectorAll("main svg text")].filter((text) => text.checkVisibility());
  return { body: size(document.querySelector("main p")), letters: texts.map((text) => Math.round(size(text) * text.getScreenCTM().a)) };
});

describeTraining("training in the tab", (open) => {
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
      // The first minute changes little, unless the device takes more than 300 steps of 8 slices in it. The picture of that level is there.
      const rate = Number(await site.at("forecast").getAttribute("data-rate"));
      assert.ok(rate > 0, "slices a second");
      if (rate < (300 * 8) / 60) {
        const picture = site.at("forecast").locator("img").first();
        await picture.scrollIntoViewIfNeeded();
        await site.page.waitForFunction(() => document.querySelector('[data-testid="forecast"] img')?.naturalWidth > 0);
        assert.equal(await picture.getAttribute("data-level"), "as-before");
      } else {
        t.diagnostic(`${rate} slices a second: too fast for the first level`);
      }
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
      // The averaged generator changes slowly, on purpose, but it must have changed.
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
});
