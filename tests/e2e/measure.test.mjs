// Measuring in the tab: the numbers of `hersenscan evaluate`, what is wrong with folders, a stop, and a lost network.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { encodePng, SIZE } from "./support/drawn-heads.mjs";
import { checkEmptyFolders } from "./support/drop.mjs";
import { launch, SCREENSHOTS, visit } from "./support/fixtures.mjs";
import { fakes, give, measure, persons, savedReport, wide } from "./support/measure-page.mjs";
import { hasNativeProgram } from "./support/native-program.mjs";
import { nextFrame } from "./support/site-page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// The command line keeps person 16 aside for validation, which makes it the last one.
const [REAL, LEARNED, FAKES] = [persons(5), persons(5, 14), fakes(20)];
const NETWORK = /\/weights\/features\//;

/** The report of the command line about the slices of a report of the tab. */
async function native(report) {
  const folder = mkdtempSync(join(tmpdir(), "hersenscan-"));
  try {
    for (const name of ["data/image", "data/mask", "fakes"]) mkdirSync(join(folder, name), { recursive: true });
    const rows = ["file,patient,label,split"];
    for (const split of ["train", "test"]) {
      for (const [name, person] of report.details.slices[split]) {
        writeFileSync(join(folder, "data/image", name), [...REAL, ...LEARNED].find((file) => file.name === name).buffer);
        writeFileSync(join(folder, "data/mask", name), encodePng(Buffer.alloc(SIZE * SIZE), SIZE));
        rows.push([name, person, "head", split].join(","));
      }
    }
    writeFileSync(join(folder, "data/slices.csv"), `${rows.join("\n")}\n`);
    FAKES.forEach(({ name, buffer }) => writeFileSync(join(folder, "fakes", name), buffer));
    const options = ["--images", join(folder, "fakes"), "--data", join(folder, "data"), "--out", join(folder, "report.json")];
    await promisify(execFile)(process.env.HERSENSCAN, ["evaluate", ...options]);
    return JSON.parse(readFileSync(join(folder, "report.json")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asserts that the tab measured `ids`, with the numbers of the command line to 0.001, and shows them. */
async function compare(site, report, ids) {
  const known = await native(report);
  assert.deepEqual(report.measures.map(({ id }) => id), ids);
  for (const mine of report.measures) {
    const { value, interval, real_against_real: real } = known.measures.find(({ id }) => id === mine.id);
    const [own, other] = [[mine.value, ...mine.interval, mine.real_against_real ?? 0], [value, ...interval, real ?? 0]];
    own.forEach((number, at) => assert.ok(Math.abs(number - other[at]) < 1e-3, `${mine.id}: ${own}, the command line says ${other}`));
    const row = await site.page.locator(`[data-measure="${mine.id}"] td`).allTextContents();
    const digits = Math.abs(mine.value) >= 100 ? 0 : 3;
    assert.ok(row[0].replaceAll("−", "-").startsWith(mine.value.toFixed(digits)), `${mine.id}: ${row}, the report says ${mine.value}`);
  }
  assert.deepEqual([known.counts, known.side, known.seed], [report.counts, report.side, report.seed]);
}

describe("measuring", { timeout: 300_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  test("the tab gives the numbers of the command line, with and without what the generator learned from", (t) =>
    hasNativeProgram(t) && visit(browser, {}, async (site) => {
      const { page } = site;
      const requested = [];
      page.on("request", (request) => NETWORK.test(request.url()) && requested.push(request.url()));
      await give(site, "real", REAL);
      await give(site, "fake", FAKES);
      await give(site, "learned", LEARNED);
      assert.deepEqual(requested, [], "the network is fetched when it is needed");
      await measure(site);
      assert.ok(requested.length > 0);
      await compare(site, await savedReport(site), ["fd", "fd_relative", "kid", "density", "coverage", "copy_share", "two_sample_accuracy"]);
      assert.match(await site.at("measure-counts").textContent(), /^Generated: 20 pictures\. Real: 20 pictures of 5 people\. For comparison: 20 pictures of 5 other people\.$/);
      const pairs = await site.download(() => site.at("measure-png").click());
      assert.equal(pairs.bytes.readUInt32BE(16), 6 * SIZE, "six pictures in a row");
      assert.match(pairs.bytes.toString("latin1"), /compositeSynthetic/);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await nextFrame(page);
        if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], scheme);
      }
      await page.emulateMedia({ colorScheme: "light" });
      for (const width of [1280, 360, 180]) {
        await page.setViewportSize({ width, height: 800 });
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) <= 0, `${width} pixels`);
        await page.screenshot({ path: `${SCREENSHOTS}measure-${width}.png`, fullPage: true });
      }
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("main button:visible, main input:visible").count(), 0);
      assert.ok((await site.at("measure-pairs").isVisible()) && !(await site.at("measure-start").isVisible()));
      await page.pdf({ path: `${SCREENSHOTS}print-measure-report.pdf`, format: "A4" });
      await page.emulateMedia({ media: "screen" });

      // Without what it learned from, halves of the real persons are compared.
      await page.reload();
      await give(site, "real", [...REAL, ...LEARNED]);
      await give(site, "fake", FAKES);
      await measure(site);
      const halves = await savedReport(site);
      await compare(site, halves, ["fd", "fd_relative", "kid", "density", "coverage", "two_sample_accuracy"]);
      assert.match(await site.at("measure-no-copies").textContent(), /Copies were not measured/);
    }, { view: "measure", reducedMotion: "reduce" }));

  test("what cannot be measured says what to do", () =>
    visit(browser, {}, async (site) => {
      const start = async () => {
        await site.at("measure-start").click();
        await site.page.waitForFunction(() => document.querySelector('[data-testid="measure-problem"]').textContent);
        return site.at("measure-problem").textContent();
      };
      assert.ok(await site.at("measure-start").isDisabled(), "there are no folders yet");
      await give(site, "real", [{ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("Dear doctor,") }], 0);
      await give(site, "fake", FAKES);
      assert.match(await start(), /^Real pictures: no usable pictures/);
      await give(site, "real", REAL.slice(0, 9));
      assert.match(await start(), /^Real pictures: 9 pictures, but at least 32 are needed/);
      await give(site, "fake", FAKES.slice(0, 3));
      assert.match(await start(), /^Generated pictures: 3 pictures, but at least 16 are needed/);
      await give(site, "fake", FAKES);
      await give(site, "real", Array.from({ length: 10 }, (_, group) => persons(1, group)).flat().map((file, index) => ({ ...file, name: `pat1_${index}.png` })));
      assert.match(await start(), /^Real pictures: too few people \(1, but at least 4/);
      await give(site, "fake", [...FAKES.slice(0, 19), wide("wide.png")], 20);
      assert.match(await start(), /^wide\.png is not square/);
    }, { view: "measure" }));

  test("an empty folder gets a word", () =>
    visit(browser, {}, (site) => checkEmptyFolders(site, ["measure-real", "measure-fake"]), { view: "measure" }));

  test("a measurement can be stopped and goes on, also after the network was lost", () => {
    let lost = true;
    const fault = (path, response) => {
      const missing = lost && NETWORK.test(`/${path}`);
      if (missing) response.writeHead(404).end();
      return missing;
    };
    return visit(browser, {}, async (site) => {
      await give(site, "real", REAL);
      await give(site, "fake", FAKES.slice(0, 16));
      await give(site, "learned", LEARNED);
      await site.at("measure-start").click();
      await site.at("measure-failed").waitFor();
      assert.match(await site.at("measure-failed").textContent(), /could not be fetched/);
      lost = false;
      await site.at("measure-go-on").click();
      await site.page.locator('[data-testid="measure-progress"][data-phase="running"]').waitFor();
      await site.at("measure-stop").click();
      const progress = site.page.locator('[data-testid="measure-progress"]');
      assert.equal(await progress.getAttribute("data-phase"), "stopped");
      await site.at("measure-go-on").click();
      await site.page.locator('[data-testid="measure-progress"][data-phase="running"]').waitFor();
      await site.at("measure-stop").click();
    }, { view: "measure", fault, expectErrors: true });
  });
});
