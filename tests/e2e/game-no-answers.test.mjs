// A result of no answers cannot be reached, whatever the visitor does instead of answering.
import assert from "node:assert/strict";
import { GamePage } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";

/** Notes every frame with a result, or a list of clues, of no answers. */
const watch = (page) => page.addInitScript(() => {
  window.empty = [];
  const look = () => {
    const result = document.querySelector('[data-testid="result"]');
    if (result && !(Number(result.dataset.count) > 0)) window.empty.push(`a result of ${result.dataset.count}`);
    if (result) window.answered = true;
    if (document.querySelector('[data-testid="clues"]') && !window.answered) window.empty.push("clues");
    const words = document.querySelector("main")?.innerText.match(/.*\b(0 out of 0|0 van de 0|0 answers|0 antwoorden)\b.*/);
    if (words) window.empty.push(words[0]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});

describeGame("a result without answers", (game) => {
  for (const [mode, lang] of [["single", "en"], ["pairs", "nl"], ["tumour", "en"]]) {
    game(`cannot be reached: ${mode}, ${lang}`, { game: 8, mode, lang }, async (player) => {
      const { page, at } = { page: player.page, at: (id) => player.at(id) };
      const none = async (what) => assert.deepEqual(await page.evaluate(() => window.empty), [], what);
      const atRound = (round) => page.waitForFunction((round) => document.querySelector('[data-testid="arena"][data-ready="true"]') && document.querySelector('[data-testid="round"]')?.dataset.round === round, String(round));
      /** Answers one round in any mode, and goes on. */
      const answer = async () => {
        if (mode === "tumour") await at("field").press("Enter");
        else await page.keyboard.press("ArrowLeft");
        await at("next").waitFor({ state: "visible" });
        await at("next").click();
      };
      await player.started();

      // Before the first answer: the keys that go on, the button to go on, a reload, and back and forward.
      for (const key of ["Enter", "Escape", " "]) await page.locator("body").press(key);
      await page.evaluate(() => document.querySelector('[data-testid="next"]').click());
      await atRound(1);
      await page.reload();
      await atRound(1);
      await page.locator('header a[href^="#/over"]').click();
      await page.locator(".about-view").waitFor();
      await page.goBack();
      await atRound(1);
      await page.goForward();
      await page.locator(".about-view").waitFor();
      await page.goBack();
      await atRound(1);
      await none("before the first answer");

      // After a result: another game, back to the result, forward to the game without answers, a reload of either.
      for (let round = 1; round <= 10; round++) await answer();
      await at("result").waitFor();
      assert.equal(await at("result").getAttribute("data-count"), "10");
      await at("new-game").click();
      await atRound(1);
      await page.goBack();
      await at("result").waitFor();
      assert.equal(await at("result").getAttribute("data-count"), "10");
      await page.goForward();
      await atRound(1);
      await page.reload();
      await atRound(1);
      await none("after a result");

      // The second half: left at once, and taken up.
      await page.goBack();
      await atRound(1);
      for (let round = 1; round <= 10; round++) await answer();
      await at("result").waitFor();
      if (await at("to-clues").count()) {
        await at("to-clues").click();
        if (await at("more-rounds").count()) await at("more-rounds").click();
        await atRound(11);
        await page.evaluate(() => document.querySelector('[data-testid="next"]').click());
        await page.locator('header a[href^="#/over"]').click();
        await page.locator(".about-view").waitFor();
        await page.goBack();
        await atRound(11);
        await page.reload();
        await atRound(1);
      }
      await none("in the second half");

      // Another mode in the middle of a result.
      await page.locator(`[data-testid="game-mode"] [data-mode="${mode === "single" ? "pairs" : "single"}"]`).click();
      await atRound(1);
      await page.goBack();
      await page.waitForFunction(() => document.querySelector('[data-testid="round"], [data-testid="result"]'));
      await none("between modes");
    }, { prepare: watch });
  }
});
