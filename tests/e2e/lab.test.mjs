// The lab: an experiment on drawn people to a verdict, what it lets a visitor take along, and what can go wrong.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AnswerCheck } from "./support/answering.mjs";
import { drawnPack } from "./support/drawn-pack.mjs";
import { launch, SITE, TIMEOUT, visit } from "./support/fixtures.mjs";
import { headFiles } from "./support/drawn-heads.mjs";
import { giveFiles } from "./support/training-page.mjs";

const ARMS = ["real", "real-augmented", "real-fakes", "both", "fakes"];
const TESTERS = 60;
/** A run that takes seconds: learners that see 16 pixels and train for four steps. */
const SMALL = { source: "drawings", fakes: "others", n: 10, reps: 5, side: 16, steps: 4, each: 6 };

const workers = (site) => site.page.workers().filter((worker) => worker.url().includes("engine-gpu_loader"));
/** Waits until no worker is left. One that computes takes a moment to end. */
const allEnded = async (site) => {
  for (let tries = 0; workers(site).length && tries < 100; tries++) await site.page.waitForTimeout(100);
  assert.equal(workers(site).length, 0, "no worker is left");
};
const phase = (site, name) => site.page.waitForSelector(`[data-testid="lab-progress"][data-phase="${name}"]`, { timeout: TIMEOUT, state: "attached" });
const runs = (site) => site.at("lab-arm").evaluateAll((all) => all.reduce((sum, row) => sum + Number(row.dataset.runs), 0));
const runsFrom = (site, count) => site.page.waitForFunction((count) => [...document.querySelectorAll('[data-testid="lab-arm"]')].reduce((sum, row) => sum + Number(row.dataset.runs), 0) >= count, count, { timeout: TIMEOUT, polling: 20 });

/** The persons whom the generators saw that learned from these numbers of persons, those of the smallest first. */
function generatorPersons(counts) {
  const named = counts.map((count) => {
    const file = readFileSync(join(SITE, `weights/lab/t1ce-${count}.safetensors`));
    const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString());
    const names = JSON.parse(header.__metadata__.metrics).persons.split(",");
    assert.equal(names.length, count);
    return names;
  });
  const names = [...new Set(named.flat())];
  assert.equal(names.length, Math.max(...counts), "each generator saw those of the smaller one, and more");
  return names;
}

/** Says what it expects and starts. */
async function start(site) {
  await site.at("lab-start").waitFor();
  assert.ok(await site.at("lab-start").isDisabled(), "first one says what one expects");
  await site.at("lab-expect").locator("input").first().check();
  await site.at("lab-start").click();
}

async function values(site) {
  const { name, bytes } = await site.download(() => site.at("lab-csv").click());
  assert.equal(name, "hersenscan-lab-drawings-10.csv");
  return bytes.toString();
}

describe("the lab", { timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const open = (query, check, options = {}) => visit(browser, query, check, { view: "lab", ...options });

  test("drawn people to a verdict that follows from the interval, and a link that repeats it", async (t) => {
    let first, link;
    await open(SMALL, async (site) => {
      const begun = Date.now();
      assert.match(await site.at("lab-smallest").innerText(), /difference of [\d.]+ points or more/);
      const detects = await site.at("lab-smallest").innerText();
      await start(site);
      await site.page.waitForFunction(() => document.activeElement?.id === "lab-run");
      await phase(site, "finished");
      assert.ok((await site.at("lab-about").textContent()).includes(detects), "the run says what the form said");
      // Another answer for the next experiment does not change this one's.
      await site.at("lab-expect").locator("input").last().check();
      assert.match(await site.at("lab-guess").innerText(), /Guessing gets 50% right/);
      t.diagnostic(`${(Date.now() - begun) / 1000} s with ${await site.page.evaluate(() => navigator.hardwareConcurrency)} cores`);
      assert.equal(await site.at("lab-question").getAttribute("data-question"), "sharing");
      const rows = await site.at("lab-arm").evaluateAll((all) => all.map((row) => [row.dataset.arm, row.dataset.runs, row.querySelectorAll(".dot").length]));
      assert.deepEqual(rows, ARMS.map((arm) => [arm, "5", 5]));
      assert.equal(await site.page.locator(".lab-run .lab-track .band").count(), 4, "an interval for every arm but the one that is compared with");
      const fullSize = await site.at("lab-full-size").locator("li").evaluateAll((all) => all.map((row) => row.dataset.verdict));
      assert.deepEqual(fullSize, ["helps", ...Array(3).fill("unclear"), ...Array(3).fill("helps"), ...Array(7).fill("unclear")], "what the project found itself");
      const word = await site.at("lab-verdict").getAttribute("data-verdict");
      const table = await site.at("lab-table").locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
      assert.equal(table.length, 5);
      const words = { helps: "better", hurts: "worse", unclear: "cannot tell" };
      assert.equal(table[3][5], words[word], "the word of fakes beside classic tricks");
      assert.match(await site.at("lab-verdict").innerText(), /You expected: Fakes help\./);
      first = await values(site);
      const lines = first.trimEnd().split("\r\n");
      assert.equal(lines[0], "repetition,arm,person,class,value,source,learner,fakes_from,patients,side,steps,percent_fakes,fakes_of_each_class,seed");
      assert.ok(lines[1].endsWith(",drawings,type,others,10,16,4,50,6,1"), lines[1]);
      assert.equal(lines.length, 1 + 5 * 5 * TESTERS);
      // The mean of the table is that of the values: as many people with a tumour as without.
      const mean = lines.slice(1).map((line) => line.split(",")).filter((cells) => cells[1] === '"real only"').reduce((sum, cells) => sum + Number(cells[4]), 0) / (5 * TESTERS);
      assert.equal(table[0][2], `${Math.round(100 * mean)}%`);
      const picture = (await site.download(() => site.at("lab-svg").click())).bytes.toString();
      assert.equal(picture.match(/<circle/g).length, 25);
      assert.match(picture, /Task: Whether there is a tumour\..*Pictures of 16\spixels, 4 training steps/s);
      link = await site.at("lab-link").getAttribute("href");
      await allEnded(site);
    });
    const query = Object.fromEntries(new URLSearchParams(link.split("?")[1]));
    await open(query, async (site) => {
      await start(site);
      await phase(site, "finished");
      assert.equal(await values(site), first);
    });
  });

  test("a lost worker costs what it was doing, a stop keeps what is done, and the page answers", async (t) => {
    await open({ ...SMALL, reps: 3, steps: 40, side: 32 }, async (site) => {
      await start(site);
      await runsFrom(site, 2);
      await workers(site)[0].evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
      const check = await AnswerCheck.begin(browser, site.page);
      for (let tries = 0; tries < 8 && !check.passed; tries++) {
        const from = await runs(site);
        t.diagnostic(await check.round(async () => (await runs(site)) === from && from < 15));
      }
      await check.end();
      assert.ok(check.passed, check.message);
      await runsFrom(site, 4);
      const before = await runs(site);
      await site.at("lab-stop").click();
      await phase(site, "stopped");
      await allEnded(site);
      assert.ok((await runs(site)) >= before);
      await site.at("lab-go-on").click();
      await phase(site, "finished");
      assert.equal(await runs(site), 15);
    }, { expectErrors: true });
  });

  test("the story has a small experiment, which goes on in the lab", async () => {
    await open({}, async (site) => {
      await site.at("small-experiment").getByText("No difference").click();
      await runsFrom(site, 2);
      await site.at("lab-stop").click();
      await phase(site, "stopped");
      const done = await runs(site);
      await site.at("to-lab").click();
      await site.at("lab-start").waitFor();
      assert.equal(await runs(site), done);
      assert.equal(await site.at("lab-expect").locator("input:checked + span").innerText(), "No difference");
      await site.at("lab-go-on").click();
      await runsFrom(site, done + 1);
      // The lab is free for other experiments, and then the story leaves it alone.
      await site.at("lab-stop").click();
      await site.at("lab-start").click();
      await phase(site, "measuring");
      await site.page.evaluate(() => (location.hash = "#/?lang=en"));
      await site.at("to-lab").waitFor();
      assert.equal(await site.at("small-experiment").count(), 0);
    }, { view: "" });
  });

  test("a GAN that saw the same patients only: these people in every repetition, thirty others test, and other patients are refused", async () => {
    const names = generatorPersons([10, 20, 40]);
    const learn = (names) => drawnPack("t1ce", 64, { count: 3 * names.length, names });
    const testers = Array.from({ length: 30 }, (_, index) => `tester ${index}`);
    const packs = (ofLab, testNames = testers) => (path, response) => {
      const pack = { "scans/t1ce.pack": drawnPack("t1ce", 64, { count: 90, names: testNames }), "scans/t1ce-lab.pack": ofLab }[path];
      return Boolean(pack && response.writeHead(200).end(pack));
    };
    const query = { ...SMALL, source: "t1ce", fakes: "same-network", n: 10, reps: 2 };
    await open(query, async (site) => {
      await site.at("lab-source").getByText("The generator saw nobody else").waitFor();
      assert.deepEqual(await site.at("lab-patients").locator("input").evaluateAll((all) => all.map((input) => input.value)), ["10", "20", "40"]);
      await start(site);
      await phase(site, "finished");
      assert.equal(await site.at("lab-question").getAttribute("data-question"), "stretching");
      const { bytes } = await site.download(() => site.at("lab-csv").click());
      const rows = bytes.toString().trimEnd().split("\r\n").slice(1);
      assert.equal(rows.length, 2 * ARMS.length * 30, "thirty people test each of them");
      assert.deepEqual(new Set(rows.map((row) => row.split(",")[2].replaceAll('"', ""))), new Set(testers), "nobody learns and tests");
    }, { fault: packs(learn(names)) });
    await open(query, async (site) => {
      await start(site);
      await phase(site, "failed");
      assert.match(await site.at("lab-failed").innerText(), /learned from other patients/);
    }, { fault: packs(learn(names.with(0, "somebody else"))) });
    await open(query, async (site) => {
      await start(site);
      await phase(site, "failed");
      assert.match(await site.at("lab-failed").innerText(), /Scans of a test person are also among those/);
    }, { fault: packs(learn(names), testers.with(7, names[3])) });
    for (const pack of [learn(names.slice(1)), "<!DOCTYPE html>"]) {
      await open(query, async (site) => {
        await site.at("lab-source").getByText("does not have the scans that these generators learned from").waitFor();
        await site.at("lab-expect").locator("input").first().check();
        assert.ok(await site.at("lab-start").isDisabled());
        await site.at("lab-fakes").locator("input").last().check();
        await site.page.locator('[data-testid="lab-start"]:enabled').waitFor();
      }, { fault: packs(pack) });
    }
  });

  test("too few people: it says what is missing, and drawings work", async () => {
    await open({ source: "own" }, async (site) => {
      assert.match(await site.at("lab-source").innerText(), /not opened any scans of your own/);
      await site.at("lab-expect").locator("input").first().check();
      assert.ok(await site.at("lab-start").isDisabled());
      await site.at("lab-source").locator('input[value="drawings"]').check();
      await site.page.locator('[data-testid="lab-start"]:enabled').waitFor();
    });
  });

  test("the form begins with the real scans if the site has enough of them, or else with drawings", async () => {
    const people = (count) => ({ fault: (path, response) => path === "scans/t1ce.pack" && Boolean(response.writeHead(200).end(drawnPack("t1ce", 64, { count: 3 * count }))) });
    const none = { fault: (path, response) => path.startsWith("scans/") && Boolean(response.writeHead(404).end()), expectErrors: true };
    for (const [options, source] of [[people(30), "t1ce"], [people(6), "drawings"], [none, "drawings"]]) {
      await open({}, async (site) => {
        await site.at("lab-expect").locator("input").first().check();
        await site.page.locator('[data-testid="lab-start"]:enabled').waitFor();
        assert.ok(await site.at("lab-source").locator(`input[value="${source}"]`).isChecked(), source);
      }, options);
    }
  });

  test("own slices without masks: looking for the tumour is off, with the reason", async () => {
    await open({}, async (site) => {
      await giveFiles(site, headFiles(40));
      await site.page.evaluate(() => (location.hash = "#/lab?lang=en&source=own"));
      await site.at("lab-no-masks").waitFor();
      assert.match(await site.at("lab-no-masks").innerText(), /marked in the scans of 0 people/);
      assert.ok(await site.page.locator('input[name="lab-reader"][value="where"]').isDisabled());
      assert.match(await site.at("lab-problem").innerText(), /same type/);
      await site.at("lab-use-drawings").click();
      await site.page.locator('input[name="lab-reader"][value="where"]:enabled').waitFor();
    }, { view: "trainen" });
  });

  test("a site without real scans says so", async () => {
    await open({ source: "t1ce" }, async (site) => {
      await site.at("lab-source").getByText("does not have such scans").waitFor();
      await site.at("lab-use-drawings").click();
      assert.ok(await site.at("lab-source").locator('input[value="drawings"]').isChecked());
      assert.equal(await site.at("lab-problem").count(), 0);
    }, { fault: (path, response) => path.startsWith("scans/") && (response.writeHead(404).end(), true), expectErrors: true });
  });
});
