// For everyone: what axe-core finds, and what it cannot see: focus, size, zoom, motion, forced colours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { launch, visit } from "./studio.mjs";
import { go, ready, states, VIEWS } from "./views.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
/** Language, colours and size: all together, and for what a view shows after its start each with each other. */
const ALL = ["nl", "en"].flatMap((lang) => ["light", "dark"].flatMap((colours) => [PHONE, DESK].map((size) => [lang, colours, size])));
const HALF = [["nl", "light", PHONE], ["en", "dark", PHONE], ["nl", "dark", DESK], ["en", "light", DESK]];
/** What a visitor can operate. */
const CONTROLS = 'a[href], button, input, select, textarea, summary, [role="button"], [tabindex]:not([tabindex="-1"])';

/** What axe-core finds serious or critical in what is on the screen. Injected as a debugger does, the page's policy stands. */
async function findings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, impact, help, nodes }) => `${id} (${impact}): ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.target.join(" ")}\n      ${node.failureSummary.replace(/\s+/g, " ")}`).join("\n")}`);
}

describe("for everyone", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  // Without motion nothing is caught in between. A test of its own sees to motion.
  const view = (name, what, check, options) =>
    test(`${name}: ${what}`, (t) =>
      visit(browser, name === "studio" ? { n: 4, seed: 1 } : {}, async (site) => {
        await ready(site, name);
        await check(site, t);
      }, { view: VIEWS[name], reducedMotion: "reduce", ...options }));

  for (const name of Object.keys(VIEWS)) {
    view(name, "axe-core finds nothing serious, in both languages, light and dark, narrow and wide", async (site, t) => {
      const { page } = site;
      const found = [];
      let runs = 0;
      for (const [state, reach] of await states(site, name)) {
        await reach(site);
        for (const [lang, colorScheme, size] of state ? HALF : ALL) {
          // The language is in the address, and a switch keeps the place; dialogs lie over the switch.
          await page.evaluate((lang) => (location.hash = location.hash.replace(/lang=\w+/, `lang=${lang}`)), lang);
          await page.waitForSelector(`html[lang="${lang}"]`);
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          await page.waitForTimeout(50);
          for (const finding of await findings(page)) found.push(`${state || "start"}, ${lang}, ${colorScheme}, ${size.width} px: ${finding}`);
          runs += 1;
        }
      }
      t.diagnostic(`${runs} runs of axe-core`);
      assert.equal(found.length, 0, found.join("\n"));
    });

    view(name, "has one main heading, skips no level of headings, and whatever can be pressed is 24 pixels or more", async ({ page }) => {
      const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])));
      assert.equal(levels.filter((level) => level === 1).length, 1);
      levels.forEach((level, at) => assert.ok(at === 0 || level <= levels[at - 1] + 1, `h${levels[at - 1]} is followed by h${level}`));
      for (const size of [PHONE, DESK]) {
        await page.setViewportSize(size);
        const small = await page.locator(CONTROLS).evaluateAll((all) =>
          all
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(".skip"))
            // A link within a sentence is as high as its line, which the guideline allows.
            .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline" && one.closest("p, li, dd, td")))
            .map((one) => ({ one, box: (one.closest("label") ?? one).getBoundingClientRect() }))
            .filter(({ box }) => box.width < 24 || box.height < 24)
            .map(({ one, box }) => `${one.outerHTML.slice(0, 100)}: ${box.width} x ${box.height}`));
        assert.deepEqual(small, [], `at ${size.width} px`);
      }
    });

    for (const size of [PHONE, DESK]) {
      view(name, `Tab reaches every control, shows where it is, and nothing lies over it, at ${size.width}`, async ({ page }, t) => {
        const missed = new Set(await page.locator(CONTROLS).evaluateAll((all) => {
          // Of a group of radio buttons, Tab reaches one.
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
              // The ring may be drawn by a label or a frame around the control.
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
          assert.ok(stop.shown, `no sign of focus on ${stop.name}`);
          assert.ok(stop.clear, `something lies over ${stop.name}`);
          missed.delete(stop.stop);
        }
        t.diagnostic(`${total} controls`);
        const left = await page.evaluate((missed) => missed.map((stop) => document.querySelector(`[data-stop="${stop}"]`)).filter((one) => one?.checkVisibility() && !one.disabled).map((one) => one.outerHTML.slice(0, 120)), [...missed]);
        assert.deepEqual(left, [], "Tab does not reach these");
      }, { viewport: size });
    }

    // 320 is a screen of 640 pixels at 200 % zoom.
    view(name, "fits 360 pixels, and 640 at 200 % zoom, without sideways scroll", async (site) => {
      for (const [state, reach] of await states(site, name)) {
        await reach(site);
        for (const lang of ["nl", "en"]) {
          await site.page.evaluate((lang) => (location.hash = location.hash.replace(/lang=\w+/, `lang=${lang}`)), lang);
          await site.page.waitForSelector(`html[lang="${lang}"]`);
          for (const width of [360, 320]) {
            await site.page.setViewportSize({ width, height: 640 });
            await site.page.waitForTimeout(50);
            const over = await site.page.evaluate(() => {
              const { scrollWidth, clientWidth } = document.documentElement;
              const wide = [...document.querySelectorAll("main *, header *, footer *")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1).slice(0, 3);
              return { pixels: scrollWidth - clientWidth, who: wide.map((one) => one.outerHTML.slice(0, 90)) };
            });
            assert.ok(over.pixels <= 0, `${state || "start"}, ${lang}, ${width} px: ${over.pixels} too wide: ${over.who.join(" | ")}`);
          }
        }
      }
    }, { viewport: PHONE });

    view(name, "nothing moves by itself for who asked for less motion", async ({ page }) => {
      await page.waitForTimeout(1000);
      const moving = await page.evaluate(() => document.getAnimations().filter((one) => one.playState === "running").map((one) => `${one.animationName ?? one.transitionProperty ?? one.id} on ${one.effect?.target?.className}`));
      assert.deepEqual(moving, []);
      // Nor anything drawn from a script: two pictures, some time apart, are the same.
      let [before, now] = [null, await page.screenshot()];
      for (let tries = 0; tries < 6 && !(before && now.equals(before)); tries++) {
        await page.waitForTimeout(1500);
        [before, now] = [now, await page.screenshot()];
      }
      assert.ok(now.equals(before), "the picture keeps changing");
    });

    view(name, "forced colours leave words and controls to be seen", async ({ page }) => {
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
      assert.deepEqual(lost, [], "words in the colour of what is behind them");
      const bare = await page.locator("button:enabled").evaluateAll((all) => all.filter((one) => one.checkVisibility()).filter((one) => {
        const style = getComputedStyle(one);
        return !one.innerText.trim() && !one.querySelector("svg, canvas, img") && style.borderStyle === "none";
      }).map((one) => one.outerHTML.slice(0, 100)));
      assert.deepEqual(bare, [], "buttons with nothing to see");
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, "none");
    }, { forcedColors: "active" });
  }

  test("the first Tab leads past the frame to the view, which then has the focus", () =>
    visit(browser, {}, async (site) => {
      await ready(site, "about");
      await site.page.keyboard.press("Tab");
      const skip = site.page.locator(".skip");
      assert.ok(await skip.evaluate((link) => link === document.activeElement));
      assert.ok((await skip.boundingBox()).y >= 0, "the link comes into sight");
      await site.page.keyboard.press("Enter");
      assert.equal(await site.page.evaluate(() => document.activeElement.id), "main");
      assert.match(site.page.url(), /#\/over/, "the place stays");
    }, { view: VIEWS.about }));

  test("another view starts at its top, with the focus on it and a title of its own", () =>
    visit(browser, {}, async (site) => {
      await ready(site, "about");
      const before = await site.page.title();
      await site.page.evaluate(() => scrollTo(0, 600));
      await go(site.page, "game", "en");
      await site.page.waitForFunction(() => document.activeElement?.id === "main" && scrollY === 0);
      assert.notEqual(await site.page.title(), before);
    }, { view: VIEWS.about }));
});
