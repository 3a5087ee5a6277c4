// Two kinds of MRI picture, and two sizes where there are two: chosen by hand, held by a link, and the same pixels everywhere.
import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { unzip } from "./files.mjs";
import { play } from "./game.mjs";
import { native, nativeReady } from "./native.mjs";
import { sizesOf, usual } from "./sites.mjs";
import { launch, likeness, PATIENCE, SITE, visit } from "./studio.mjs";

const sizes = { t1ce: sizesOf("t1ce"), flair: sizesOf("flair") };
const choose = (site, model) => site.page.locator(`[data-testid="model"][data-model="${model}"]`).click();
const kind = (site, name) => site.page.waitForFunction((name) => document.querySelector('[data-testid="scan"]')?.dataset.class === name, name, { timeout: PATIENCE });

describe("the models", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const studio = (name, query, check, options) => test(name, (t) => visit(browser, query, (site, server) => check(site, t, server), options));

  studio("the studio goes over to FLAIR, and draws what the native program draws", { seed: 100, n: 4, trunc: 0.8, class: "glioma" }, async (site, t) => {
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
    if (nativeReady(t)) {
      const ours = await site.pictures();
      const theirs = await native({ seed: 100, n: 4, truncation: 0.8, weights: join(SITE, usual("flair")) });
      assert.ok(likeness(ours, theirs).share >= 0.99);
    }
    // Back is back: the same scans as before.
    await choose(site, "t1ce");
    await site.page.waitForFunction(() => !location.hash.includes("model="));
    await site.page.waitForFunction(() => ["glioma", "meningioma", "pituitary"].includes(document.querySelector('[data-testid="scan"]')?.dataset.class));
    await site.settled(4);
  });

  studio("a link opens FLAIR, and no other weights are fetched", { seed: 3, n: 2, model: "flair", class: "none" }, async (site) => {
    await kind(site, "none");
    await site.settled(2);
    assert.deepEqual([...new Set(asked.filter((path) => path.endsWith(".safetensors")))], [usual("flair")]);
  }, { fault: (path) => void asked.push(path) });
  const asked = [];

  studio("the story stays with T1 after a visit to FLAIR", { seed: 3, n: 1, model: "flair" }, async (site) => {
    await site.settled(1);
    await site.page.evaluate(() => (location.hash = "#/?lang=en"));
    await site.at("story").waitFor();
    await site.page.waitForFunction(() => document.querySelector('[data-testid="story"] canvas.drawn, [data-testid="story"] canvas[data-class]'));
    assert.equal(await site.at("failure").count(), 0);
  });

  test("the game deals FLAIR from its own real scans, on every level", () =>
    play(browser, { game: 7, model: "flair" }, async (player) => {
      await player.dealt();
      await player.at("rival").check();
      const seen = await player.singles(10, () => "real");
      assert.equal(seen.filter(({ truth }) => truth === "real").length, 5);
      await player.at("result").waitFor();
      const known = new Set(seen.map(({ picture }) => picture));
      for (const level of ["normal", "easy"]) {
        await player.at("game-level").locator(`[data-level="${level}"]`).click();
        await player.healed();
        const fakes = (await player.singles(10, () => "fake")).filter(({ truth }) => truth === "fake");
        assert.equal(fakes.length, 5);
        for (const { picture } of fakes) assert.ok(!known.has(picture), `${level}: other fakes`);
        for (const { picture } of fakes) known.add(picture);
      }
    }));

  test("without real FLAIR scans the game says what is missing", () =>
    play(browser, { model: "flair" }, async (player) => {
      await player.at("no-scans").waitFor();
      assert.match(await player.at("no-scans").innerText(), /FLAIR/);
      await player.at("no-scans").locator("summary").first().click();
      assert.match(await player.at("no-scans").innerText(), /cargo xtask scans --from DIR/);
    }, { fault: (path, response) => path.startsWith("scans/") && Boolean(response.writeHead(404).end("not here")) }));

  test("what was used once works without a network", () =>
    visit(browser, { seed: 5, n: 1, model: "flair" }, async (site, server) => {
      await site.settled(1);
      await site.page.waitForFunction(async (name) => {
        const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
        return (await Promise.all(caches.map((cache) => cache.match(name)))).some(Boolean);
      }, usual("flair"), { timeout: PATIENCE });
      await site.page.waitForSelector('html[data-offline="ready"]', { state: "attached", timeout: PATIENCE });
      const before = await site.pictures();
      await site.page.context().setOffline(true);
      await server.close();
      await site.page.reload();
      await site.settled(1);
      assert.deepEqual(await site.pictures(), before);
    }, { serviceWorkers: "allow" }));

  test("a visitor can change the size, and a link holds it", { skip: sizes.t1ce.length < 2 && "this site has one size" }, () =>
    visit(browser, { seed: 9, n: 1 }, async (site) => {
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

  test("a training starts from FLAIR where a link says so", () =>
    visit(browser, { model: "flair" }, async (site) => {
      await site.page.waitForFunction(() => document.querySelector('[data-testid="from-model"]')?.value === "flair");
    }, { view: "trainen" }));

  test("weights and cards name the licence under which they may be used", () => {
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
