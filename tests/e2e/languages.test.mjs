// Both languages have the same texts, in their files and on the screen.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, visit } from "./support/fixtures.mjs";
import { statesOf, viewReady, VIEWS } from "./support/views.mjs";

const LOCALES = fileURLToPath(new URL("../../locales", import.meta.url));

/** Texts that are correctly the same in Dutch and English, without their placeholders: names, and words of both languages. */
const SAME = new Set(["FLAIR", "Volumes", "Stop", "Slow motion", 
  "hersenscan", "processor", "Contrast", "Download PNG", "Privacy", "Model", "Later", "score", "scan", "pixels", "Cheng brain tumor dataset", "ms per scan", "ring",
]);

/** Matches the key of a text. */
const KEY = new RegExp(`\\b(${readdirSync(`${LOCALES}/nl`).map((file) => file.replace(".json", "")).join("|")})\\.[a-z_]+\\b`);

/** All texts of a language, as a map from `file.key.key` to text. */
function texts(language) {
  const found = new Map();
  const walk = (key, value) => {
    if (typeof value === "string") found.set(key, value);
    else for (const [name, inner] of Object.entries(value)) walk(`${key}.${name}`, inner);
  };
  for (const file of readdirSync(`${LOCALES}/${language}`)) walk(file.replace(/\.json$/, ""), JSON.parse(readFileSync(`${LOCALES}/${language}/${file}`, "utf8")));
  return found;
}

/** The words of a text, without placeholders and punctuation. */
const wordsOf = (text) => text.replace(/\{\w+\}/g, "").replace(/[^\p{L}-]+/gu, " ").trim();

/** The placeholders and tags of a text. */
const placeholders = (text) => (text.match(/\{\w+\}|<\/?\w+\s*\/?>/g) ?? []).sort();

describe("the text files of both languages", () => {
  const [nl, en] = ["nl", "en"].map(texts);

  test("have the same keys", () => {
    assert.ok(nl.size > 200, `${nl.size} texts`);
    assert.deepEqual([...nl.keys()].sort(), [...en.keys()].sort());
  });

  test("have no empty text", () => {
    for (const all of [nl, en]) for (const [key, text] of all) assert.ok(text.trim() && text === text.trim(), `${key}: "${text}"`);
  });

  test("have the same placeholders and tags", () => {
    for (const [key, text] of nl) assert.deepEqual(placeholders(text), placeholders(en.get(key)), key);
  });

  test("are translated", () => {
    const same = [...nl].filter(([key, text]) => text === en.get(key) && wordsOf(text) && !SAME.has(wordsOf(text)));
    assert.deepEqual(same, [], "equal in both languages; if that is correct, add the text to SAME");
  });

  test("contain no words of the other language", () => {
    // Names of data sets, in <set>, may contain any word.
    const foreign = { nl: /\b(the|your|with|brain|fake|slice|tumour)\b/i, en: /\b(het|een|jouw|hersenen|nepscan|plak)\b/i };
    for (const [language, all] of [["nl", nl], ["en", en]]) {
      for (const [key, text] of all) {
        if (SAME.has(wordsOf(text))) continue;
        assert.doesNotMatch(text.replace(/<set>.*?<\/set>|\{\w+\}/g, ""), foreign[language], `${language} ${key}`);
      }
    }
  });
});

describe("the languages on the screen", { timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  for (const [name, view] of Object.entries(VIEWS)) {
    test(`${name}: no key, placeholder or tag is visible`, () =>
      visit(browser, { lang: "nl", ...(name === "studio" && { n: 2, seed: 1 }) }, async (site) => {
        await viewReady(site, name);
        let order = ["nl", "en"];
        assert.equal(await site.page.locator("html").getAttribute("lang"), order[0]);
        for (const [state, reach] of await statesOf(site, name)) {
          await reach(site);
          for (const lang of order) {
            // Through the address, because a dialog can cover the button for the language.
            await site.page.evaluate((lang) => (location.hash = location.hash.replace(/lang=\w+/, `lang=${lang}`)), lang);
            await site.page.waitForSelector(`html[lang="${lang}"]`);
            const shown = await site.page.evaluate(() => {
              const attributes = [...document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")].flatMap((element) => ["aria-label", "title", "alt", "placeholder"].map((name) => element.getAttribute(name) ?? ""));
              // The code of a reader may hold any letters.
              return [document.title, document.body.innerText.replace(/hersenscan-study\S+/g, ""), ...attributes].join("\n");
            });
            assert.doesNotMatch(shown, /[{}]|<\/?\w+>|undefined|NaN/, `${state}, ${lang}`);
            assert.doesNotMatch(shown, KEY, `${state}, ${lang}: a key instead of its text`);
          }
          // The next state is reached in the language that is on the screen.
          order = order.toReversed();
        }
      }, { view }));
  }

  test("each view has a title of its own in each language", () =>
    visit(browser, {}, async ({ page }) => {
      const titles = new Set();
      for (const lang of ["nl", "en"]) {
        for (const view of Object.values(VIEWS)) {
          await page.evaluate((hash) => (location.hash = hash), `#/${view}?lang=${lang}`);
          await page.waitForFunction((lang) => document.documentElement.lang === lang, lang);
          await page.locator("main h1").first().waitFor();
          // The title changes after the view.
          await page.waitForFunction((known) => !known.includes(document.title), [...titles]);
          titles.add(await page.title());
        }
      }
      assert.equal(titles.size, 2 * Object.keys(VIEWS).length, [...titles].join(" | "));
    }, { view: "over" }));

  test("the language is in the address, and switching keeps the position", () =>
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
        // Measured times may be whole numbers. The values of the sliders are not.
        speeds[lang] = await studio.page.evaluate(() => document.querySelector("main").innerText);
      }
      assert.doesNotMatch(speeds.nl, /\d\.\d(?!\d\d\b)/, "a decimal point in the Dutch text");
      assert.match(speeds.nl, /\d,\d/, "a decimal comma in the Dutch text");
      assert.doesNotMatch(speeds.en, /\d,\d(?!\d\d\b)/, "a decimal comma in the English text");
      assert.match(speeds.en, /\d\.\d/, "a decimal point in the English text");
    }));
});
