// The game on small and large screens.
import assert from "node:assert/strict";
import { SCREENSHOTS } from "./support/fixtures.mjs";
import { PHONE } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";
import { nextFrame } from "./support/site-page.mjs";

describeGame("the game on small and large screens", (game) => {
  game("on a phone, the scan and both answers are on the first screen", { lang: "nl" }, async (player, t) => {
    await player.started();
    t.diagnostic(`first scan after ${(await player.page.evaluate(() => performance.now())).toFixed(0)} ms`);
    for (const id of ["scan", "answer-real", "answer-fake"]) {
      const box = await player.at(id).boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, `${id} is on the first screen: ${JSON.stringify(box)}`);
    }
    for (const id of ["answer-real", "answer-fake"]) assert.ok((await player.at(id).boundingBox()).height >= 44);
    await player.page.screenshot({ path: `${SCREENSHOTS}game-phone.png` });
  }, { viewport: PHONE });

  for (const mode of ["single", "pairs", "tumour"]) {
    game(`${mode} fits viewports of 320, 360 and 1280 pixels`, { game: 8, mode }, async (player) => {
      await player.started();
      const over = () => player.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      for (const width of [320, 360, 1280]) {
        await player.page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
        await nextFrame(player.page);
        assert.ok((await over()) <= 0, `${width}, before the answer`);
        if (mode === "tumour") await player.at("field").click();
        else await player.page.keyboard.press("ArrowLeft");
        await player.at("next").waitFor({ state: "visible" });
        assert.ok((await over()) <= 0, `${width}, after the answer`);
        await player.page.screenshot({ path: `${SCREENSHOTS}game-${mode}-${width}.png`, fullPage: true });
        await player.at("next").click();
      }
    });
  }

  game("a new game begins in view", { game: 4 }, async (player) => {
    await player.started();
    await player.playSingles(10, () => "real");
    for (const mode of ["tumour", "pairs"]) {
      const button = player.page.locator(`[data-mode="${mode}"]`);
      await button.scrollIntoViewIfNeeded();
      await button.click();
      await player.ready();
      await player.page.waitForFunction(() => scrollY === 0);
      const box = await player.at("scan").first().boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= PHONE.height, JSON.stringify(box));
    }
  }, { viewport: PHONE });

  for (const mode of ["single", "pairs"]) {
    game(`${mode} on a laptop, and on a phone upright and on its side: nothing covers the advice, and scan and answers fit`, { game: 4, mode, lang: "nl" }, async (player) => {
      await player.started();
      for (const viewport of [{ width: 1366, height: 768 }, { width: 740, height: 360 }, PHONE]) {
        await player.page.setViewportSize(viewport);
        await player.page.evaluate(() => scrollTo(0, 0));
        await nextFrame(player.page);
        const inside = async (locator, name) => {
          const box = await locator.boundingBox();
          const fits = box.y >= 0 && box.y + box.height <= viewport.height + 0.5 && box.x >= 0 && box.x + box.width <= viewport.width + 0.5;
          assert.ok(fits, `${name} at ${viewport.width} x ${viewport.height}: ${JSON.stringify(box)}`);
        };
        for (let round = 1; round <= 3; round++) {
          await inside(player.at("scan").first(), "the scan");
          await inside(player.page.locator(".answers"), "the answers");
          await player.page.keyboard.press("ArrowLeft");
          await player.at("next").waitFor({ state: "visible" });
          await nextFrame(player.page);
          await inside(player.at("next"), "the button");
          // Nothing covers a line of the advice.
          const covered = await player.page.evaluate(() => {
            const feedback = document.querySelector('[data-testid="feedback"]');
            const range = document.createRange();
            range.selectNodeContents(feedback);
            return [...range.getClientRects()].filter(({ left, top, width, height }) => {
              const found = document.elementFromPoint(left + Math.min(4, width / 2), top + height / 2);
              // A round without advice has an empty line, without height.
              return width > 1 && height > 1 && top > 0 && !feedback.contains(found);
            }).length;
          });
          assert.equal(covered, 0, `${viewport.width} x ${viewport.height}, round ${round}`);
          if (round === 1) await player.page.screenshot({ path: `${SCREENSHOTS}game-answered-${mode}-${viewport.width}.png` });
          await player.at("next").click();
        }
      }
    });
  }
});
