// Tests of the story, and what its canvases show.
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launch, SCREENSHOTS, TIMEOUT, visit } from "./fixtures.mjs";

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };

/** A `fault` that answers matching paths with 404. */
export function answerMissing(pattern) {
  return (path, response) => {
    if (!pattern.test(path)) return false;
    response.writeHead(404, { "content-type": "text/plain" }).end("not here");
    return true;
  };
}

/**
 * Describes tests of the story, in one browser. `define` gets `story(name, check, options)`, a test that opens the story on a
 * phone, waits for its first scan and calls `check({ page, at, t })`, and a function that returns the browser.
 */
export function describeStory(title, define) {
  describe(title, { timeout: 900_000 }, () => {
    let browser;
    before(async () => {
      browser = await launch();
      mkdirSync(SCREENSHOTS, { recursive: true });
    });
    after(() => browser?.close());
    const story = (name, check, { lang = "nl", ...options } = {}) =>
      test(name, (t) =>
        visit(browser, { lang }, async ({ page }) => {
          const at = (id) => page.getByTestId(id);
          await page.waitForSelector('[data-testid="story-hero"][data-state="done"]');
          await check({ page, at, t });
        }, { view: "", ...PHONE, ...options }));
    define(story, () => browser);
  });
}

/** Side and grey values of all canvases that have been drawn. */
export const pictures = (page, id) =>
  page.evaluate((id) =>
    [...document.querySelectorAll(`canvas.drawn[data-testid="${id}"]`)].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return { side: canvas.width, pixels: Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]) };
    }), id);

export const picture = async (page, id) => (await pictures(page, id))[0];

/** Waits until a canvas is drawn, and differs from `before` if given. Returns its picture. */
export const drawn = async (page, id, before) => {
  const deadline = Date.now() + TIMEOUT;
  for (;;) {
    const now = await picture(page, id);
    if (now && JSON.stringify(now) !== JSON.stringify(before)) return now;
    if (Date.now() > deadline) throw new Error(`${id} did not ${before ? "change" : "appear"}`);
    await page.waitForTimeout(50);
  }
};

export const contrast = ({ pixels }) => Math.max(...pixels) - Math.min(...pixels);

/** Pixels by which the page is too wide. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
