// The address of the game: a link gives the same game everywhere, and back and forward work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visitGame } from "./support/game-page.mjs";
import { describeGame } from "./support/game-tests.mjs";

describeGame("the address of the game", (game, browser) => {
  game("the same address gives the same game, another seed another game", { game: 21 }, async (player) => {
    const pictures = async () => {
      await player.started();
      const found = [];
      for (let round = 0; round < 3; round++) {
        found.push(...(await player.pictures()));
        await player.at("answer-real").click();
        await player.at("next").click();
      }
      return found;
    };
    const first = await pictures();
    await player.page.reload();
    assert.deepEqual(await pictures(), first);
    await player.page.evaluate(() => (location.hash = "#/spel?lang=en&game=22"));
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]').dataset.round === "1");
    assert.notDeepEqual(await pictures(), first);
    await player.at("new-game").click();
    await player.page.waitForFunction(() => !location.hash.includes("game=22"));
    // A link can name its game before the fragment.
    const { origin, pathname } = new URL(player.page.url());
    await player.page.goto(`${origin}${pathname}?game=21&lang=en#/spel`);
    assert.deepEqual(await pictures(), first);
    assert.match(player.page.url(), /\?lang=en#\/spel\?.*game=21/);
  });

  test("a class link gives the same game on a small and on a large device, from either place of the address", async () => {
    /** The scans of three rounds on a device with this many cores, for a link such as `?game=22#/spel`. */
    const scans = async (cores, link) => {
      const found = [];
      const prepare = (page) => page.addInitScript((cores) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => cores }), cores);
      await visitGame(browser(), {}, async (player) => {
        const { origin, pathname } = new URL(player.page.url());
        await player.page.goto("about:blank");
        await player.page.goto(`${origin}${pathname}${link}`);
        await player.started();
        for (let round = 1; round <= 3; round++) {
          found.push(...(await player.pictures()));
          await player.page.keyboard.press("ArrowLeft");
          await player.at("next").click();
        }
        found.push(new URL(player.page.url()).hash.replace(/lang=\w+&?/, ""));
      }, { prepare });
      return found;
    };
    for (const links of [
      ["?game=22", "#/spel?game=22"],
      ["?game=22&size=128&level=easy#/spel", "#/spel?game=22&size=128&level=easy"],
      ["?game=22&model=flair&mode=pairs#/spel", "#/spel?game=22&model=flair&mode=pairs"],
    ]) {
      const [before, after] = links;
      const small = await scans(2, before);
      assert.equal(small.length, before.includes("pairs") ? 7 : 4);
      const [pixels, address] = [small.slice(0, -1), small.at(-1)];
      const large = await scans(16, after);
      assert.deepEqual(large.slice(0, -1), pixels, `${before} and ${after}`);
      for (const link of [address, large.at(-1)]) assert.match(link, before.includes("128") ? /size=128/ : /size=64/);
    }
  });

  game("back and forward keep the round", { game: 7 }, async (player) => {
    await player.started();
    await player.playSingles(3, () => "real");
    const [fourth] = await player.pictures();
    // Another view, and another game.
    await player.page.locator('header a[href^="#/over"]').click();
    await player.page.locator(".about-view").waitFor();
    await player.page.goBack();
    await player.ready();
    assert.equal(await player.round(), 4);
    assert.deepEqual(await player.pictures(), [fourth]);
    await player.at("new-game").click();
    await player.ready();
    assert.equal(await player.round(), 1);
    await player.page.goBack();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "4");
    await player.page.goForward();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "1");
    // The button of a game starts it again.
    await player.page.goBack();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "4");
    await player.page.locator('[data-mode="single"]').click();
    await player.page.waitForFunction(() => document.querySelector('[data-testid="round"]')?.dataset.round === "1");
  });
});
