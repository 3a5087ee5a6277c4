// The real scans of the game: the site's own, the visitor's, few, none, or damaged.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePng, headFiles } from "./support/drawn-heads.mjs";
import { dropPaths } from "./support/drop.mjs";
import { SCREENSHOTS } from "./support/fixtures.mjs";
import { servePack, withoutScans } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { SITE } from "./support/settings.mjs";
import { generator } from "./support/weights-files.mjs";

/** Words of each advice, by the name of what it is about. */
const ADVICE = {
  "Left and right": /left half|left and right/i,
  "The folds": /folds/,
  "The blood vessels": /blood vessels/,
  "The edge of the head": /edge of the head/,
  "The grain": /grain/,
};

describeGame("real scans of the game", (game) => {
  game("without real scans: explained, and the tumour mode works", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /no real scans/i);
    await player.at("play-tumour").click();
    await player.started();
    await player.at("field").click();
    await player.at("next").waitFor({ state: "visible" });
    assert.equal(await player.truth(), "fake");
  }, { fault: withoutScans });

  game("without real scans: the visitor's slices can replace them, and be removed", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    const files = await player.page.evaluate(() => Array.from({ length: 6 }, (_, index) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [200, 240];
      const context = canvas.getContext("2d");
      context.fillStyle = "#777";
      context.ellipse(100, 120, 70 + index, 90, 0, 0, 7);
      context.fill();
      context.fillStyle = "#eee";
      context.fillRect(60 + 10 * index, 100, 20, 20);
      return canvas.toDataURL("image/png").split(",")[1];
    }));
    const upload = (list) => player.at("own-files").setInputFiles(list.map((base64, index) => ({ name: `${index}.png`, mimeType: "image/png", buffer: Buffer.from(base64, "base64") })));
    await upload(files.slice(0, 1));
    await player.page.waitForFunction(() => document.querySelector('[data-testid="own-status"]').innerText.includes("1 picture could be read"));
    await upload([...files, Buffer.from("not a picture").toString("base64")]);
    await player.ready();
    assert.match(await player.at("own-status").innerText(), /in the game: 6\. Left out: 1/);
    assert.match(await player.at("seed-hint").innerText(), /Nobody else can open it/);
    const rounds = await player.playSingles(6, () => "real");
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 3);
    await player.at("to-clues").click();
    // Numbers that tell these drawings from generated scans are measured here, and no advice is about them.
    const leftOut = await player.at("clues-left-out").textContent();
    const told = Object.keys(ADVICE).filter((name) => leftOut.includes(name));
    assert.ok(told.length >= 2, leftOut);
    await player.at("more-rounds").click();
    rounds.push(...(await player.playSingles(6, () => "real")));
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 6);
    assert.equal(new Set(rounds.map(({ picture }) => picture)).size, 12);
    for (const name of told) for (const { feedback } of rounds) assert.doesNotMatch(feedback, ADVICE[name], `${name} tells the kinds apart`);
    assert.deepEqual(await player.page.evaluate(() => ({ ...localStorage })), {});
    await player.at("own-remove").click();
    await player.at("no-scans").waitFor();
  }, { fault: withoutScans });

  game("the visitor's slices with a table of classes: the discriminator plays along", { game: 12, size: 64 }, async (player) => {
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    const heads = headFiles(10);
    const types = ["glioma", "meningioma", "pituitary"];
    const rows = heads.map(({ name }, index) => `${name};;${types[index % 3]};${index};0`);
    const table = { name: "samples.csv", mimeType: "text/csv", buffer: Buffer.from(["file;mask;class;seed;tumour_pixels", ...rows, ""].join("\r\n")) };
    await player.at("own-files").setInputFiles(heads);
    await player.ready();
    assert.ok(await player.at("rival").isDisabled(), "without the table nobody knows the classes");
    await player.at("own-files").setInputFiles([...heads, table]);
    await player.page.locator('[data-testid="rival"]:enabled').waitFor();
    await player.ready();
    await player.at("rival").check();
    await player.at("answer-real").click();
    await player.page.locator(".rival-said", { hasText: "said:" }).waitFor();
  }, { fault: withoutScans });

  game("an empty folder among the visitor's slices gets a word", { game: 12 }, async (player) => {
    await player.started();
    await player.page.locator(".own > summary").click();
    const folder = mkdtempSync(join(tmpdir(), "hersenscan-empty-"));
    await dropPaths(player.page, player.page.locator("#own-hint"), [folder]);
    await player.page.waitForFunction(() => document.querySelector('[data-testid="own-empty"]').textContent.includes("no files in it"));
    assert.equal(await player.at("own-remove").count(), 0, "the game keeps its scans");
    rmSync(folder, { recursive: true });
  });

  game("few real scans: a short demo that repeats nobody", { game: 12 }, async (player) => {
    await player.started();
    assert.match(await player.at("demo").innerText(), /9 real scans of 2 people/);
    assert.match(await player.at("round").innerText(), /1 of 4/);
    const rounds = await player.playSingles(4, () => "real");
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 2);
    await player.at("result").waitFor();
    assert.equal(await player.at("to-clues").count(), 0, "no second half");
    assert.match(await player.at("no-second-half").innerText(), /no clues and no second half.* 4 people.* of 2\./);
    assert.equal(await player.at("review-scan").count(), 4);
  }, { fault: servePack({ count: 9, perPatient: 5 }) });

  game("four people are enough for clues with examples and a second half, without one scan twice", { game: 12, size: 64 }, async (player, t) => {
    if (!hasNativeProgram(t)) return;
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    assert.match(await player.at("own-text").innerText(), /of 4 people or more .* clues and a second half/);
    const [text, field] = [await player.at("own-text").boundingBox(), await player.at("own-files").boundingBox()];
    assert.ok(field.x + field.width <= text.x + text.width + 1, "the field is no wider than its column");
    // Made by the generator of the game, so no number tells the kinds apart. The game has no others, so those of its first half
    // are the examples.
    const scans = await sampleNatively({ seed: 9000, n: 4, truncation: 1, weights: join(SITE, generator("t1ce", -1)) });
    await player.at("own-files").setInputFiles(scans.map((pixels, at) => ({ name: `${at}.png`, mimeType: "image/png", buffer: encodePng(pixels, 64) })));
    await player.ready();
    assert.match(await player.at("round").innerText(), /1 of 4/);
    const rounds = await player.playSingles(4, () => "real");
    assert.equal(await player.at("no-second-half").count(), 0);
    await player.at("to-clues").click();
    await player.page.waitForFunction(() => [...document.querySelectorAll(".clue")].some((clue) => clue.querySelectorAll('[data-testid="example"]').length === 2));
    await player.page.screenshot({ path: `${SCREENSHOTS}game-clues-four.png`, fullPage: true });
    await player.at("more-rounds").click();
    rounds.push(...(await player.playSingles(4, () => "real")));
    assert.equal(rounds.filter(({ truth }) => truth === "real").length, 4);
    assert.equal(new Set(rounds.map(({ picture }) => picture)).size, 8);
  }, { fault: withoutScans });

  game("three slices are a game without a second half, and the page says how many are needed", { game: 12, size: 64 }, async (player) => {
    await player.at("no-scans").waitFor();
    await player.page.locator(".own > summary").click();
    await player.at("own-files").setInputFiles(headFiles(3));
    await player.ready();
    await player.playSingles(6, () => "real");
    assert.match(await player.at("no-second-half").innerText(), /no clues and no second half.* 4 (people|slices)/);
  }, { fault: withoutScans });

  let repaired = false;
  game("a damaged pack: reported, and downloaded again", { game: 12 }, async (player) => {
    await player.at("no-scans").waitFor();
    assert.match(await player.at("no-scans").innerText(), /did not arrive/);
    repaired = true;
    await player.at("retry-scans").click();
    await player.ready();
  }, { fault: (path, response) => !repaired && path.startsWith("scans/") && Boolean(response.writeHead(200).end("HSPACK01 and then nothing")) });
});
