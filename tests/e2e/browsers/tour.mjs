// A tour of the site in Firefox or WebKit: BROWSER is `firefox` or `webkit`. `cargo xtask test browsers` runs it in both.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { HEADERS, headersFor } from "../../../xtask/release/policy.mjs";
import { serve } from "../server.mjs";
import { unzip, readPng } from "../support/decoders.mjs";
import { foreignHost } from "../support/foreign-host.mjs";
import { headFiles } from "../support/drawn-heads.mjs";
import { drawnPack } from "../support/drawn-pack.mjs";
import { hasNativeProgram, sampleNatively } from "../support/native-program.mjs";
import { PREFIX, SITE, TIMEOUT } from "../support/settings.mjs";
import { similarity } from "../support/similarity.mjs";
import { VIEWS } from "../support/views.mjs";
import { generator, sizesOf } from "../support/weights-files.mjs";
import { Firefox } from "./firefox.mjs";
import { Tab } from "./tab.mjs";
import { WebKit } from "./webkit.mjs";

const Driver = { firefox: Firefox, webkit: WebKit }[process.env.BROWSER];
if (!Driver) throw new Error("BROWSER is `firefox` or `webkit`");

/** Seconds of training, and slices: on a busy computer it takes longer until the scans have changed. */
const TRAINING = 60;
const SLICES = 200;
/** Packs of drawn heads in the place of real scans. */
const PACKS = Object.fromEntries(["t1ce", "flair"].map((model) => [`scans/${model}.pack`, drawnPack(model, sizesOf(model)[0])]));
const servePacks = (path, response) => path in PACKS && Boolean(response.writeHead(200).end(PACKS[path]));

describe(`the site in ${Driver.name}`, { timeout: 3_600_000 }, () => {
  let server, tab;
  const start = async (fault = servePacks, options = {}) => {
    server = await serve(SITE, { prefix: PREFIX, fault });
    tab = new Tab(await Driver.start(options), server.url);
  };
  const end = async () => {
    await tab?.close();
    await server?.close();
    [server, tab] = [];
  };
  beforeEach(() => start());
  afterEach(end);

  /** Plays ten rounds and returns the text of the result. */
  const play = async () => {
    await tab.open("spel", { game: 7 });
    for (let round = 1; round <= 10; round++) {
      await tab.shown("arena", '[data-ready="true"]');
      assert.equal(Number(await tab.data("round", "round")), round);
      await tab.click(round % 2 ? "answer-real" : "answer-fake");
      await tab.shown("feedback");
      await tab.click("next");
    }
    await tab.shown("result");
    await tab.check();
    return tab.text('[data-testid="result"]');
  };

  /** Opens the training view, gives it drawn heads, and starts a training on the processor. */
  const startTraining = async ({ keep = false } = {}) => {
    await tab.open("trainen");
    await giveHeads();
    await tab.evaluate(() => {
      const device = document.querySelector('[data-testid="train-device"]');
      device.value = "cpu";
      device.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if (keep) await tab.click("train-keep");
    await tab.click("train-start");
  };
  const giveHeads = async () => {
    const files = headFiles(40, { masks: true });
    await tab.waitFor("the training view", () => Boolean(document.querySelector('[data-testid="slice-input"]')));
    await tab.giveFiles("slice-input", files);
    await tab.waitFor("reports on all files", (count) => document.querySelectorAll('[data-testid="file-report"] > li').length === count, files.length);
  };
  const images = async () => Number((await tab.data("images-seen", "images")) ?? 0);
  const trained = (count) => tab.waitFor(`${count} slices`, (count) => Number(document.querySelector('[data-testid="images-seen"]')?.dataset.images) >= count || Boolean(document.querySelector('[data-testid="train-failure"]')), count);
  /** Waits until the training is paused, and its last step is saved and drawn. */
  const paused = async () => {
    await tab.waitFor("a paused training", () => {
      const find = (id) => document.querySelector(`[data-testid="${id}"]`);
      if (find("train-failure")) return true;
      const [seen, drawn, saved] = ["images-seen", "preview", "saved"].map((id) => find(id)?.dataset.images);
      const button = find("train-pause");
      return button?.dataset.running === "false" && !button.disabled && seen !== undefined && seen === drawn && seen === saved;
    });
    await tab.check();
  };
  const preview = () => tab.pictures('[data-testid="preview"] canvas');

  test("all views open in both languages, from top to bottom", async (t) => {
    t.diagnostic(`tested with ${await tab.driver.version()}`);
    for (const [name, view] of Object.entries(VIEWS)) {
      for (const lang of ["nl", "en"]) {
        await tab.open(view, { lang });
        await tab.waitFor(`${name} in ${lang}`, (lang) => document.documentElement.lang === lang && document.querySelector("main h1")?.checkVisibility(), lang);
        await tab.evaluate(async () => {
          for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
            scrollTo(0, y);
            await new Promise((next) => setTimeout(next, 200));
          }
        });
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${name}: ${wide} pixels too wide`);
        await tab.check();
      }
    }
  });

  test("scans are those of the native program within 1/255, for each model and size", async (t) => {
    if (!hasNativeProgram(t)) return;
    for (const model of ["t1ce", "flair"]) {
      for (const [place, size] of sizesOf(model).entries()) {
        await tab.open("studio", { model, size, seed: 100, n: 4, trunc: 0.8 });
        await tab.settled(4);
        const ours = await tab.pictures('canvas[data-testid="scan"]');
        assert.equal(ours[0].length, size ** 2);
        const theirs = await sampleNatively({ seed: 100, n: 4, truncation: 0.8, weights: join(SITE, generator(model, place)) });
        const { share, worst } = similarity(ours, theirs);
        t.diagnostic(`${model}, ${size} pixels: ${(100 * share).toFixed(2)} % of pixels within 1/255, largest difference ${worst}`);
        assert.equal(share, 1);
      }
    }
  });

  test("ten rounds of the game", async () => {
    assert.match(await play(), /\d/);
  });

  test(`a training of ${TRAINING} seconds or more, with its weights saved, taken up after the page was loaded anew`, async (t) => {
    await startTraining({ keep: Driver.keepsTrainings });
    await paused();
    const first = await preview();
    // With the usual rate, the averaged generator in the preview has hardly moved by then: a training that started anew would
    // look the same.
    await tab.evaluate(() => {
      const knob = document.querySelector('[data-testid="knob-rate"]');
      knob.value = knob.max;
      for (const type of ["input", "change"]) knob.dispatchEvent(new Event(type, { bubbles: true }));
    });
    await tab.click("train-pause");
    const start = Date.now();
    await wait(1000 * TRAINING);
    for (; (await images()) < SLICES; await wait(1000)) {
      await tab.check();
      assert.ok(Date.now() < start + 900_000, `${await images()} slices in a quarter of an hour`);
    }
    const seconds = (Date.now() - start) / 1000;
    await tab.click("train-pause");
    await paused();
    const [seen, last] = [await images(), await preview()];
    t.diagnostic(`${seen} slices in ${seconds.toFixed(0)} s`);
    assert.ok(seen >= SLICES, `${seen} slices`);
    const { share: unchanged } = similarity(last, first);
    t.diagnostic(`${(100 * unchanged).toFixed(2)} % of pixels as at the start`);
    assert.ok(unchanged < 0.95, "the scans changed");
    // The file is of the best network so far, unless the visitor asks for the one in the preview. The page says so if they differ.
    if (await tab.isShown("take-last")) {
      const best = Number(await tab.data("best", "images"));
      assert.equal(await tab.isShown("take-not-shown"), best !== seen, `best after ${best} slices, shown after ${seen}`);
      await tab.click("take-last");
      assert.equal(await tab.isShown("take-not-shown"), false);
    }
    const weights = await tab.download("weights-download");
    assert.ok(weights.length > 100_000, `${weights.length} bytes`);

    await tab.driver.reload();
    await tab.watch();
    if (Driver.keepsTrainings) {
      await tab.waitFor("the stored training", () => document.querySelector('[data-testid="stored"]')?.checkVisibility());
      await giveHeads();
      await tab.click("stored-resume");
      await paused();
      assert.equal(await images(), seen);
    } else {
      assert.equal(await tab.isShown("stored"), false);
      await giveHeads();
      await tab.giveFiles("weights-upload", [{ name: "own.safetensors", buffer: weights }]);
      await tab.waitFor("a verdict on the weights", () => Boolean(document.querySelector('[data-testid="upload-report"] [data-verdict="ok"]')));
      await tab.click("from-file");
      await tab.click("train-start");
      await paused();
    }
    const { share, worst } = similarity(await preview(), last);
    t.diagnostic(`${(100 * share).toFixed(2)} % of pixels as before, largest difference ${worst}`);
    assert.ok(share >= 0.99, "the same scans");
  });

  test("a tab that opens behind another one trains when it comes to the front, and pauses when it is hidden", async (t) => {
    const show = await tab.driver.openHidden(`${server.url}#/trainen?lang=en`);
    await tab.watch();
    assert.equal(await tab.evaluate(() => document.hidden), true);
    await giveHeads();
    await tab.evaluate(() => document.querySelector('[data-testid="train-start"]').click());
    await show();
    await tab.waitFor("the tab to be visible", () => !document.hidden);
    await paused();
    const start = Date.now();
    await tab.click("train-pause");
    await trained(16);
    const twoSteps = Date.now() - start;
    if (tab.driver.hide) {
      const showAgain = await tab.driver.hide();
      await tab.waitFor("the pause", () => document.querySelector('[data-testid="train-status"]').dataset.state === "hidden");
      await paused();
      const before = await images();
      await wait(twoSteps);
      assert.equal(await images(), before, "no step while hidden");
      await showAgain();
      await trained(before + 8);
    } else {
      t.diagnostic("this driver cannot hide a tab that was visible");
    }
    await tab.check();
  });

  test("after one visit the site works offline", async () => {
    await end();
    // The copy for use offline has only files whose hashes are those of the build.
    await start(() => false);
    await tab.open("studio", { seed: 1, n: 1 });
    await tab.settled(1);
    await tab.waitFor("the copy for use offline", () => document.documentElement.dataset.offline === "ready");
    await server.close();
    for (const [name, view] of Object.entries(VIEWS)) {
      await tab.open(view);
      await tab.waitFor(name, () => document.querySelector("main h1")?.checkVisibility());
    }
    await tab.driver.reload();
    await tab.open("studio", { seed: 5, n: 2 });
    await tab.settled(2);
  });

  test("two elements on a page of another site, with a strict policy of its own", async () => {
    await end();
    // The headers name the page's host, which gets its port later. The service worker answers with headers that the build gave it.
    const headers = {};
    let serviceWorker = await readFile(join(SITE, "sw.js"), "utf8");
    const fault = (path, response) => (path === "sw.js" ? Boolean(response.writeHead(200, { "content-type": "text/javascript" }).end(serviceWorker)) : servePacks(path, response));
    server = await serve(SITE, { prefix: PREFIX, headers, fault });
    const host = await foreignHost(server.url, "<p>Text of the article.</p>");
    Object.assign(headers, headersFor([new URL(host.url).origin]));
    const policy = "Content-Security-Policy";
    assert.ok(serviceWorker.includes(HEADERS[policy]), "a site that is built without pages that may frame it");
    serviceWorker = serviceWorker.replace(HEADERS[policy], headers[policy]);
    tab = new Tab(await Driver.start(), host.url);
    try {
      await tab.driver.open(host.url);
      await tab.evaluate(() => {
        window.told = [];
        for (const type of ["ready", "answered", "result"]) addEventListener(type, ({ target, detail }) => window.told.push({ id: target.id, type, ...detail }), true);
        const add = (attributes) => {
          const element = document.createElement("hersen-scan");
          for (const [name, value] of Object.entries({ lang: "en", ...attributes })) element.setAttribute(name, value);
          document.body.append(element);
        };
        add({ id: "first", view: "game", game: "123", mode: "single" });
        for (let line = 0; line < 300; line++) document.body.append(document.createElement("br"));
        add({ id: "second", view: "studio", seed: "5", n: "2", height: "700" });
      });
      const told = (type, id) => tab.evaluate((type, id) => window.told.filter((one) => one.type === type && one.id === id), type, id);
      const hears = (type, id, count = 1) => tab.waitFor(`${count} times ${type} of ${id}`, (type, id, count) => window.told.filter((one) => one.type === type && one.id === id).length >= count, type, id, count);
      const heightOf = (id) => tab.evaluate((id) => document.getElementById(id).getBoundingClientRect().height, id);
      const inside = (act, ...args) => tab.driver.evaluateInside("#first", act, ...args);
      /** Waits until a selector finds something visible in the first frame, and clicks it. */
      const press = async (selector) => {
        const clicked = () => inside((selector) => {
          const element = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility() && !one.disabled);
          element?.click();
          return Boolean(element);
        }, selector);
        for (const end = Date.now() + 2 * TIMEOUT; !(await clicked()); await wait(50)) assert.ok(Date.now() < end, `no ${selector}`);
      };
      /** Waits until the first element is as high as what it shows, and returns that height. */
      const fits = async () => {
        for (const end = Date.now() + TIMEOUT; ; await wait(100)) {
          const [outer, content] = [await heightOf("first"), await inside(() => Math.ceil(document.body.getBoundingClientRect().height))];
          if (Math.abs(outer - content) <= 1) return content;
          assert.ok(Date.now() < end, `${outer} pixels for ${content}`);
        }
      };
      await hears("ready", "first");
      assert.deepEqual(await told("ready", "first"), [{ id: "first", type: "ready", view: "spel" }]);
      assert.equal(await tab.evaluate(() => Boolean(document.getElementById("second").shadowRoot?.querySelector("iframe[src]"))), false, "the second is far below");
      let right = 0;
      for (let round = 1; round <= 10; round++) {
        await press('[data-testid="answer-real"]');
        await hears("answered", "first", round);
        const answer = (await told("answered", "first"))[round - 1];
        assert.deepEqual([answer.round, answer.rounds], [round, 10]);
        right += answer.right;
        await press('[data-testid="next"]');
      }
      await hears("result", "first");
      assert.deepEqual(await told("result", "first"), [{ id: "first", type: "result", mode: "single", right, rounds: 10 }]);
      const result = await fits();
      await press('[data-testid="to-clues"]');
      await wait(500);
      const clues = await fits();
      assert.ok(result > 300 && clues > 300 && result !== clues, `${result} and ${clues} pixels`);

      // Without scroll anchoring (WebKit) the page moves when the first element grows.
      await tab.waitFor("the second element", () => {
        document.getElementById("second").scrollIntoView();
        return window.told.some(({ type, id }) => type === "ready" && id === "second");
      });
      assert.equal(await heightOf("second"), 700, "a height of its own");
    } finally {
      await host.close();
    }
  });

  test("a private window without storage makes, plays and trains", { skip: !Driver.blocksStorage && "only where a window without storage can be opened" }, async (t) => {
    await end();
    await start(servePacks, { blocked: true });
    await tab.open("studio", { size: 64, seed: 100, n: 2, trunc: 0.8 });
    await tab.settled(2);
    // The pixels are taken from the file, because such a window adds noise to pixels that a page reads from a canvas.
    const files = unzip(await tab.download("download-zip"));
    const scans = [...files].filter(([name]) => name.endsWith(".png") && !name.includes("mask")).map(([, bytes]) => readPng(bytes).pixels);
    assert.equal(scans.length, 2);
    if (hasNativeProgram(t)) assert.equal(similarity(scans, await sampleNatively({ seed: 100, n: 2, truncation: 0.8, weights: join(SITE, generator("t1ce", -1)) })).share, 1);
    assert.match(await play(), /\d/);
    await startTraining();
    await paused();
    await tab.click("train-pause");
    await trained(16);
    await tab.check();
  });
});
