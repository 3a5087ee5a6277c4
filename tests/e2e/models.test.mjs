// The models: T1 and FLAIR, and their sizes. Selected by hand or by a link, with the same pixels everywhere.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { unzip } from "./support/decoders.mjs";
import { launch, SITE, TIMEOUT, visit } from "./support/fixtures.mjs";
import { visitGame } from "./support/game-page.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { similarity } from "./support/similarity.mjs";
import { skipUnlessCi } from "./support/skip.mjs";
import { defaultGenerator, sizesOf } from "./support/weights-files.mjs";

const sizes = { t1ce: sizesOf("t1ce"), flair: sizesOf("flair") };
const choose = (site, model) => site.page.locator(`[data-testid="model"][data-model="${model}"]`).click();
const classShown = (site, name) => site.page.waitForFunction((name) => document.querySelector('[data-testid="scan"]')?.dataset.class === name, name, { timeout: TIMEOUT });

describe("the models", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const studio = (name, query, check, options) => test(name, (t) => visit(browser, query, (site, server) => check(site, t, server), options));

  studio("the studio switches to FLAIR, and gives the same pixels as the native program", { seed: 100, n: 4, trunc: 0.8, class: "glioma" }, async (site, t) => {
    await site.settled(4);
    await choose(site, "flair");
    await site.page.waitForFunction(() => location.hash.includes("model=flair") && !location.hash.includes("class="));
    await site.page.waitForFunction(() => ["none", "tumour"].includes(document.querySelector('[data-testid="scan"]')?.dataset.class));
    await site.settled(4);
    assert.ok((await site.scans()).every(({ kind }) => ["none", "tumour"].includes(kind)));
    assert.match(await site.at("non-commercial").innerText(), /CC BY-NC-SA 4\.0/);
    assert.match(await site.at("model-choice").innerText(), /not healthy people/);
    const files = unzip((await site.download(() => site.at("download-zip").click())).bytes);
    const manifest = JSON.parse(files.get("manifest.json").toString("utf8"));
    assert.match(manifest.licence, /CC BY-NC-SA 4\.0/);
    assert.match(manifest.attribution, /Buda/);
    if (hasNativeProgram(t)) {
      const ours = await site.pictures();
      const theirs = await sampleNatively({ seed: 100, n: 4, truncation: 0.8, weights: join(SITE, defaultGenerator("flair")) });
      assert.ok(similarity(ours, theirs).share >= 0.99);
    }
    // Switching back.
    await choose(site, "t1ce");
    await site.page.waitForFunction(() => !location.hash.includes("model="));
    await site.page.waitForFunction(() => ["glioma", "meningioma", "pituitary"].includes(document.querySelector('[data-testid="scan"]')?.dataset.class));
    await site.settled(4);
  });

  studio("a link opens FLAIR, and no other weights are downloaded", { seed: 3, n: 2, model: "flair", class: "none" }, async (site) => {
    await classShown(site, "none");
    await site.settled(2);
    assert.deepEqual([...new Set(requested.filter((path) => path.endsWith(".safetensors")))], [defaultGenerator("flair")]);
  }, { fault: (path) => void requested.push(path) });
  const requested = [];

  studio("the story uses T1 after a visit to FLAIR", { seed: 3, n: 1, model: "flair" }, async (site) => {
    await site.settled(1);
    await site.page.evaluate(() => (location.hash = "#/?lang=en"));
    await site.at("story").waitFor();
    await site.page.waitForFunction(() => document.querySelector('[data-testid="story"] canvas.drawn, [data-testid="story"] canvas[data-class]'));
    assert.equal(await site.at("failure").count(), 0);
  });

  test("the game uses FLAIR scans on every level", () =>
    visitGame(browser, { game: 7, model: "flair" }, async (game) => {
      await game.started();
      await game.at("rival").check();
      const rounds = await game.playSingles(10, () => "real");
      assert.equal(rounds.filter(({ truth }) => truth === "real").length, 5);
      await game.at("result").waitFor();
      const known = new Set(rounds.map(({ picture }) => picture));
      for (const level of ["normal", "easy"]) {
        await game.at("game-level").locator(`[data-level="${level}"]`).click();
        await game.ready();
        const fakes = (await game.playSingles(10, () => "fake")).filter(({ truth }) => truth === "fake");
        assert.equal(fakes.length, 5);
        for (const { picture } of fakes) assert.ok(!known.has(picture), `${level}: other fakes`);
        for (const { picture } of fakes) known.add(picture);
      }
    }));

  test("without real FLAIR scans the game explains what is missing", () =>
    visitGame(browser, { model: "flair" }, async (game) => {
      await game.at("no-scans").waitFor();
      assert.match(await game.at("no-scans").innerText(), /FLAIR/);
      assert.equal(await game.at("play-other").count(), 0, "no scans of another model either");
      assert.ok(await game.at("play-tumour").isVisible());
    }, { fault: (path, response) => path.startsWith("scans/") && Boolean(response.writeHead(404).end("not here")) }));

  test("without real FLAIR scans the game offers the other model, own slices and the tumours", () =>
    visitGame(browser, { model: "flair" }, async (game) => {
      await game.at("no-scans").waitFor();
      await game.at("play-own").click();
      await game.page.waitForFunction(() => document.activeElement?.dataset.testid === "own-files");
      assert.ok(await game.at("own-files").isVisible());
      await game.at("play-tumour").click();
      await game.ready();
      assert.match(game.page.url(), /model=flair.*mode=tumour|mode=tumour.*model=flair/);
      await game.page.goBack();
      await game.at("play-other").click();
      await game.ready();
      await game.at("answer-real").waitFor();
      assert.ok(!game.page.url().includes("flair"));
    }, { fault: (path, response) => path === "scans/flair.pack" && Boolean(response.writeHead(404).end("not here")) }));

  test("a model that was used once works offline", () =>
    visit(browser, { seed: 5, n: 1, model: "flair" }, async (site, server) => {
      await site.settled(1);
      await site.page.waitForFunction(async (name) => {
        const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
        return (await Promise.all(caches.map((cache) => cache.match(name)))).some(Boolean);
      }, defaultGenerator("flair"), { timeout: TIMEOUT });
      await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: TIMEOUT });
      const before = await site.pictures();
      await site.page.context().setOffline(true);
      await server.close();
      await site.page.reload();
      await site.settled(1);
      assert.deepEqual(await site.pictures(), before);
    }, { serviceWorkers: "allow" }));

  test("the size can be changed, and the link keeps it", (t) =>
    visit(browser, { seed: 9, n: 1 }, async (site) => {
      if (sizes.t1ce.length < 2) return skipUnlessCi(t, "this site has one size");
      for (const size of sizes.t1ce) {
        await site.at("size").selectOption(String(size));
        await site.page.waitForFunction((size) => document.querySelector('[data-testid="scan"][data-seed]')?.width === size && location.hash.includes(`size=${size}`), size);
        await site.settled(1);
        const first = await site.pictures();
        await site.page.reload();
        await site.settled(1);
        assert.deepEqual(await site.pictures(), first);
      }
    }));

  test("a link can select FLAIR as the start of a training", () =>
    visit(browser, { model: "flair" }, async (site) => {
      await site.page.waitForFunction(() => document.querySelector('[data-testid="from-model"]')?.value === "flair");
    }, { view: "trainen" }));

  test("weights and cards name their licence", () => {
    for (const [model, licence] of [["t1ce", /^CC BY 4\.0$/], ["flair", /^CC BY-NC-SA 4\.0$/]]) {
      for (const size of sizes[model]) {
        for (const part of ["", ".discriminator"]) {
          const bytes = readFileSync(`${SITE}/weights/${model}-s${size}${part}.safetensors`);
          const card = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString("utf8")).__metadata__;
          assert.match(card.licence, licence);
          assert.ok(card.attribution);
        }
        assert.match(JSON.parse(readFileSync(`${SITE}/weights/${model}-s${size}.card.json`, "utf8")).licence, licence);
      }
    }
  });
});
