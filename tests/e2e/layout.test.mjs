// Every view fits the window: enlarged, with large letters, on a phone on its side, and on paper.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { visitGame } from "./support/game-page.mjs";
import { viewReady, VIEWS } from "./support/views.mjs";

/** Width by which the page is wider than the window. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("every view fits", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Opens each view and calls `check(page, name)`. */
  const views = (name, check, options) => {
    for (const view of Object.keys(VIEWS)) {
      const open = view === "game" ? visitGame : visit;
      test(`${view}: ${name}`, () =>
        open(browser, { lang: "nl", ...(view === "studio" ? { seed: 1, n: 4 } : {}) }, async (opened) => {
          const site = opened.site ?? opened;
          await viewReady(site, view);
          await check(site.page, view);
        }, { view: VIEWS[view], expectErrors: true, ...options }));
    }
  };

  views("opens at its top", async (page) => assert.equal(await page.evaluate(() => scrollY), 0));

  views("at 200 % zoom on a phone", async (page, view) => {
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
    await page.screenshot({ path: `${SCREENSHOTS}zoom-${view}.png` });
  }, { viewport: { width: 180, height: 370 } });

  views("with letters twice as large", async (page, view) => {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
    await page.screenshot({ path: `${SCREENSHOTS}large-letters-${view}.png` });
  }, { viewport: { width: 360, height: 740 } });

  views("on paper: nothing to press, and nothing sticks", async (page, view) => {
    await page.emulateMedia({ media: "print" });
    const left = await page.evaluate(() => ({
      pressed: [...document.querySelectorAll("main button:not(.card):not(.kind), main input, main select, nav")].filter((element) => element.checkVisibility()).length,
      sticky: [...document.querySelectorAll("body *")].filter((element) => ["sticky", "fixed"].includes(getComputedStyle(element).position) && element.checkVisibility()).length,
    }));
    assert.deepEqual(left, { pressed: 0, sticky: 0 });
    assert.ok((await page.locator("main").innerText()).length > 40, "text remains");
    await page.pdf({ path: `${SCREENSHOTS}print-${view}.pdf`, format: "A4" });
  });

  test("going from view to view, each opens at its top", () =>
    visitGame(browser, { lang: "nl" }, async ({ page, site }) => {
      await viewReady(site, "game");
      for (const view of ["training", "lab", "about", "story", "studio", "game"]) {
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        await page.locator("header nav a").nth(Object.keys(VIEWS).indexOf(view)).click();
        await page.locator("main h1").first().waitFor();
        await page.waitForFunction(() => scrollY === 0);
        // It stays there when the view has its content.
        await page.waitForTimeout(300);
        assert.equal(await page.evaluate(() => scrollY), 0, view);
      }
    }, { viewport: { width: 1366, height: 768 }, expectErrors: true }));
});
