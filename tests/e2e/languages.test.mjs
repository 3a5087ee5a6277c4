// Two languages that say the same: in their files, and on the screen.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, visit } from "./studio.mjs";
import { ready, states, VIEWS } from "./views.mjs";

const LOCALES = fileURLToPath(new URL("../../locales", import.meta.url));

/** Texts that are rightly the same in Dutch and English, once their values are out: names, and words that the languages share. */
const SAME = new Set(["FLAIR", "Volumes", "Stop", "Slow motion", 
  "hersenscan", "processor", "Contrast", "Download PNG", "Privacy", "Model", "Later", "score", "scan", "pixels", "Cheng brain tumor dataset",
]);

/** What the name of a text looks like. */
const KEY = new RegExp(`\\b(${readdirSync(`${LOCALES}/nl`).map((file) => file.replace(".json", "")).join("|")})\\.[a-z_]+\\b`);

/** All texts of a language: `file.key.key` -> text. */
function texts(language) {
  const found = new Map();
  const walk = (key, value) => {
    if (typeof value === "string") found.set(key, value);
    else for (const [name, inner] of Object.entries(value)) walk(`${key}.${name}`, inner);
  };
  for (const file of readdirSync(`${LOCALES}/${language}`)) walk(file.replace(/\.json$/, ""), JSON.parse(readFileSync(`${LOCALES}/${language}/${file}`, "utf8")));
  return found;
}

/** The words of a text, without its values. */
const bare = (text) => text.replace(/\{\w+\}/g, "").replace(/[^\p{L}-]+/gu, " ").trim();

/** The values and marks that a text waits for. */
const places = (text) => (text.match(/\{\w+\}|<\/?\w+\s*\/?>/g) ?? []).sort();

describe("the files of both languages", () => {
  const [nl, en] = ["nl", "en"].map(texts);

  test("have the same keys", () => {
    assert.ok(nl.size > 200, `${nl.size} texts`);
    assert.deepEqual([...nl.keys()].sort(), [...en.keys()].sort());
  });

  test("say something everywhere", () => {
    for (const all of [nl, en]) for (const [key, text] of all) assert.ok(text.trim() && text === text.trim(), `${key}: "${text}"`);
  });

  test("wait for the same values and hold the same marks", () => {
    for (const [key, text] of nl) assert.deepEqual(places(text), places(en.get(key)), key);
  });

  test("are translated", () => {
    const same = [...nl].filter(([key, text]) => text === en.get(key) && bare(text) && !SAME.has(bare(text)));
    assert.deepEqual(same, [], "the same in both languages; if rightly so, add it to the list in this test");
  });

  test("use the words of their own language", () => {
    // A word of the other language that slipped in. Names keep their own.
    const strangers = { nl: /\b(the|your|with|brain|fake|slice|tumour)\b/i, en: /\b(het|een|jouw|hersenen|nepscan|plak)\b/i };
    for (const [language, all] of [["nl", nl], ["en", en]]) {
      for (const [key, text] of all) {
        if (SAME.has(bare(text))) continue;
        assert.doesNotMatch(text.replace(/<set>.*?<\/set>|\{\w+\}/g, ""), strangers[language], `${language} ${key}`);
      }
    }
  });
});

describe("the languages on the screen", { timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  for (const [name, view] of Object.entries(VIEWS)) {
    for (const lang of ["nl", "en"]) {
      test(`${name} in ${lang}: no key, no open place, no mark is left`, () =>
        visit(browser, { lang, ...(name === "studio" && { n: 2, seed: 1 }) }, async (site) => {
          await ready(site, name);
          assert.equal(await site.page.locator("html").getAttribute("lang"), lang);
          for (const [state, reach] of await states(site, name)) {
            await reach(site);
            const shown = await site.page.evaluate(() => {
              const spoken = [...document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")].flatMap((element) => ["aria-label", "title", "alt", "placeholder"].map((name) => element.getAttribute(name) ?? ""));
              return [document.title, document.body.innerText, ...spoken].join("\n");
            });
            assert.doesNotMatch(shown, /[{}]|<\/?\w+>|undefined|NaN/, state);
            assert.doesNotMatch(shown, KEY, `${state}: the name of a text in place of the text`);
          }
        }, { view }));
    }
  }

  test("each view is named in the title, in its language", () =>
    visit(browser, {}, async ({ page }) => {
      const titles = new Set();
      for (const lang of ["nl", "en"]) {
        for (const view of Object.values(VIEWS)) {
          await page.evaluate((hash) => (location.hash = hash), `#/${view}?lang=${lang}`);
          await page.waitForFunction((lang) => document.documentElement.lang === lang, lang);
          await page.locator("main h1").first().waitFor();
          await page.waitForTimeout(100);
          titles.add(await page.title());
        }
      }
      assert.equal(titles.size, 2 * Object.keys(VIEWS).length, [...titles].join(" | "));
    }, { view: "over" }));

  test("the language is in the address, and a switch keeps the place", () =>
    visit(browser, { lang: "nl", deel: "privacy" }, async ({ page }) => {
      const heading = page.locator("#part-privacy");
      await heading.waitFor();
      const before = await heading.innerText();
      await page.getByTestId("language").click();
      await page.waitForSelector('html[lang="en"]');
      assert.match(page.url(), /#\/over\?.*lang=en/);
      assert.match(page.url(), /deel=privacy/);
      assert.notEqual(await heading.innerText(), before);
      await page.getByTestId("language").click();
      await page.waitForSelector('html[lang="nl"]');
      assert.equal(await heading.innerText(), before);
    }, { view: "over" }));

  test("numbers have a decimal comma in Dutch and a point in English", () =>
    visit(browser, { lang: "nl", n: 1 }, async (studio) => {
      await studio.settled(1);
      const speeds = {};
      for (const lang of ["nl", "en"]) {
        if (lang === "en") await studio.at("language").click();
        await studio.page.waitForSelector(`html[lang="${lang}"]`);
        // How fast it computes and how long the scan took are measured and may be whole; the sliders are not.
        speeds[lang] = await studio.page.evaluate(() => document.querySelector("main").innerText);
      }
      assert.doesNotMatch(speeds.nl, /\d\.\d(?!\d\d\b)/, "a decimal point in the Dutch text");
      assert.match(speeds.nl, /\d,\d/, "a decimal comma in the Dutch text");
      assert.doesNotMatch(speeds.en, /\d,\d(?!\d\d\b)/, "a decimal comma in the English text");
      assert.match(speeds.en, /\d\.\d/, "a decimal point in the English text");
    }));
});
