// The element <hersen-scan> on a page of another site, which has a strict policy of its own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { headersFor } from "../../xtask/release/policy.mjs";
import { serve } from "./server.mjs";
import { foreignHost } from "./support/foreign-host.mjs";
import { launch, PREFIX, SCREENSHOTS, SITE, TIMEOUT } from "./support/fixtures.mjs";
import { PACKS } from "./support/game-page.mjs";

const fault = (path, response) => path in PACKS && Boolean(response.writeHead(200).end(PACKS[path]));

describe("in another site", { timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Opens a page of another host with this body. `origins` may embed the site; null stands for the host of the page. */
  async function article(body, check, origins = null) {
    // The headers name the page's host, which gets its port later.
    const headers = {};
    const site = await serve(SITE, { prefix: PREFIX, headers, fault });
    const host = await foreignHost(site.url, body(site.url));
    Object.assign(headers, headersFor(origins ?? [new URL(host.url).origin]));
    const context = await browser.newContext({ viewport: { width: 900, height: 800 }, serviceWorkers: "block" });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(TIMEOUT);
      const [errors, requests] = [[], []];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("request", (request) => request.url().startsWith(site.url) && requests.push(request.url().slice(site.url.length)));
      await page.addInitScript(() => {
        window.told = [];
        for (const type of ["ready", "answered", "result"]) addEventListener(type, ({ target, detail }) => window.told.push({ id: target.id, type, ...detail }), true);
      });
      await page.goto(host.url);
      await check({ page, requests, errors, site });
    } finally {
      await context.close();
      await Promise.all([site.close(), host.close()]);
    }
  }

  const frameOf = async (page, id) => (await page.waitForFunction((id) => document.getElementById(id)?.shadowRoot?.querySelector("iframe"), id)).asElement().contentFrame();
  const heightOf = (page, id) => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().height, id);
  const told = (page, type, count = 1) => page.waitForFunction(([type, count]) => {
    const found = window.told.filter((one) => one.type === type);
    return found.length >= count && found;
  }, [type, count]).then((found) => found.jsonValue());

  test("two on a page: a game with its events, and a studio that loads when it comes near", async () => {
    const body = () => `
      <h1>An article</h1><p id="before">Text of the article.</p>
      <hersen-scan id="first" view="game" game="123" mode="single" lang="en"></hersen-scan>
      ${"<br>".repeat(300)}<hersen-scan id="second" view="studio" lang="nl" seed="5" n="4" height="700"></hersen-scan>`;
    await article(body, async ({ page, requests, errors }) => {
      const looks = () => page.evaluate(() => JSON.stringify([...document.querySelectorAll("h1, #before, body")].map((one) => ({ ...getComputedStyle(one) })), (key, value) => (/height|block-?size|transform-?origin|perspective/i.test(key) ? undefined : value)));
      const before = await looks();

      const game = await frameOf(page, "first");
      await game.waitForSelector('[data-testid="arena"][data-ready="true"]');
      assert.equal(await game.locator(".head").isVisible(), false, "no header in the frame");
      const whole = await game.locator(".whole a").getAttribute("href");
      assert.match(whole, /^\.\/#\/spel\?.*game=123/);
      assert.deepEqual((await told(page, "ready"))[0], { id: "first", type: "ready", view: "spel" });

      // The second one is far below.
      assert.ok(!requests.some((path) => path.includes("studio")) && page.frames().length === 2, `${requests}`);
      assert.equal(await heightOf(page, "second"), 700);

      let right = 0;
      for (let round = 1; round <= 10; round++) {
        await game.getByTestId("answer-real").click();
        await game.getByTestId("next").waitFor({ state: "visible" });
        const answers = await told(page, "answered", round);
        assert.deepEqual(answers[round - 1], { id: "first", type: "answered", round, rounds: 10, right: answers[round - 1].right });
        right += answers[round - 1].right;
        await game.getByTestId("next").click();
      }
      assert.equal(right, 5, "five of ten are real");
      assert.equal(await game.getByTestId("result").getAttribute("data-right"), "5");
      assert.deepEqual(await told(page, "result"), [{ id: "first", type: "result", mode: "single", right: 5, rounds: 10 }]);

      // The frame is as high as its content, which grows and shrinks.
      const fits = () => page.waitForFunction(() => {
        const frame = document.getElementById("first").shadowRoot.querySelector("iframe");
        return Math.abs(frame.getBoundingClientRect().height - window.innerContent) <= 1;
      });
      for (const part of ["result", "clues"]) {
        if (part === "clues") await game.getByTestId("to-clues").click();
        await game.getByTestId(part).waitFor();
        const content = await game.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(Math.ceil(document.body.getBoundingClientRect().height))))));
        await page.evaluate((content) => (window.innerContent = content), content);
        await fits();
        assert.ok(content > 300, `${content}`);
      }
      await page.screenshot({ path: `${SCREENSHOTS}embed-clues.png` });

      await page.evaluate(() => document.getElementById("second").scrollIntoView());
      const studio = await frameOf(page, "second");
      await studio.locator('[data-testid="scan"][data-seed="8"]').waitFor();
      assert.equal(await studio.locator("html").getAttribute("lang"), "nl");
      assert.equal(await heightOf(page, "second"), 700, "a height of its own");
      assert.equal(await looks(), before, "the page looks as before");
      await page.screenshot({ path: `${SCREENSHOTS}embed-studio.png` });
      assert.deepEqual(errors, []);
    });
  });

  test("changed attributes change the view; a wrong one is an error that names the views", async () => {
    await article(() => '<hersen-scan id="only" view="about" lang="en"></hersen-scan><hersen-scan id="wrong" view="nothing"></hersen-scan>', async ({ page, errors }) => {
      const about = await frameOf(page, "only");
      await about.waitForSelector("main h1");
      await page.evaluate(() => document.getElementById("only").setAttribute("view", "lab"));
      await about.waitForURL(/#\/lab\?lang=en$/);
      await page.waitForFunction(() => window.told.some(({ view }) => view === "lab"));
      assert.ok(errors.some((text) => text.includes('no view "nothing". The views are: story')), `${errors}`);
    });
  });

  test("a plain frame works as well", async () => {
    await article((site) => `<iframe id="plain" width="600" height="900" src="${site}?embed=1#/spel?game=7&amp;lang=en"></iframe>`, async ({ page, errors }) => {
      const frame = await (await page.$("#plain")).contentFrame();
      await frame.waitForSelector('[data-testid="arena"][data-ready="true"]');
      assert.deepEqual(errors, []);
    });
  });

  test("a site that was not built for it is shown by no other site", async () => {
    await article(() => '<hersen-scan id="only"></hersen-scan>', async ({ page, errors }) => {
      // The script itself is of another origin, too.
      await page.waitForFunction(() => document.querySelector("script"));
      await page.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), await page.evaluate(() => new URL("../", document.querySelector("script").src).href));
      const refused = () => errors.some((text) => text.includes("frame-ancestors"));
      for (const end = Date.now() + TIMEOUT; !refused() && Date.now() < end; ) await new Promise((done) => setTimeout(done, 50));
      assert.ok(refused(), `${errors}`);
    }, []);
  });
});
