// The story on a phone and on a desktop, with the keyboard, and with reduced motion.
import assert from "node:assert/strict";
import { SCREENSHOTS } from "./support/fixtures.mjs";
import { nextFrame } from "./support/site-page.mjs";
import { contrast, describeStory, DESKTOP, overflow, PHONE, picture } from "./support/story-page.mjs";

describeStory("the story on a phone and on a desktop", (story) => {
  for (const [width, size] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    for (const lang of ["nl", "en"]) {
      story(`opens with a generated scan, says that this is about AI, and links to the game: ${width}, ${lang}`, async ({ page, at, t }) => {
        t.diagnostic(`first scan complete after ${(await page.evaluate(() => performance.now())).toFixed(0)} ms`);
        const scan = await picture(page, "story-hero-scan");
        assert.equal(scan.side, 64);
        assert.ok(contrast(scan) > 50, "the scan has contrast");
        const ai = page.locator(".hero-ai");
        assert.match(await ai.innerText(), /AI/);
        for (const part of [ai, at("story-hero-scan"), at("story-play")]) {
          const box = await part.boundingBox();
          assert.ok(box.y >= 0 && box.y + box.height <= size.viewport.height, `on the first screen: ${JSON.stringify(box)}`);
        }
        assert.match(await at("story-play").getAttribute("href"), /^#\/spel/);
        for (const part of ["slice", "scarce", "diagram", "layers", "stages", "verdict", "between", "evidence", "ending"]) {
          await at(part).scrollIntoViewIfNeeded();
          const words = (await at(part).locator("h2").innerText()).trim();
          assert.ok(words.length > 3, `${part} has a heading`);
          const cut = await at(part).locator(".sheet").evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => `${one.className}: ${one.scrollHeight - one.clientHeight} px`));
          assert.deepEqual(cut, [], "no card cuts off its content");
        }
        assert.ok((await overflow(page)) <= 0, "no horizontal scroll");
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: `${SCREENSHOTS}story-${width}-${lang}.png` });
        await at("story-play").click();
        await page.waitForFunction(() => location.hash.startsWith("#/spel"));
      }, { lang, ...size });
    }
  }

  story("with reduced motion nothing moves by itself", async ({ page, at }) => {
    assert.equal(await at("diagram-state").getAttribute("data-playing"), "false");
    for (const part of ["slice", "diagram", "layers", "stages", "verdict", "between"]) {
      await at(part).scrollIntoViewIfNeeded();
      await nextFrame(page);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `nothing moves at ${part}`);
    }
    await at("diagram-pause").click();
    assert.equal(await at("diagram-state").getAttribute("data-playing"), "true", "it can be started");
  }, { reducedMotion: "reduce" });

  story("Tab reaches every control, in order", async ({ page, at }) => {
    // Controls appear when their part has been computed.
    for (const part of ["slice", "diagram", "layers", "stages", "verdict", "between"]) await at(part).scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-testid="verdict-ruling"][data-says]');
    await at("diagram-pause").click();
    await page.evaluate(() => {
      scrollTo(0, 0);
      document.getElementById("main").focus();
    });
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll("main a[href], main button, main input")];
      const visible = all.filter((element) => !element.disabled && element.checkVisibility());
      visible.forEach((element, index) => (element.dataset.order = String(index)));
      return visible.length;
    });
    assert.ok(wanted > 40, `${wanted} controls`);
    const seen = [];
    for (let press = 0; press < wanted; press++) {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        return { order: Number(element.dataset.order ?? -1), ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
      }));
    }
    assert.deepEqual(seen.map(({ order }) => order), seen.map((_, index) => index));
    assert.ok(seen.every(({ ring }) => ring), "every focus is visible");
  }, { ...DESKTOP });
});
