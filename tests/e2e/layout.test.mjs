// Every view fits the window: enlarged, with large letters, on a phone on its side, and on paper.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, SCREENSHOTS } from "./support/fixtures.mjs";
import { visitGame } from "./support/game-page.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { viewReady, VIEWS } from "./support/views.mjs";

/** Width by which the page is wider than the window. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Numbers that stand at the end of a line while their unit begins the next one. The table of technical words may break anywhere. */
function brokenUnits() {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode()); ) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest("pre, code")) continue;
    for (const match of node.data.matchAll(/\d[\d.,]*\s(?:%|(?:px|pixels?|ms|s|kB|MB|GB|KiB|MiB|GiB|mm)\b)/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) found.push(node.data.slice(Math.max(0, match.index - 30), match.index + 30));
    }
  }
  return found;
}

describe("every view fits", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** What is checked in each view, in one visit: window, and `check(page, view)`. */
  const CHECKS = {
    "opens at its top": [1280, 900, async (page) => assert.equal(await page.evaluate(() => scrollY), 0)],
    "at 200 % zoom on a phone": [180, 370, async (page, view) => {
      assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
      await page.screenshot({ path: `${SCREENSHOTS}zoom-${view}.png` });
    }],
    "no line breaks between a number and its unit": [360, 740, async (page) => {
      for (const width of [320, 360, 412, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        assert.deepEqual(await page.evaluate(brokenUnits), [], `${width} pixels wide`);
      }
    }],
    "boxes to tick keep their size beside long names": [320, 740, async (page) => {
      const small = await page.evaluate(() => [...document.querySelectorAll("main [type=checkbox], main [type=radio]")]
        .filter((box) => box.checkVisibility() && box.getBoundingClientRect().width < 24).map((box) => box.dataset.testid ?? box.id));
      assert.deepEqual(small, []);
    }],
    "with letters twice as large": [360, 740, async (page, view) => {
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      assert.ok((await overflow(page)) <= 0, `${await overflow(page)} pixels too wide`);
      await page.screenshot({ path: `${SCREENSHOTS}large-letters-${view}.png` });
      await page.evaluate(() => (document.documentElement.style.fontSize = ""));
    }],
    "on paper: nothing to press, and nothing sticks": [1280, 900, async (page, view) => {
      await page.emulateMedia({ media: "print" });
      const left = await page.evaluate(() => ({
        pressed: [...document.querySelectorAll("main button:not(.card):not(.kind), main input, main select, nav")].filter((element) => element.checkVisibility()).length,
        sticky: [...document.querySelectorAll("body *")].filter((element) => ["sticky", "fixed"].includes(getComputedStyle(element).position) && element.checkVisibility()).length,
      }));
      assert.deepEqual(left, { pressed: 0, sticky: 0 });
      assert.ok((await page.locator("main").innerText()).length > 40, "text remains");
      await page.pdf({ path: `${SCREENSHOTS}print-${view}.pdf`, format: "A4" });
    }],
  };

  for (const view of Object.keys(VIEWS)) {
    test(view, (t) =>
      // With drawn heads as real scans: a site with many of them shows more.
      visitGame(browser, { lang: "nl", ...(view === "studio" ? { seed: 1, n: 4 } : {}) }, async ({ site }) => {
        await viewReady(site, view);
        for (const [name, [width, height, check]] of Object.entries(CHECKS)) {
          await t.test(name, async () => {
            await site.page.setViewportSize({ width, height });
            await nextFrame(site.page);
            await check(site.page, view);
          });
        }
      }, { view: VIEWS[view], expectErrors: true }));
  }

  test("going from view to view, each opens at its top", () =>
    visitGame(browser, { lang: "nl" }, async ({ page, site }) => {
      await viewReady(site, "game");
      for (const view of ["training", "lab", "about", "story", "studio", "game"]) {
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        await page.locator("header nav a").nth(Object.keys(VIEWS).indexOf(view)).click();
        await page.locator("main h1").first().waitFor();
        await page.waitForFunction(() => scrollY === 0);
        // It stays there when the view has its content.
        await viewReady(site, view);
        await nextFrame(page);
        assert.equal(await page.evaluate(() => scrollY), 0, view);
      }
    }, { viewport: { width: 1366, height: 768 }, expectErrors: true }));
});
