// Scans on the processor are spread over its cores, by several workers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AnswerCheck } from "./support/answering.mjs";
import { launch, TIMEOUT, visit } from "./support/fixtures.mjs";

/** Tells the page that there are this many cores. Records which worker made each scan, and the order in which the page shows them. */
const withCores = (cores) => (page) =>
  page.addInitScript((cores) => {
    Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => cores });
    Object.assign(window, { engines: 0, made: [], shown: [] });
    window.Worker = class extends Worker {
      constructor(...options) {
        super(...options);
        const worker = window.engines++;
        this.addEventListener("message", ({ data }) => data?.[0]?.type === "scans" && window.made.push({ worker, at: performance.now() }));
      }
    };
    const note = ({ target }) => window.shown.push(Number(target.dataset.seed));
    new MutationObserver((changes) => changes.forEach(note)).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-seed"] });
  }, cores);

const engines = (page) => page.workers().filter((worker) => worker.url().includes("engine_loader"));
/** How many scans each worker made: `{ worker: scans }`. */
const shares = (page) => page.evaluate(() => Object.fromEntries(Object.entries(Object.groupBy(window.made, ({ worker }) => worker)).map(([worker, scans]) => [worker, scans.length])));
const madeBy = (page, worker, count) => page.waitForFunction(([worker, count]) => window.made.filter((scan) => scan.worker === worker).length >= count, [worker, count], { timeout: TIMEOUT, polling: 5 });

describe("the cores of the processor", { timeout: 1_200_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  const QUERY = { seed: 1, n: 64, size: 128 };
  const visitWith = (cores, check, options = {}) => visit(browser, QUERY, check, { prepare: withCores(cores), ...options });
  /** The scans of one worker, and the order in which they were shown. */
  let reference;

  test("one core: one worker", async () => {
    await visitWith(1, async (studio) => {
      await studio.settled(QUERY.n);
      reference = { pictures: await studio.pictures(), shown: await studio.page.evaluate(() => window.shown) };
      assert.deepEqual(await shares(studio.page), { 0: QUERY.n });
      assert.match(await studio.at("cores").innerText(), /^on 1 core$/);
      assert.equal(await studio.at("leave-one-free").count(), 0);
    });
  });

  test("two cores: two workers make the same scans in the same order, and program and weights are fetched once", async (t) => {
    const requested = [];
    await visitWith(2, async (studio) => {
      await studio.settled(QUERY.n);
      const share = await shares(studio.page);
      t.diagnostic(`scans of each worker: ${JSON.stringify(share)}`);
      assert.deepEqual(Object.keys(share), ["0", "1"]);
      assert.ok(share[1] >= QUERY.n / 4, "the second worker makes its part");
      assert.equal(share[0] + share[1], QUERY.n);
      assert.deepEqual(await studio.pictures(), reference.pictures);
      assert.deepEqual(await studio.page.evaluate(() => window.shown), reference.shown);
      assert.match(await studio.at("cores").innerText(), /^on 2 cores$/);
      const large = requested.filter((path) => /^engine.*\.wasm$|\.safetensors$/.test(path));
      assert.equal(new Set(large).size, 2, `${large}`);
      assert.equal(large.length, 2, `${large}`);
    }, { fault: (path) => void requested.push(path) });
  });

  for (const lost of [0, 1]) {
    test(`worker ${lost} of two crashes in the middle of a job: the other one finishes it`, async () => {
      await visitWith(2, async (studio) => {
        await madeBy(studio.page, 1, 2);
        const before = await shares(studio.page);
        await engines(studio.page)[lost].evaluate(() => void setTimeout(() => { throw new Error("crash on purpose"); }));
        await studio.settled(QUERY.n);
        const share = await shares(studio.page);
        assert.ok(share[lost] < QUERY.n / 2, "it was in the middle of its work");
        assert.ok(share[1 - lost] > before[1 - lost]);
        assert.deepEqual(await studio.pictures(), reference.pictures);
        assert.deepEqual(await studio.page.evaluate(() => window.shown), reference.shown);
      }, { expectErrors: true });
    });
  }

  test("a single scan, as for a slider, needs one worker", async () => {
    await visit(browser, { ...QUERY, n: 1 }, async (studio) => {
      await studio.settled(1);
      await studio.at("new-seed").click();
      await studio.settled(1);
      assert.deepEqual(Object.keys(await shares(studio.page)), ["0"]);
      assert.equal(await studio.page.evaluate(() => window.engines), 1);
    }, { prepare: withCores(2) });
  });

  test("one core can be left free", async (t) => {
    await visitWith(2, async (studio) => {
      await studio.settled(QUERY.n);
      /** Milliseconds from the first of 64 scans to the last. */
      const timed = async () => {
        await studio.page.evaluate(() => (window.made.length = 0));
        await studio.at("new-seed").click();
        await studio.settled(QUERY.n);
        const made = await studio.page.evaluate(() => window.made);
        return { millis: made.at(-1).at - made[0].at, workers: new Set(made.map(({ worker }) => worker)).size };
      };
      const times = { 1: [], 2: [] };
      for (let round = 0; round < 3; round++) {
        for (const workers of [1, 2]) {
          await studio.at("leave-one-free").setChecked(workers === 1);
          // The second worker joins in the first of two jobs.
          await timed();
          const { millis, workers: used } = await timed();
          assert.equal(used, workers);
          assert.match(await studio.at("cores").innerText(), workers === 1 ? /^on 1 core$/ : /^on 2 cores$/);
          times[workers].push(millis);
        }
      }
      const [one, two] = [1, 2].map((workers) => Math.min(...times[workers]));
      t.diagnostic(`64 scans of 128 pixels, first to last, best of ${times[1].length}: ${one.toFixed(0)} ms with one worker, ${two.toFixed(0)} ms with two: ${(one / two).toFixed(2)} times as fast`);
      assert.equal(engines(studio.page).length, 2);
    });
  });

  test("the page answers while eight workers run", async (t) => {
    await visitWith(8, async (studio) => {
      await studio.settled(QUERY.n);
      const check = await AnswerCheck.begin(browser, studio.page);
      for (let tries = 0; tries < 8 && !check.passed; tries++) {
        await studio.page.evaluate(() => (window.made.length = 0));
        await studio.at("new-seed").click();
        const line = await check.round(async () => (await studio.page.evaluate(() => window.made.length)) < QUERY.n - 8);
        await studio.settled(QUERY.n);
        const used = Object.keys(await shares(studio.page)).length;
        assert.ok(used >= 7, `${used} workers`);
        t.diagnostic(`${used} workers, ${line}`);
      }
      await check.end();
      assert.ok(check.passed, check.message);
    });
  });

  test("diagnostics tell the memory of each worker, and more scans need no more", async (t) => {
    /** Goes to the diagnostics. MiB of each worker. */
    const memory = async ({ page }) => {
      await page.evaluate(() => (location.hash = "#/over?lang=en"));
      const line = await page.getByTestId("diagnostics").filter({ hasText: "workers: 2 of at most 2" }).innerText();
      return line.match(/^workers: 2 of at most 2 on the processor, memory ([\d. +]+) MiB$/m)[1].split(" + ").map(Number);
    };
    await visitWith(2, async (studio) => {
      await studio.settled(QUERY.n);
      const first = await memory(studio);
      const made = await studio.page.evaluate(() => window.made.length);
      await studio.page.evaluate((query) => (location.hash = `#/studio?${query}`), `${new URLSearchParams({ ...QUERY, seed: 1 + QUERY.n, lang: "en" })}`);
      await studio.settled(QUERY.n);
      assert.ok((await studio.page.evaluate(() => window.made.length)) >= made + QUERY.n, "other scans were made");
      const second = await memory(studio);
      t.diagnostic(`memory of the workers, 128 pixels: ${first.join(" + ")} MiB after 64 scans, ${second.join(" + ")} MiB after 128`);
      // The bytes of half of 64 scans and masks of 128 pixels: a worker that kept its scans would need as much more.
      const kept = (QUERY.n / 2 * 2 * QUERY.size ** 2) / 2 ** 20;
      second.forEach((mebibytes, worker) => assert.ok(mebibytes > 1 && mebibytes < first[worker] + kept / 2, `${first} and ${second}`));
    });
  });
});
