// The story: all parts and their live demonstrations, on phone and desktop, in both languages, and with failures.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { drawnPack } from "./support/drawn-pack.mjs";
import { launch, SCREENSHOTS, TIMEOUT, visit } from "./support/fixtures.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { sizesOf } from "./support/weights-files.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 900 } };
const GENERATOR = /^weights\/[^/]*\.safetensors$/;
const DISCRIMINATOR = /^weights\/.*discriminator.*\.safetensors$/;
const REAL = /^scans\//;
/** A pack as the sample volumes of a build give it: the kind of tumour is not told. */
const UNKNOWN_TYPES = drawnPack("t1ce", sizesOf("t1ce")[0], { count: 9, perPatient: 5, classes: ["tumour"] });

/** A `fault` that answers matching paths with 404. */
const missing = (pattern) => (path, response) => {
  if (!pattern.test(path)) return false;
  response.writeHead(404, { "content-type": "text/plain" }).end("not here");
  return true;
};

describe("the story", { timeout: 900_000 }, () => {
  let browser;
  before(async () => {
    browser = await launch();
    mkdirSync(SCREENSHOTS, { recursive: true });
  });
  after(() => browser?.close());

  /** Opens the story and waits for its first scan. */
  const story = (name, check, { lang = "nl", ...options } = {}) =>
    test(name, (t) =>
      visit(browser, { lang }, async ({ page }) => {
        const at = (id) => page.getByTestId(id);
        await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
        await check({ page, at, t });
      }, { view: "", ...PHONE, ...options }));

  /** Side and grey values of all canvases that have been drawn. */
  const pictures = (page, id) =>
    page.evaluate((id) =>
      [...document.querySelectorAll(`canvas.drawn[data-testid="${id}"]`)].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return { side: canvas.width, pixels: Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]) };
      }), id);
  const picture = async (page, id) => (await pictures(page, id))[0];

  /** Waits until a canvas is drawn, and differs from `before` if given. Returns its picture. */
  const drawn = async (page, id, before) => {
    const deadline = Date.now() + TIMEOUT;
    for (;;) {
      const now = await picture(page, id);
      if (now && JSON.stringify(now) !== JSON.stringify(before)) return now;
      if (Date.now() > deadline) throw new Error(`${id} did not ${before ? "change" : "appear"}`);
      await page.waitForTimeout(50);
    }
  };
  const contrast = ({ pixels }) => Math.max(...pixels) - Math.min(...pixels);
  /** Pixels by which the page is too wide. */
  const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  for (const [width, size] of Object.entries({ phone: PHONE, desktop: DESK })) {
    for (const lang of ["nl", "en"]) {
      story(`opens with a generated scan and a link to the game: ${width}, ${lang}`, async ({ page, at, t }) => {
        t.diagnostic(`first scan complete after ${(await page.evaluate(() => performance.now())).toFixed(0)} ms`);
        const scan = await picture(page, "story-hero-scan");
        assert.equal(scan.side, 64);
        assert.ok(contrast(scan) > 50, "the scan has contrast");
        const box = await at("story-play").boundingBox();
        assert.ok(box.y + box.height <= size.viewport.height, "the link to the game is on the first screen");
        assert.match(await at("story-play").getAttribute("href"), /^#\/spel/);
        for (const part of ["slice", "scarce", "diagram", "layers", "stages", "verdict", "between", "evidence", "ending"]) {
          await at(part).scrollIntoViewIfNeeded();
          const words = (await at(part).locator("h2").innerText()).trim();
          assert.ok(words.length > 3, `${part} has a heading`);
          const cut = await at(part).locator(".sheet").evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => `${one.className}: ${one.scrollHeight - one.clientHeight} px`));
          assert.deepEqual(cut, [], "no card cuts off its content");
        }
        assert.ok((await overflow(page)) <= 0, "no horizontal scroll");
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: `${SCREENSHOTS}story-${width}-${lang}.png` });
        await at("story-play").click();
        await page.waitForFunction(() => location.hash.startsWith("#/spel"));
      }, { lang, ...size });
    }
  }

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
    // That nothing happens can only be waited for: twice as long as a step took.
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

  /** Checks that the text for each choice matches the verdict of the discriminator and the truth. Returns the truths. */
  async function verdicts({ page, at }) {
    await at("verdict").scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    assert.equal(await at("verdict-choice").count(), 8);
    const truths = [];
    const scales = new Set();
    for (const choice of await at("verdict-choice").all()) {
      await choice.click();
      assert.equal(await choice.getAttribute("aria-pressed"), "true");
      const truth = await choice.getAttribute("data-truth");
      const says = await at("verdict-ruling").getAttribute("data-says");
      const words = await at("verdict-ruling").innerText();
      assert.match(words, says === "real" ? /Looks like a real scan/ : /Looks like a fake/);
      assert.match(words, new RegExp(`${says === truth ? "Right" : "Wrong"}: this scan is ${truth}`));
      const scale = await at("verdict-scale").innerText();
      assert.match(scale, /score of −?\d+(\.\d)? is higher than \d+ out of 10 real scans and \d+ out of 10 fakes/);
      scales.add(scale);
      truths.push(truth);
    }
    assert.ok(scales.size > 1, "not all scans get the same score");
    return truths;
  }

  story("the verdict belongs to the selected scan", async ({ page, at, t }) => {
    const truths = await verdicts({ page, at });
    t.diagnostic(`${truths.filter((truth) => truth === "real").length} of 8 are real`);
    const before = await drawn(page, "verdict-scan");
    await at("verdict-other").click();
    await drawn(page, "verdict-scan", before);
  }, { lang: "en" });

  for (const [name, options] of [["phone", PHONE], ["desk", DESK]]) {
    story(`the mark in the chart of the discriminator covers no name: ${name}`, async ({ page, at }) => {
      await at("verdict").scrollIntoViewIfNeeded();
      await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
      for (const choice of await at("verdict-choice").all()) {
        await choice.click();
        await page.locator(".scale").scrollIntoViewIfNeeded();
        const covered = await page.locator(".scale").evaluate((scale) => {
          const mark = scale.querySelector(".scale-mark");
          const [line, diamond] = [mark.getBoundingClientRect(), getComputedStyle(mark, "::before")];
          // A square on its corner.
          const reach = parseFloat(diamond.width) * Math.SQRT1_2;
          const [x, y] = [line.left + line.width / 2, line.top + parseFloat(diamond.top) + parseFloat(diamond.height) / 2];
          return [...scale.querySelectorAll(".scale-name")].filter((name) => {
            const { left, right, top, bottom } = name.getBoundingClientRect();
            const hit = x + reach > left && x - reach < right && y + reach > top && y - reach < bottom;
            // Where the line crosses the name, the name is in front.
            const behind = x < left || x > right || document.elementFromPoint(x, (top + bottom) / 2) === name;
            return hit || !behind;
          }).map((name) => name.textContent);
        });
        assert.deepEqual(covered, []);
      }
    }, { reducedMotion: "reduce", ...options });
  }

  story("without real scans the story uses generated ones, and says so", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await drawn(page, "slice-scan");
    assert.match(await at("slice").innerText(), /Generated scan/);
    await at("diagram-state").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector(".node.scan.fake canvas.drawn"));
    const truths = await verdicts({ page, at });
    assert.deepEqual(new Set(truths), new Set(["fake"]));
    assert.match(await at("verdict").innerText(), /not part of this version/);
  }, { lang: "en", fault: missing(REAL), expectErrors: true });

  story("real scans without types that the models know: the story says so, and never that there are none", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await drawn(page, "slice-scan");
    assert.match(await at("slice").innerText(), /Generated scan/);
    assert.match(await at("slice").innerText(), /no real scan of this type of tumour/);
    await at("diagram-state").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector(".node.scan.fake canvas.drawn"));
    await page.waitForFunction(() => document.querySelector(".node.scan:not(.fake) canvas.drawn"));
    const truths = await verdicts({ page, at });
    assert.deepEqual(new Set(truths), new Set(["fake"]));
    assert.match(await at("verdict").innerText(), /does not know the tumour types of the real scans on this site/);
    assert.doesNotMatch(await page.locator("main").innerText(), /not part of this version|no real scans/i);
  }, { lang: "en", fault: (path, response) => path === "scans/t1ce.pack" && Boolean(response.writeHead(200).end(UNKNOWN_TYPES)) });

  for (const [name, options] of [["phone", PHONE], ["desk", DESK]]) {
    story(`the first screen on a ${name} says that this is about AI`, async ({ page }) => {
      const words = page.locator(".hero-ai");
      assert.match(await words.innerText(), /AI/);
      const { height } = page.viewportSize();
      for (const part of [words, page.getByTestId("story-hero-scan"), page.getByTestId("story-play")]) {
        const box = await part.boundingBox();
        assert.ok(box.y >= 0 && box.y + box.height <= height, JSON.stringify(box));
      }
    }, options);
  }

  story("where tumours are named, worried people find a way on", async ({ page, at }) => {
    await at("slice").scrollIntoViewIfNeeded();
    await at("story-worried").click();
    await page.locator(".worried").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "part-zorgen");
    assert.match(await page.locator(".worried").innerText(), /112/);
  });

  test("a missing discriminator: reported, and retried", async () => {
    let repaired = false;
    const fault = (...request) => !repaired && missing(DISCRIMINATOR)(...request);
    await visit(browser, {}, async ({ page }) => {
      const verdict = page.getByTestId("verdict");
      await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
      await verdict.scrollIntoViewIfNeeded();
      await verdict.getByText("could not be loaded").waitFor();
      repaired = true;
      await verdict.getByRole("button", { name: "Try again" }).click();
      await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    }, { view: "", ...PHONE, fault, expectErrors: true });
  });

  test("a missing generator: reported, and retried", async () => {
    let repaired = false;
    const fault = (...request) => !repaired && missing(GENERATOR)(...request);
    await visit(browser, {}, async ({ page }) => {
      await page.getByTestId("story-trouble").waitFor();
      assert.ok((await overflow(page)) <= 0);
      assert.match(await page.getByTestId("story-trouble").locator("a").getAttribute("href"), /^#\/studio/);
      repaired = true;
      await page.getByTestId("story-retry").click();
      await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
      assert.equal(await page.getByTestId("story-trouble").count(), 0);
    }, { view: "", ...PHONE, fault, expectErrors: true });
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

  story("with reduced motion nothing moves by itself", async ({ page, at }) => {
    assert.equal(await at("diagram-state").getAttribute("data-playing"), "false");
    for (const part of ["slice", "diagram", "layers", "stages", "verdict", "between"]) {
      await at(part).scrollIntoViewIfNeeded();
      await nextFrame(page);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `nothing moves at ${part}`);
    }
    await at("diagram-pause").click();
    assert.equal(await at("diagram-state").getAttribute("data-playing"), "true", "it can be started");
  }, { reducedMotion: "reduce" });

  story("Tab reaches every control, in order", async ({ page, at }) => {
    // Controls appear when their part has been computed.
    for (const part of ["slice", "diagram", "layers", "stages", "verdict", "between"]) await at(part).scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    await at("diagram-pause").click();
    await page.evaluate(() => {
      scrollTo(0, 0);
      document.getElementById("main").focus();
    });
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll("main a[href], main button, main input")];
      const visible = all.filter((element) => !element.disabled && element.checkVisibility());
      visible.forEach((element, index) => (element.dataset.order = String(index)));
      return visible.length;
    });
    assert.ok(wanted > 40, `${wanted} controls`);
    const seen = [];
    for (let press = 0; press < wanted; press++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        return { order: Number(element.dataset.order ?? -1), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
      }));
    }
    assert.deepEqual(seen.map(({ order }) => order), seen.map((_, index) => index));
    assert.ok(seen.every(({ ring }) => ring), "every focus is visible");
  }, { ...DESK });
});
