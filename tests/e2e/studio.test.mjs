// The studio on the CPU, as on most first visits.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { readPng, sourceType, unzip } from "./support/decoders.mjs";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { similarity } from "./support/similarity.mjs";

describe("studio on the CPU", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const studio = (name, query, check, options) =>
    test(name, (t) => visit(browser, query, (studio) => check(studio, t), options));

  studio("shows scans without any action", {}, async (studio, t) => {
    await studio.page.waitForSelector('[data-testid="scan"][data-seed]');
    const first = await studio.page.evaluate(() => performance.now());
    t.diagnostic(`first scan after ${first.toFixed(0)} ms, with an empty cache`);
    await studio.settled();
    assert.equal(await studio.at("device-badge").getAttribute("data-device"), "cpu");
    for (const [index, picture] of (await studio.pictures()).entries()) {
      const spread = Math.max(...picture) - Math.min(...picture);
      assert.ok(spread > 50, `scan ${index} has contrast`);
    }
  });

  studio("the same address gives the same pixels", { seed: 42, n: 4 }, async (studio) => {
    await studio.settled(4);
    const one = await studio.scans();
    await studio.page.reload();
    await studio.settled(4);
    assert.deepEqual(await studio.scans(), one);
    assert.equal(one[0].seed, 42);
  });

  studio("another address gives other scans, and going back restores the first ones", { seed: 42, n: 2 }, async (studio) => {
    await studio.settled(2);
    const before = await studio.pictures();
    await studio.go({ seed: 77 });
    await studio.settled(2);
    assert.notDeepEqual(await studio.pictures(), before);
    await studio.page.goBack();
    await studio.settled(2);
    assert.deepEqual(await studio.pictures(), before);
  });

  studio("makes one scan, and 64", { seed: 5, n: 1 }, async (studio, t) => {
    await studio.settled(1);
    await studio.at("count").fill("64");
    await studio.at("count").press("Tab");
    await studio.at("generate").click();
    const start = Date.now();
    await studio.settled(64);
    t.diagnostic(`64 scans in ${Date.now() - start} ms`);
    const seeds = (await studio.scans()).map((scan) => scan.seed);
    assert.equal(new Set(seeds).size, 64);
  });

  studio("makes only scans of the selected class", { seed: 9, n: 6 }, async (studio) => {
    await studio.settled(6);
    await studio.at("class").selectOption("meningioma");
    await studio.at("generate").click();
    await studio.page.waitForFunction(() => location.hash.includes("class=meningioma"));
    await studio.settled(6);
    const kinds = (await studio.scans()).map((scan) => scan.kind);
    assert.deepEqual(new Set(kinds), new Set(["meningioma"]));
  });

  studio("the overlay can be switched on and off", { seed: 3, n: 4 }, async (studio) => {
    await studio.settled(4);
    const plain = await studio.scans();
    await studio.at("overlay").click();
    await studio.settled(4);
    const drawn = await studio.scans();
    assert.notDeepEqual(drawn, plain, "at least one of four scans shows the outline of a tumour");
    await studio.at("overlay").click();
    await studio.settled(4);
    assert.deepEqual(await studio.scans(), plain);
  });

  studio("speaks Dutch and English", { seed: 3, n: 1 }, async (studio) => {
    await studio.settled(1);
    const html = studio.page.locator("html");
    const before = await studio.at("generate").innerText();
    assert.equal(await html.getAttribute("lang"), "en");
    await studio.at("language").click();
    await studio.page.waitForSelector('html[lang="nl"]');
    assert.notEqual(await studio.at("generate").innerText(), before);
    await studio.settled(1);
    assert.equal((await studio.scans())[0].seed, 3, "the scans do not change");
  });

  studio("the ZIP has a manifest with the origin of its scans", { seed: 11, n: 3 }, async (studio) => {
    await studio.settled(3);
    const pictures = await studio.pictures();
    const { name, bytes } = await studio.download(() => studio.at("download-zip").click());
    assert.match(name, /\.zip$/);
    const files = unzip(bytes);
    const manifest = JSON.parse(files.get("manifest.json").toString("utf8"));
    assert.match(JSON.stringify(manifest), /"synthetic":\s*true/);
    const pngs = [...files].filter(([path]) => path.endsWith(".png"));
    assert.equal(pngs.length, 6, "an image and a mask for each scan");
    const text = JSON.stringify(manifest);
    for (const [path, content] of pngs) {
      assert.ok(text.includes(createHash("sha256").update(content).digest("hex")), `the manifest has the hash of ${path}`);
    }
    const found = pngs.map(([path, content]) => ({ path, png: readPng(content) }));
    for (const picture of pictures) {
      assert.ok(found.some(({ png }) => png.channels === 1 && png.pixels.equals(picture)), "the ZIP contains the scans on the screen");
    }
    for (const { path, png } of found) {
      assert.match(JSON.stringify(png.text), /synthetic/i, `the text of ${path} says that it is synthetic`);
      assert.equal(sourceType(png), "trainedAlgorithmicMedia", path);
    }
    const values = (path) => new Set(readPng(files.get(path)).pixels);
    for (const { mask } of manifest.scans) for (const value of values(mask)) assert.ok(value === 0 || value === 255, `${mask} is binary`);
    assert.deepEqual([manifest.masks.kind, manifest.masks.threshold, manifest.size], ["binary", 128, found[0].png.width]);
    assert.match(manifest.reproduce.commands[0], /^hersenscan sample --weights t1ce-s\d+\.safetensors --n 3 --seed 11 --truncation 0\.8 --out scans$/);
    assert.match(manifest.reproduce.link, /#\/studio\?.*seed=11/);
    const rows = files.get("samples.csv").toString("utf8").trim().split("\r\n").map((row) => row.split(";"));
    assert.deepEqual(rows[0], ["file", "mask", "class", "seed", "tumour_pixels"]);
    assert.deepEqual(rows.slice(1).map(([file, mask, kind, seed]) => [file, mask, kind, Number(seed)]), manifest.scans.map((scan) => [scan.file, scan.mask, scan.class, scan.seed]));
    // Descriptions for archives and for machine learning.
    const crate = JSON.parse(files.get("ro-crate-metadata.json").toString("utf8"))["@graph"];
    const parts = crate.find((entity) => entity["@id"] === "./").hasPart.map((part) => part["@id"]);
    assert.deepEqual([...parts, "ro-crate-metadata.json"].sort(), [...files.keys()].sort());
    const croissant = JSON.parse(files.get("croissant.json").toString("utf8"));
    assert.equal(croissant.distribution[0].sha256, createHash("sha256").update(files.get("manifest.json")).digest("hex"));
    assert.equal(croissant.url, manifest.reproduce.link);
    // Soft masks only on request.
    await studio.at("soft-masks").first().check();
    const soft = unzip((await studio.download(() => studio.at("download-zip").click())).bytes);
    assert.equal(JSON.parse(soft.get("manifest.json").toString("utf8")).masks.kind, "soft");
    const levels = new Set(manifest.scans.flatMap(({ mask }) => [...readPng(soft.get(mask)).pixels]));
    assert.ok(levels.size > 2, "soft edges");
  });

  studio("a data set: classes in parts, progress, and a stop that keeps what is there", { seed: 40, n: 1, size: 64 }, async (studio) => {
    await studio.settled(1);
    await studio.at("dataset").locator("summary").click();
    const counts = studio.at("dataset-count");
    await counts.nth(0).fill("70");
    await counts.nth(1).fill("0");
    await counts.nth(2).fill("2");
    assert.match(await studio.at("dataset-status").innerText(), /72 scans/);
    const { name, bytes } = await studio.download(() => studio.at("dataset-make").click());
    assert.match(name, /n-72\.zip$/);
    const files = unzip(bytes);
    const manifest = JSON.parse(files.get("manifest.json").toString("utf8"));
    assert.deepEqual([manifest.scans.length, files.size], [72, 2 * 72 + 4]);
    assert.equal(new Set(manifest.scans.map(({ seed }) => seed)).size, 72);
    assert.equal(manifest.scans.filter((scan) => scan.class === "glioma").length, 70);
    assert.deepEqual(manifest.reproduce.commands.map((command) => command.match(/--n (\d+) --seed (\d+)/).slice(1).map(Number)), [[70, 40], [2, 110]]);
    // Out of range: a word, and no button.
    await counts.nth(0).fill("5000");
    assert.match(await studio.at("dataset-status").innerText(), /between 1 and 5000/);
    assert.ok(await studio.at("dataset-make").isDisabled());
    // Stopping saves what was made.
    await counts.nth(0).fill("2000");
    await studio.at("dataset-make").click();
    await studio.page.waitForFunction(() => Number(document.querySelector('[data-testid="dataset"] progress')?.value) >= 3);
    const stopped = unzip((await studio.download(() => studio.at("dataset-stop").click())).bytes);
    const made = JSON.parse(stopped.get("manifest.json").toString("utf8")).scans.length;
    assert.ok(made >= 3 && made < 2002, `${made}`);
    assert.equal(await studio.page.locator('[data-testid="dataset"] progress').count(), 0);
  });

  studio("a wrong seed or number gets a word", { seed: 5, n: 1 }, async (studio) => {
    await studio.settled(1);
    await studio.at("seed").fill("-3");
    assert.match(await studio.page.locator("#seed-problem").innerText(), /whole number from 0/);
    await studio.at("generate").click();
    assert.match(studio.page.url(), /seed=5/, "nothing is made from it");
    await studio.at("seed").fill("6");
    assert.equal(await studio.page.locator("#seed-problem").innerText(), "");
    for (const wrong of ["5000", "0", "-3", "1.5"]) {
      await studio.at("count").fill(wrong);
      assert.match(await studio.at("count-problem").innerText(), /1 to 64/, wrong);
    }
    await studio.at("count").fill("2");
    assert.equal(await studio.at("count-problem").innerText(), "");
  });

  studio("one scan can be saved as a PNG", { seed: 21, n: 2 }, async (studio) => {
    await studio.settled(2);
    const [, second] = await studio.pictures();
    await studio.at("scan").nth(1).click();
    const { name, bytes } = await studio.download(() => studio.at("download-png").click());
    const png = readPng(bytes);
    assert.match(name, /\.png$/);
    assert.ok(png.pixels.equals(second));
    assert.equal(sourceType(png), "trainedAlgorithmicMedia");
    assert.match(JSON.stringify(png.text), /synthetic/i);
    await studio.page.keyboard.press("Escape");
    await studio.at("detail").waitFor({ state: "hidden" });
  });

  studio("morphs from one scan to another", { seed: 30, n: 2 }, async (studio) => {
    await studio.settled(2);
    const shown = () => studio.page.evaluate(() => document.querySelector('[data-testid="morph-scan"]')?.toDataURL());
    await studio.at("morph-scrub").focus();
    let last = await shown();
    const seen = new Set([last]);
    for (const key of ["End", "Home", "ArrowRight", "ArrowRight"]) {
      await studio.page.keyboard.press(key);
      await studio.page.waitForFunction(() => document.querySelector('[data-testid="status"]').dataset.state === "idle");
      await studio.page.waitForFunction((before) => document.querySelector('[data-testid="morph-scan"]').toDataURL() !== before, last);
      last = await shown();
      seen.add(last);
    }
    assert.ok(seen.size >= 3, "positions along the way look different");
  });

  studio("truncation 0 gives the average head for every seed", { seed: 1, n: 2, trunc: 0, class: "glioma" }, async (studio) => {
    await studio.settled(2);
    const [one, two] = await studio.pictures();
    assert.ok(similarity([one], [two]).share > 0.99);
    await studio.go({ trunc: 1 });
    await studio.settled(2);
    const [three, four] = await studio.pictures();
    assert.ok(similarity([three], [four]).share < 0.9);
  });

  studio("the history restores earlier scans", { seed: 50, n: 2 }, async (studio) => {
    await studio.settled(2);
    const first = await studio.pictures();
    await studio.at("new-seed").click();
    await studio.settled(2);
    await studio.at("history").getByRole("button").last().click();
    await studio.settled(2);
    assert.deepEqual(await studio.pictures(), first);
  });

  studio("works with the keyboard only", { seed: 8, n: 1 }, async (studio) => {
    await studio.settled(1);
    const before = (await studio.scans())[0].seed;
    const reached = () => studio.at("generate").evaluate((button) => button === document.activeElement);
    for (let presses = 0; presses < 60 && !(await reached()); presses++) await studio.page.keyboard.press("Tab");
    assert.ok(await reached(), "Tab reaches the button");
    await studio.page.keyboard.press("Enter");
    await studio.page.waitForFunction((seed) => Number(document.querySelector('[data-testid="scan"]').dataset.seed) !== seed, before);
    await studio.settled(1);
  });

  for (const width of [320, 360, 1280]) {
    studio(`fits a viewport of ${width} pixels`, { seed: 1, n: 12 }, async (studio) => {
      await studio.settled(12);
      const over = await studio.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
      await studio.page.screenshot({ path: `${SCREENSHOTS}studio-${width}.png`, fullPage: true });
    }, { viewport: { width, height: width < 600 ? 780 : 900 } });
  }

  studio("gives the same pixels as the native program", { seed: 100, n: 8, trunc: 0.8 }, async (studio, t) => {
    if (!hasNativeProgram(t)) return;
    await studio.settled(8);
    const { share, worst } = similarity(await studio.pictures(), await sampleNatively({ seed: 100, n: 8, truncation: 0.8 }));
    t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, largest difference ${worst}`);
    assert.ok(share >= 0.99);
  });
});
