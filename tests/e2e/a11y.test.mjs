// Accessibility: axe-core, and what it does not check: focus, target size, zoom, motion, forced colours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { launch, visit } from "./support/fixtures.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { goTo, statesOf, viewReady, VIEWS } from "./support/views.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
/** Half of the combinations of language, colour scheme and size, in which every pair of two settings occurs. */
const PAIRS = [["nl", "light", PHONE], ["en", "dark", PHONE], ["nl", "dark", DESKTOP], ["en", "light", DESKTOP]];
/** Two combinations, in which every setting occurs. */
const EACH = [["nl", "light", PHONE], ["en", "dark", DESKTOP]];
/** Everything that a visitor can operate. */
const CONTROLS = 'a[href], button, input, select, textarea, summary, [role="button"], [tabindex]:not([tabindex="-1"])';

/** Serious and critical violations on the screen. axe-core is injected through the debugger, so the content policy stays in force. */
async function findings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.target.join(" ")}\n      ${node.failureSummary.replace(/\s+/g, " ")}`).join("\n")}`);
}

/** By how many pixels the page is wider than the window, and which elements stick out. */
const tooWide = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.querySelectorAll("main *, header *, footer *")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1).slice(0, 3);
  return { pixels: scrollWidth - clientWidth, who: wide.map((one) => one.outerHTML.slice(0, 90)) };
});

describe("accessibility", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  // With reduced motion no check happens in the middle of a transition. A separate test covers motion.
  const view = (name, what, check, options) =>
    test(`${name}: ${what}`, (t) =>
      visit(browser, name === "studio" ? { n: 4, seed: 1 } : {}, async (site) => {
        await viewReady(site, name);
        await check(site, t);
      }, { view: VIEWS[name], reducedMotion: "reduce", ...options }));

  for (const name of Object.keys(VIEWS)) {
    view(name, "in every state, axe-core finds no serious violations, and nothing is wider than a phone", async (site, t) => {
      const { page } = site;
      const found = [];
      let runs = 0;
      for (const [state, reach] of await statesOf(site, name)) {
        await reach(site);
        // The start of a view has most of its parts.
        for (const [lang, colorScheme, size] of state ? EACH : PAIRS) {
          // Through the address, because a dialog can cover the button for the language.
          await page.evaluate((lang) => (location.hash = location.hash.replace(/lang=\w+/, `lang=${lang}`)), lang);
          await page.waitForSelector(`html[lang="${lang}"]`);
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          await nextFrame(page);
          for (const finding of await findings(page)) found.push(`${state || "start"}, ${lang}, ${colorScheme}, ${size.width} px: ${finding}`);
          runs += 1;
        }
        for (const lang of ["nl", "en"]) {
          await page.evaluate((lang) => (location.hash = location.hash.replace(/lang=\w+/, `lang=${lang}`)), lang);
          await page.waitForSelector(`html[lang="${lang}"]`);
          // 320 pixels are a viewport of 640 at 200 % zoom.
          for (const width of [360, 320]) {
            await page.setViewportSize({ width, height: 640 });
            await nextFrame(page);
            const over = await tooWide(page);
            assert.ok(over.pixels <= 0, `${state || "start"}, ${lang}, ${width} px: ${over.pixels} too wide: ${over.who.join(" | ")}`);
          }
        }
      }
      t.diagnostic(`${runs} runs of axe-core`);
      assert.equal(found.length, 0, found.join("\n"));
    });

    view(name, "at its start", async ({ page }, t) => {
      await t.test("with reduced motion nothing moves by itself", async () => {
        const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.playState === "running").map((one) => `${one.animationName ?? one.transitionProperty ?? one.id} on ${one.effect?.target?.className}`));
        assert.deepEqual(moving, []);
        // Canvases do not move either: two screenshots, 1.5 s apart, are equal. The test needs a fixed wait, because nothing
        // may happen. Content that still loads may change the first screenshots.
        let [before, now] = [null, await page.screenshot()];
        for (let tries = 0; tries < 6 && !(before && now.equals(before)); tries++) {
          await page.waitForTimeout(1500);
          [before, now] = [now, await page.screenshot()];
        }
        assert.ok(now.equals(before), "the page keeps changing");
      });

      await t.test("has one main heading, skips no heading level, and all targets are at least 24 pixels", async () => {
        const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])));
        assert.equal(levels.filter((level) => level === 1).length, 1);
        levels.forEach((level, at) => assert.ok(at === 0 || level <= levels[at - 1] + 1, `h${levels[at - 1]} is followed by h${level}`));
        for (const size of [PHONE, DESKTOP]) {
          await page.setViewportSize(size);
          const small = await page.locator(CONTROLS).evaluateAll((all) =>
            all
              .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(".skip"))
              // The guideline (WCAG 2.5.8) allows links within a sentence to be as high as their line.
              .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline" && one.closest("p, li, dd, td")))
              .map((one) => ({ one, box: (one.closest("label") ?? one).getBoundingClientRect() }))
              .filter(({ box }) => box.width < 24 || box.height < 24)
              .map(({ one, box }) => `${one.outerHTML.slice(0, 100)}: ${box.width} x ${box.height}`));
          assert.deepEqual(small, [], `at ${size.width} px`);
        }
      });

      await t.test("with forced colours, text and controls stay visible", async () => {
        await page.emulateMedia({ forcedColors: "active" });
        const lost = await page.locator("h1, h2, p, label, button, a[href]").evaluateAll((all) => {
          const ground = (one) => {
            for (let at = one; at; at = at.parentElement) {
              const { backgroundColor } = getComputedStyle(at);
              if (!/rgba\(.*, 0\)|transparent/.test(backgroundColor)) return backgroundColor;
            }
            return "rgb(255, 255, 255)";
          };
          return all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.innerText?.trim()).filter((one) => getComputedStyle(one).color === ground(one)).map((one) => one.outerHTML.slice(0, 100));
        });
        assert.deepEqual(lost, [], "text in the colour of its background");
        const bare = await page.locator("button:enabled").evaluateAll((all) => all.filter((one) => one.checkVisibility()).filter((one) => {
          const style = getComputedStyle(one);
          return !one.innerText.trim() && !one.querySelector("svg, canvas, img") && style.borderStyle === "none";
        }).map((one) => one.outerHTML.slice(0, 100)));
        assert.deepEqual(bare, [], "invisible buttons");
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(outline, "none");
        await page.emulateMedia({ forcedColors: "none" });
      });

      for (const size of [PHONE, DESKTOP]) {
        await t.test(`Tab reaches every control, the focus is visible and not covered, at ${size.width} pixels`, async (t) => {
          await page.setViewportSize(size);
          await page.evaluate(() => document.activeElement?.blur());
          const missed = new Set(await page.locator(CONTROLS).evaluateAll((all) => {
            // Tab reaches only one of a group of radio buttons.
            const within = all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== "radio" && one.tabIndex >= 0);
            return within.map((one, index) => (one.dataset.stop = `${index}`));
          }));
          const total = missed.size;
          for (let presses = 0; presses < 2 * total + 20; presses++) {
            await page.keyboard.press("Tab");
            const stop = await page.evaluate(() => {
              const one = document.activeElement;
              if (!one || one === document.body) return null;
              const look = () => {
                // A label or a frame around the control may draw the focus ring.
                return [one, one.parentElement, one.closest("label")].filter(Boolean).map((element) => {
                  const style = getComputedStyle(element);
                  return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecorationLine].join();
                }).join(";");
              };
              const on = look();
              const box = one.getBoundingClientRect();
              const spots = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
              const clear = spots.some((spot) => spot && (one.contains(spot) || spot.contains(one) || spot.closest("label")?.contains(one)) && spot !== document.documentElement && spot !== document.body);
              one.blur();
              const off = look();
              one.focus();
              return { name: one.outerHTML.slice(0, 120), stop: one.dataset.stop, shown: on !== off, clear };
            });
            if (!stop) continue;
            assert.ok(stop.shown, `the focus is not visible on ${stop.name}`);
            assert.ok(stop.clear, `something covers ${stop.name}`);
            missed.delete(stop.stop);
          }
          t.diagnostic(`${total} controls`);
          const left = await page.evaluate((missed) => missed.map((stop) => document.querySelector(`[data-stop="${stop}"]`)).filter((one) => one?.checkVisibility() && !one.disabled).map((one) => one.outerHTML.slice(0, 120)), [...missed]);
          assert.deepEqual(left, [], "not reached by Tab");
        });
      }
    });
  }

  test("the first Tab stop is a link that moves the focus past the header to the view", () =>
    visit(browser, {}, async (site) => {
      await viewReady(site, "about");
      await site.page.keyboard.press("Tab");
      const skip = site.page.locator(".skip");
      assert.ok(await skip.evaluate((link) => link === document.activeElement));
      assert.ok((await skip.boundingBox()).y >= 0, "the link becomes visible");
      await site.page.keyboard.press("Enter");
      assert.equal(await site.page.evaluate(() => document.activeElement.id), "main");
      assert.match(site.page.url(), /#\/over/, "the view stays");
    }, { view: VIEWS.about }));

  test("a new view starts at its top, with the focus on it and a title of its own", () =>
    visit(browser, {}, async (site) => {
      await viewReady(site, "about");
      const before = await site.page.title();
      await site.page.evaluate(() => scrollTo(0, 600));
      await goTo(site.page, "game", "en");
      await site.page.waitForFunction(() => document.activeElement?.id === "main" && scrollY === 0);
      assert.notEqual(await site.page.title(), before);
    }, { view: VIEWS.about }));
});
