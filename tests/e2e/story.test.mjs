// The story: its parts and their live demonstrations.
import assert from "node:assert/strict";
import { contrast, describeStory, drawn, picture, pictures } from "./support/story-page.mjs";

describeStory("the story", (story) => {
  story("the button makes another scan", async ({ page, at }) => {
    const first = await picture(page, "story-hero-scan");
    await at("story-hero-again").click();
    await page.waitForSelector('[data-testid="story-hero"][data-state="growing"]');
    await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
    assert.notDeepEqual(await picture(page, "story-hero-scan"), first);
  });

  /** Records the types of all requests to workers. */
  const recordRequests = (page) =>
    page.addInitScript(() => {
      window.requests = [];
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, ...rest) {
        // Buffers follow the header.
        const header = Array.isArray(message) ? message[0] : message;
        window.requests.push((header instanceof Map ? header.get("type") : header?.type) ?? "?");
        return post.call(this, message, ...rest);
      };
    });

  story("parts compute only when they come near the viewport", async ({ page, at }) => {
    // The hero is complete and no request is left. A part that did not wait for its turn would have asked by now.
    await page.waitForLoadState("networkidle");
    const early = await page.evaluate(() => window.requests);
    assert.ok(early.includes("generate"), `the opening was requested: ${early}`);
    assert.ok(!early.includes("judge"), `no verdict was requested: ${early}`);
    await at("verdict").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => window.requests.includes("judge"));
  }, { prepare: recordRequests });

  story("a slice of every class, with the outline of the tumour on request", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    const plain = await drawn(page, "slice-scan");
    await at("slice-outline").check();
    const outlined = await drawn(page, "slice-scan", plain);
    await at("slice-outline").uncheck();
    assert.deepEqual(await drawn(page, "slice-scan", outlined), plain);
    await at("slice-kind").nth(1).click();
    const other = await drawn(page, "slice-scan", plain);
    assert.equal(await at("slice-kind").nth(1).getAttribute("aria-pressed"), "true");
    assert.equal(other.side, plain.side);
  });

  story("the diagram can play, pause and step", async ({ page, at }) => {
    await at("diagram-state").scrollIntoViewIfNeeded();
    const state = async () => {
      const [step, playing] = await Promise.all(["data-step", "data-playing"].map((name) => at("diagram-state").getAttribute(name)));
      return { step: Number(step), playing };
    };
    assert.equal((await state()).playing, "true");
    const nextStep = async () => {
      const from = (await state()).step;
      await page.waitForFunction((from) => Number(document.querySelector('[data-testid="diagram-state"]').dataset.step) !== from, from);
    };
    await nextStep();
    const start = performance.now();
    await nextStep();
    const interval = performance.now() - start;
    await at("diagram-pause").click();
    const paused = await state();
    assert.equal(paused.playing, "false");
    // Nothing may happen, so wait for a fixed time: twice as long as a step took.
    await page.waitForTimeout(2 * interval);
    assert.deepEqual(await state(), paused, "it stays paused");
    const texts = new Set();
    for (let n = 1; n <= 6; n++) {
      const { step } = await state();
      texts.add(await at("diagram-state").locator(".now p").innerText());
      await at("diagram-step").click();
      assert.equal((await state()).step, (step % 6) + 1);
    }
    assert.equal(texts.size, 6, "every step has its own text");
    await at("diagram-state").locator("ol button").nth(3).click();
    assert.equal((await state()).step, 4);
    await page.waitForFunction(() => /score\s*−?\d/i.test(document.querySelector('[data-testid="diagram-state"]').innerText));
  });

  story("the layers grow from 4 to 64 pixels, and end in the scan", async ({ page, at }) => {
    await at("layers").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelectorAll('canvas.drawn[data-testid="layer-map"]').length === 6);
    const maps = await pictures(page, "layer-map");
    assert.deepEqual(maps.map((map) => map.side), [4, 8, 16, 32, 64, 64]);
    for (const map of maps) assert.ok(contrast(map) > 30, `the layer of ${map.side} has contrast`);
    assert.equal(new Set(maps.map(({ pixels }) => pixels.join())).size, 6, "all differ");
    for (const [level, side] of [4, 8, 16, 32, 64].entries()) {
      await at("layer-slider").fill(String(level));
      await page.waitForFunction((side) => document.querySelector('canvas.drawn[data-testid="layer-large"]')?.width === side, side);
      const large = await pictures(page, "layer-large");
      assert.ok(large.length > 1 && new Set(large.map(({ pixels }) => pixels.join())).size > 1, `several maps of ${side}`);
    }
    await at("layer-slider").fill("5");
    const scan = await drawn(page, "layer-scan");
    assert.deepEqual(scan, maps[5], "the last position shows the scan");
    await at("layer-fresh").click();
    await drawn(page, "layer-scan", scan);
  });

  story("the same noise gave other scans at earlier training stages", async ({ page, at, t }) => {
    await at("stages").scrollIntoViewIfNeeded();
    const now = await drawn(page, "stage-scan");
    assert.equal((await pictures(page, "stage-scan")).length, 6);
    if (await at("stage-none").isVisible()) {
      t.diagnostic("this site has no stages, and says so");
      assert.ok((await at("stage-none").innerText()).length > 20);
      return;
    }
    const last = Number(await at("stage-slider").getAttribute("max"));
    t.diagnostic(`${last} earlier stages`);
    const seen = [now];
    for (let moment = last - 1; moment >= 0; moment--) {
      await at("stage-slider").fill(String(moment));
      await page.waitForFunction((moment) => document.querySelector('[data-testid="stage-state"]').dataset.moment === String(moment), moment);
      seen.push(await picture(page, "stage-scan"));
      // Before the first slice there is no count.
      assert.match(await at("stage-slider").getAttribute("aria-valuetext"), moment ? /\d/ : /^(before the first slice|vóór de eerste plak)$/);
    }
    assert.equal(new Set(seen.map(({ pixels }) => pixels.join())).size, last + 1, "every stage gives another scan");
    await at("stage-slider").fill(String(last));
    await page.waitForFunction((last) => document.querySelector('[data-testid="stage-state"]').dataset.moment === String(last), last);
    assert.deepEqual(await picture(page, "stage-scan"), now);
  });

  story("the interpolation between two scans changes at every position", async ({ page, at }) => {
    await at("between").scrollIntoViewIfNeeded();
    let last = await drawn(page, "between-scan");
    const ends = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".trio .end canvas.drawn")].map((canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return { side: canvas.width, pixels: Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]) };
        }));
    await page.waitForFunction(() => document.querySelectorAll(".trio .end canvas.drawn").length === 2);
    const seen = [];
    for (const place of [0, 25, 50, 75, 100]) {
      await at("between-slider").fill(String(place));
      last = await drawn(page, "between-scan", last);
      seen.push(last);
    }
    assert.equal(new Set(seen.map(({ pixels }) => pixels.join())).size, 5);
    assert.deepEqual([seen[0], seen[4]], await ends(), "the ends are the two scans");
    await at("between").getByRole("button", { name: "Terug" }).click();
    assert.equal(await at("between-slider").inputValue(), "90");
  });

  story("where tumours are named, worried people find a way on", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await at("story-worried").click();
    await page.locator(".worried").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "part-zorgen");
    assert.match(await page.locator(".worried").innerText(), /112/);
  });

  story("every study names its source", async ({ at }) => {
    const studies = await at("sources").locator("li").all();
    assert.ok(studies.length >= 5);
    for (const study of studies) {
      const link = study.locator("a");
      assert.match(await link.getAttribute("href"), /^https:\/\//);
      assert.match(await link.getAttribute("rel"), /noreferrer/);
      assert.match(await study.locator(".outcome").innerText(), /Hielp|Gemengd/);
    }
  });
});
