// A reader study: two folders become a study, two readers read it, one from a file, and their codes are joined.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { checkEmptyFolders } from "./support/drop.mjs";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { codes, decodeSheet, encodeSheet, giveFolders, makeStudy } from "./support/study-page.mjs";

/** Has the page save a file, and returns its bytes. */
async function saved(site, id) {
  const [download] = await Promise.all([site.page.waitForEvent("download"), site.at(id).click()]);
  return readFile(await download.path());
}

/** Reads all cases: `answer(place)` is 0 or 1 and how sure. Uses the keys or the buttons. Returns the code. */
async function read(site, cases, answer, keys) {
  const { page } = site;
  await site.at("study-start").click();
  for (let place = 0; place < cases; place++) {
    await page.locator(`[data-testid="study-round"][data-place="${place}"]`).waitFor();
    if (await site.at("study-go-on").isVisible()) {
      assert.equal(await page.locator('.study-examples [data-testid="study-picture"]').count(), 8);
      assert.equal(place, cases / 2, "the examples come halfway");
      await site.at("study-go-on").click();
    }
    const [choice, sure] = answer(place);
    if (keys) await page.keyboard.press(choice ? "ArrowRight" : "ArrowLeft");
    else await site.at(choice ? "study-second" : "study-first").click();
    await site.at("study-sure-1").waitFor();
    if (keys) await page.keyboard.press(String(sure));
    else await site.at(`study-sure-${sure}`).click();
  }
  return (await site.at("study-code").textContent()).trim();
}

/** The area under the ROC curve of signed confidence. */
function auc(sheet) {
  const scores = sheet.answers.map(([said, sure], at) => [sheet.key[at] === "1", said ? sure : -sure]);
  const [yes, no] = [true, false].map((kind) => scores.filter(([truth]) => truth === kind).map(([, score]) => score));
  return yes.flatMap((a) => no.map((b) => (a > b) + (a === b) / 2)).reduce((sum, one) => sum + one, 0) / (yes.length * no.length);
}

describe("a reader study", { timeout: 120_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  test("two folders, two readers, one table", () =>
    visit(browser, {}, async (site) => {
      const { page } = site;
      await giveFolders(site, 7);
      await site.at("study-clues").check();
      await site.at("study-cases").selectOption("8");
      await site.at("study-make").click();
      assert.match(await site.at("study-problem").textContent(), /There are 7 real pictures, but this study needs 8/);
      await giveFolders(site, 12);
      const mark = await makeStudy(site, { cases: 8, clues: true });
      assert.equal((await saved(site, "study-list")).toString().split("\r\n").length, 10);
      const file = await saved(site, "study-save");
      const first = await read(site, 8, (place) => [[1, 1, 0, 1, 0, 0, 1, 1][place], 1 + (place % 5)], true);
      assert.ok((await saved(site, "study-answers")).toString().trim() === first);
      await site.at("study-add").click();

      // The second reader opens the file of the study.
      await site.at("study-open").setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") });
      await page.waitForFunction(() => document.querySelector('[data-testid="study-status"]').textContent.includes("not a reader study"));
      await site.at("study-open").setInputFiles({ name: "a.hersenscan", mimeType: "application/octet-stream", buffer: file });
      await page.locator(`[data-testid="study-status"][data-study="${mark}"]`).waitFor();
      assert.equal(await site.at("study-list").count(), 0, "the file holds no names");
      await site.at("study-reader").selectOption("2");
      const second = await read(site, 8, (place) => [[0, 0, 1, 0, 1, 1, 1, 0][place], 5 - (place % 5)], false);
      await site.at("study-back").click();
      await site.at("study-files").setInputFiles({ name: "reader-2.txt", mimeType: "text/plain", buffer: Buffer.from(`${second}\n`) });
      await page.locator('[data-testid="study-results"][data-readers="2"][data-current="true"]').waitFor();

      const sheets = [first, second].map(decodeSheet);
      assert.deepEqual(sheets.map(({ study, reader }) => [study, reader]), [[mark, 1], [mark, 2]]);
      assert.equal(sheets[0].key, sheets[1].key);
      assert.equal([...sheets[0].key].filter((digit) => digit === "1").length, 4);
      const row = (name) => page.locator(`[data-measure="${name}"] td`).allTextContents();
      const right = (sheet) => sheet.answers.filter(([said], at) => said === (sheet.key[at] === "1")).length / 8;
      for (const [name, measure] of [["Accuracy", right], ["Auc", auc]]) {
        const shown = (await row(name)).slice(1).map((text) => Number(text.split(" ")[0]));
        // Two decimals are shown.
        sheets.forEach((sheet, index) => assert.ok(Math.abs(shown[index] - measure(sheet)) < 0.0051, `${name}: ${shown[index]} is not ${measure(sheet)}`));
        assert.notEqual(shown[0], shown[1], `${name} of two readers`);
      }
      const csv = (await saved(site, "study-csv")).toString().trim().split("\r\n");
      assert.equal(csv.length, 1 + 16);
      assert.match(await site.at("study-methods").textContent(), new RegExp(`2 of 2 planned readers.*seed 1, study ${mark}`));
      await page.screenshot({ path: `${SCREENSHOTS}study-results.png`, fullPage: true });
    }, { view: "studie" }));

  test("pairs with a time limit: a late answer and the cases after a stop are left out", () =>
    visit(browser, {}, async (site) => {
      await giveFolders(site, 12);
      await makeStudy(site, { cases: 8, pairs: true, seconds: 3, confidence: 0 });
      await site.at("study-start").click();
      assert.equal(await site.page.locator('.cards.two [data-testid="study-picture"]').count(), 2);
      // The first case passes by itself.
      for (let place = 1; place < 6; place++) {
        await site.page.locator(`[data-testid="study-round"][data-place="${place}"]`).waitFor();
        await site.page.keyboard.press("ArrowLeft");
      }
      await site.page.locator('[data-testid="study-round"][data-place="6"]').waitFor();
      await site.at("study-stop").click();
      await site.at("study-add").click();
      assert.match(await site.at("study-partial").textContent(), /Reader 1 answered 5 of 8 cases. Too late: 1. Not reached: 2/);
      const shown = await site.page.locator("[data-measure]").evaluateAll((rows) => rows.map((row) => row.dataset.measure));
      assert.deepEqual(shown, ["Accuracy", "Hits", "FalseAlarms", "DPrime", "Criterion"], "no AUC without a scale");
      const csv = (await saved(site, "study-csv")).toString().trim().split("\r\n").slice(1).map((row) => row.split(","));
      assert.deepEqual(csv.map((row) => row[6]), ["late", "left", "left", "left", "left", "left"]);
    }, { view: "studie" }));

  for (const [lang, words] of [["nl", /nog geen uitslag/], ["en", /no results yet/]]) {
    test(`on paper a study without results says so: ${lang}`, () =>
      visit(browser, { lang }, async (site) => {
        await site.at("study-codes").waitFor();
        assert.equal(await site.at("study-no-results").isVisible(), false, "not on the screen");
        await site.page.emulateMedia({ media: "print" });
        assert.match(await site.at("study-results").innerText(), words);
        await site.page.emulateMedia({ media: "screen" });
        await site.at("study-codes").fill(codes().join("\n"));
        await site.page.locator('[data-testid="study-results"][data-readers="2"][data-current="true"]').waitFor();
        await site.page.emulateMedia({ media: "print" });
        assert.doesNotMatch(await site.at("study-results").innerText(), words);
        assert.ok(await site.at("study-table").isVisible());
      }, { view: "studie" }));
  }

  test("an empty folder gets a word", () =>
    visit(browser, {}, (site) => checkEmptyFolders(site, ["study-real", "study-fake"]), { view: "studie" }));

  test("codes that do not count are named", () =>
    visit(browser, {}, async (site) => {
      const [one, two] = codes();
      const other = encodeSheet({ ...decodeSheet(one), tag: 99 });
      const lines = ["Dear doctor,", one, two, two, other, two.slice(0, -2), encodeSheet({ ...decodeSheet(two), version: 2 }), encodeSheet({ ...decodeSheet(two), study: "ffff" })];
      await site.at("study-codes").fill(lines.join("\n"));
      await site.page.locator('[data-testid="study-results"][data-readers="2"][data-current="true"]').waitFor();
      const problems = await site.at("study-problems").locator("li").allTextContents();
      const expected = [/Line 1 is not a reader’s code/, /Line 4 is the same code as line 3/, /Line 5: reader 1 is in line 2 too/, /line 6 is incomplete/, /line 7 was made by another version/, /line 8 belongs to another study: ffff/];
      assert.equal(problems.length, expected.length, problems.join("\n"));
      expected.forEach((words, index) => assert.match(problems[index], words));
      assert.match(await site.at("study-partial").textContent(), /Reader 2 answered 6 of 8 cases. Too late: 1. Not reached: 1/);
    }, { view: "study" }));

  test("twenty readers of 200 cases are analysed, and not again for a line that does not count", (t) =>
    visit(browser, {}, async (site) => {
      const { page } = site;
      const settings = { format: "single", cases: 200, clues: true, seconds: 0, confidence: 5, readers: 20, seed: 1 };
      const answers = (reader) => Array.from({ length: 200 }, (_, at) => [((at * 7 + reader * 3) % 5 > 1) === (at % 2 === 1), 1 + ((at + reader) % 5), 2]);
      const many = Array.from({ length: 20 }, (_, at) => encodeSheet({ version: 1, study: "00112233445566aa", settings, side: 64, key: "01".repeat(100), reader: at + 1, tag: at, answers: answers(at) }));
      await page.evaluate(() => {
        window.longest = 0;
        new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (window.longest = Math.max(window.longest, duration)))).observe({ type: "longtask" });
      });
      const begun = performance.now();
      await site.at("study-codes").fill(many.join("\n"));
      await page.locator('[data-testid="study-results"][data-readers="20"][data-current="true"]').waitFor();
      const [took, longest] = [performance.now() - begun, await page.evaluate(() => window.longest)];
      t.diagnostic(`${took.toFixed(0)} ms, the longest task ${longest} ms`);
      assert.equal(await page.locator('[data-measure="Accuracy"] td').count(), 21);
      await site.at("study-table").evaluate((table) => (table.seen = true));
      await site.at("study-codes").press("End");
      await site.at("study-codes").pressSequentially("\nDear doctor,");
      await page.waitForFunction(() => document.querySelector('[data-testid="study-problems"] li'));
      assert.equal(await site.at("study-table").evaluate((table) => table.seen), true, "the table is the same");
    }, { view: "study" }));
});
