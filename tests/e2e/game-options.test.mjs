// The modes and options of the game: pairs, the tumour, the clock and the levels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeGame } from "./support/game-tests.mjs";
import { skipUnlessCi } from "./support/skip.mjs";

describeGame("modes and options of the game", (game) => {
  game("two scans: exactly one is real, on the left as often as on the right", { game: 3, mode: "pairs" }, async (player) => {
    await player.started();
    const shown = new Set();
    let [left, right] = [0, 0];
    for (let round = 1; round <= 10; round++) {
      for (const picture of await player.pictures()) shown.add(picture);
      await player.page.keyboard.press("ArrowLeft");
      await player.at("next").waitFor({ state: "visible" });
      const words = await player.at("feedback").innerText();
      left += /left scan is real/.test(words);
      right += /right scan is real/.test(words);
      await player.at("next").click();
    }
    assert.deepEqual([left, right, shown.size], [5, 5, 20]);
    assert.equal(await player.at("result").getAttribute("data-right"), "5");
  });

  game("selecting a mode changes the game and the address", { game: 3 }, async (player) => {
    await player.started();
    for (const [mode, id] of [["pairs", "answer-left"], ["tumour", "field"], ["single", "answer-real"]]) {
      await player.at("game-mode").locator(`[data-mode="${mode}"]`).click();
      await player.started();
      await player.at(id).waitFor();
      assert.equal(await player.at("game-mode").locator(`[data-mode="${mode}"]`).getAttribute("aria-pressed"), "true");
    }
    await player.page.goBack();
    await player.at("field").waitFor();
    // Another language keeps the game.
    await player.started();
    const before = await player.pictures();
    await player.at("language").click();
    await player.page.waitForSelector('html[lang="nl"]');
    assert.deepEqual(await player.pictures(), before);
  });

  game("the tumour can be marked with the keyboard", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
    let hits = 0;
    for (let round = 1; round <= 10; round++) {
      await player.at("field").focus();
      const cross = () => player.page.locator(".cross").evaluate((cross) => [cross.style.left, cross.style.top]);
      assert.deepEqual(await cross(), ["50%", "50%"]);
      await player.page.keyboard.press("ArrowLeft");
      await player.page.keyboard.press("Shift+ArrowDown");
      assert.deepEqual(await cross(), ["43.75%", "51.5625%"], "a large step and a small one");
      assert.equal(await player.page.locator(".cross").evaluate((cross) => getComputedStyle(cross).opacity), "1", "the cursor is visible");
      const before = await player.pictures();
      await player.page.keyboard.press("Enter");
      await player.at("next").waitFor({ state: "visible" });
      const words = await player.at("feedback").innerText();
      hits += /You found it/.test(words);
      assert.match(words, /You found it|% of the picture’s width/);
      assert.notDeepEqual(await player.pictures(), before, "the outline is drawn");
      await player.page.keyboard.press("Enter");
    }
    assert.equal(await player.result("right"), `${hits} of 10`);
    assert.match(await player.result("distance"), /% of the picture/);
    await player.at("interval").waitFor();
  });

  game("a tap on the outlined tumour is a hit", { game: 4, mode: "tumour" }, async (player) => {
    await player.started();
    // Played twice: the first game shows where the tumour is.
    const outline = () => player.page.evaluate(() => {
      const canvas = document.querySelector('canvas[data-testid="scan"]');
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length / 4; at++) {
        if (data[4 * at] - data[4 * at + 2] > 200) return { x: ((at % canvas.width) + 0.5) / canvas.width, y: (Math.floor(at / canvas.width) + 0.5) / canvas.height };
      }
    });
    const tap = async ({ x, y }) => {
      const box = await player.at("field").boundingBox();
      await player.page.mouse.click(box.x + x * box.width, box.y + y * box.height);
      await player.at("next").waitFor({ state: "visible" });
      return player.at("feedback").innerText();
    };
    assert.match(await tap({ x: 0.01, y: 0.01 }), /% of the picture’s width/);
    const place = await outline();
    await player.page.reload();
    await player.started();
    assert.match(await tap(place), /You found it/);
  });

  game("the clock is optional, and an expired round counts as unanswered", { game: 6 }, async (player) => {
    await player.started();
    assert.equal(await player.at("clock").count(), 0);
    await player.at("timed").check();
    await player.at("clock").waitFor();
    await player.at("next").waitFor({ state: "visible" });
    assert.match(await player.at("feedback").innerText(), /Time is up/);
    assert.match(await player.at("trail").getAttribute("aria-label"), /0 right out of 1/);
  });

  game("an easier level takes its fakes from an earlier training stage", { game: 13 }, async (player, t) => {
    await player.started();
    if (!(await player.at("game-level").count())) return skipUnlessCi(t, "this site ships no earlier stages");
    const fakes = async () => {
      const rounds = await player.playSingles(10, () => "real");
      return new Set(rounds.filter(({ truth }) => truth === "fake").map(({ picture }) => picture));
    };
    const hard = await fakes();
    await player.at("game-level").locator('[data-level="easy"]').click();
    await player.ready();
    assert.match(player.page.url(), /level=easy/);
    for (const fake of await fakes()) assert.ok(!hard.has(fake), "other fakes");
  });

  game("a missing training stage: reported, and the game uses the final generator", { game: 13, level: "easy" }, async (player, t) => {
    await player.ready();
    const levels = await player.at("game-level").count();
    if (!levels && !(await player.page.getByText("did not arrive").count())) return skipUnlessCi(t, "this site ships no earlier stages");
    await player.page.getByText("did not arrive").waitFor();
    await player.at("answer-real").click();
    await player.truth();
  }, { fault: (path, response) => path.startsWith("weights/stages/") && Boolean(response.writeHead(404).end("not here")), expectErrors: true });
});
