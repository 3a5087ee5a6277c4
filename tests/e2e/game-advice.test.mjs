// Advice in the game: none twice, and marked in the picture.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { GamePage, PHONE } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";
import { skipUnlessCi } from "./support/skip.mjs";

describeGame("advice in the game", (game, browser) => {
  for (const size of [64, 128]) {
    test(`a whole game with the site's own scans at ${size} pixels on a phone: no advice twice`, (t) =>
      visit(browser(), { game: 4, size }, async (site) => {
        const player = new GamePage(site);
        await site.page.waitForSelector('[data-testid="arena"][data-ready="true"], [data-testid="no-scans"]');
        if (await player.at("no-scans").isVisible()) return skipUnlessCi(t, "this site ships no real scans");
        const count = async () => Number((await player.at("round").innerText()).match(/of (\d+)/)[1]);
        const rounds = await player.playSingles(await count(), () => "real");
        assert.equal(rounds.filter(({ truth }) => truth === "real").length, rounds.length / 2);
        await player.at("result").waitFor();
        assert.equal(await player.at("review-scan").count(), rounds.length);
        if (await player.at("to-clues").count()) {
          await player.at("to-clues").click();
          await player.at("more-rounds").click();
          rounds.push(...(await player.playSingles(rounds.length, () => "real")));
        }
        assert.equal(new Set(rounds.map(({ picture }) => picture)).size, rounds.length, "no scan twice");
        // The second paragraph. The numbers of a clue may differ; its other words name the feature and the direction.
        const advice = rounds.map(({ feedback }) => feedback.split(/\n+/)[1]?.replace(/\d+/g, "#")).filter(Boolean);
        t.diagnostic(`${rounds.length} rounds, ${advice.length} with advice`);
        assert.ok(advice.length > 0, "some advice");
        assert.equal(new Set(advice).size, advice.length, advice.join("\n"));
        await site.page.screenshot({ path: `${SCREENSHOTS}game-own-pack-${size}.png` });
      }, { view: "spel", viewport: PHONE }));
  }

  game("an advice appears only once and is marked in the picture, and the scans come again at the end", { game: 4 }, async (player) => {
    await player.started();
    const rings = () => player.page.locator(".arena .clue-marks ellipse:not(.halo)");
    const [truths, seen] = [[], []];
    for (let round = 1; round <= 10; round++) {
      assert.equal(await rings().count(), 0, "nothing is marked before the answer");
      await player.at("answer-real").click();
      truths.push(await player.truth());
      const advice = await player.at("feedback").locator("p").nth(1).innerText();
      assert.equal((await rings().count()) > 0, advice.length > 0, `round ${round}: ${advice}`);
      // The numbers of a clue may differ. Its other words name the feature and the direction.
      if (advice) seen.push(advice.replace(/\d+/g, "#"));
      if (round === 1) await player.page.screenshot({ path: `${SCREENSHOTS}game-marked.png` });
      await player.at("next").click();
    }
    assert.ok(seen.length > 0, "some advice");
    assert.equal(new Set(seen).size, seen.length, `${seen}`);
    const captions = await player.at("review").locator("figcaption").allInnerTexts();
    assert.deepEqual(captions, truths.map((truth) => (truth === "real" ? "Real" : "Fake")));
    const answers = await player.at("review").locator("li > p").allInnerTexts();
    assert.deepEqual(answers.map((answer) => answer.includes("✓")), truths.map((truth) => truth === "real"));
    assert.equal(new Set(await player.pictures("review-scan")).size, 10);
  });
});
