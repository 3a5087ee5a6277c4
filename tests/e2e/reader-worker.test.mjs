// The worker that reads visitors' files, with valid and hostile files: the same verdicts as natively, bounded memory, and a page
// that survives whatever a file does.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, TIMEOUT, visitBlank } from "./support/fixtures.mjs";
import { hostileFiles, ReaderWorker, serveFiles } from "./support/reader-worker.mjs";

/** Largest memory of the reader in MiB, and longest time for a file in milliseconds: the page ends the worker after it. */
const [MEMORY, TIME_LIMIT] = [256, 15_000];

/** A NIfTI file of 32-bit floats of the largest size that is accepted. */
function largestFile() {
  const [sides, header] = [[256, 256, 256], Buffer.alloc(352)];
  header.writeInt32LE(348, 0);
  [3, ...sides, 1, 1, 1, 1].forEach((side, at) => header.writeInt16LE(side, 40 + 2 * at));
  [[70, 16], [72, 32], [254, 1]].forEach(([at, number]) => header.writeInt16LE(number, at));
  [[80, 1], [84, 1], [88, 1], [108, 352], [280, 1], [300, 1], [320, 1]].forEach(([at, number]) => header.writeFloatLE(number, at));
  header.write("n+1\0", 344, "latin1");
  const samples = Float32Array.from({ length: sides.reduce((a, b) => a * b) }, (_, at) => (at * 2654435761) % 4096);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

describe("the worker that reads visitors' files", { timeout: 1_800_000 }, () => {
  let browser;
  let all;
  before(async () => ([browser, all] = await Promise.all([launch(), hostileFiles()])));
  after(() => browser?.close());

  test("one worker gives the same verdicts as the native reader, for all files, in bounded memory", { timeout: 6 * TIMEOUT }, async (t) => {
    assert.equal(all.length, 72);
    await visitBlank(browser, async (page) => {
      const reader = await ReaderWorker.start(page);
      let slowest = { took: 0 };
      for (const { name, wanted } of all) {
        const start = performance.now();
        const { results, failure } = await reader.read(name);
        const took = performance.now() - start;
        if (took > slowest.took) slowest = { name, took };
        assert.equal(failure, null, name);
        assert.deepEqual(results.map(({ Ok, Err }) => (Ok ? { Ok } : { Err })), wanted, name);
        for (const { path, slices } of results.filter(({ Ok }) => Ok)) {
          assert.ok(path.startsWith(name) && slices >= 1 && Number.isInteger(slices), `${path}: ${slices} slices`);
        }
      }
      const memory = await reader.memory();
      assert.ok(memory <= MEMORY, `${memory} MiB`);
      assert.ok(slowest.took < TIME_LIMIT, `${slowest.name} took ${slowest.took} ms`);
      t.diagnostic(`memory ${memory} MiB; slowest ${slowest.name}, ${Math.round(slowest.took)} ms`);
    }, { fault: serveFiles(all) });
  });

  test("personal data stays in the worker: only the kinds of data come out", async () => {
    await visitBlank(browser, async (page) => {
      const reader = await ReaderWorker.start(page);
      const { results } = await reader.read("named.dcm");
      assert.deepEqual(results[0].personal, ["Name", "PatientId"]);
      assert.ok(results[0].group.length === 2 && results[0].group.every(Number.isInteger), "the series, as a hash");
      assert.ok(!/Nobody|Anna|P-0042/.test(JSON.stringify(results)), "no values");
    }, { fault: serveFiles(all) });
  });

  test("the largest accepted files fit in its memory, and it cannot get more", async (t) => {
    const file = largestFile();
    const files = [{ name: "large.nii", bytes: file }, { name: "large.nii.gz", bytes: gzipSync(file, { level: 1 }) }];
    await visitBlank(browser, async (page) => {
      const reader = await ReaderWorker.start(page);
      for (const { name } of files) {
        const { results, failure } = await reader.read(name);
        assert.equal(failure, null, name);
        assert.equal(results[0].slices, 256, name);
        t.diagnostic(`${name}: ${await reader.memory()} MiB`);
      }
      const grown = await reader.worker.evaluate(async () => {
        const { memory } = await wasm_bindgen();
        try {
          for (;;) memory.grow(1);
        } catch (error) {
          return { mebibytes: memory.buffer.byteLength / (1 << 20), error: error.name };
        }
      });
      assert.deepEqual(grown, { mebibytes: MEMORY, error: "RangeError" });
    }, { fault: serveFiles(files) });
  });

  test("a file that uses up all memory crashes the worker but not the page, and the next worker continues", async () => {
    // Simulates such a file: before it is read, all memory is taken.
    const takeAllMemory = `addEventListener("message", async ({ data }) => {
      if (data[0].path !== "cut.png") return;
      const { memory } = await wasm_bindgen();
      try { for (;;) memory.grow(16); } catch {}
    });`;
    await visitBlank(browser, async (page) => {
      const reader = await ReaderWorker.start(page);
      await reader.read("cut.png");
      const { results, failure } = await reader.read("too large.bin", TIME_LIMIT);
      assert.ok(failure, `it crashed, instead of answering ${JSON.stringify(results)}`);
      await reader.terminate();
      const next = await ReaderWorker.start(page);
      assert.deepEqual((await next.read("grey.png")).results[0].Ok, "Png");
    }, { fault: serveFiles(all, takeAllMemory) });
  });

  test("an endless read is ended from outside, and the page stays responsive meanwhile", async () => {
    const endlessLoop = `addEventListener("message", ({ data }) => { while (data[0].path === "noise"); });`;
    await visitBlank(browser, async (page) => {
      const reader = await ReaderWorker.start(page);
      const reading = reader.read("noise", 3000);
      const first = await Promise.race([page.evaluate(() => "the page"), reading.then(() => "the reader")]);
      assert.equal(first, "the page", "the page answers while the worker is busy");
      assert.equal((await reading).failure, "timeout");
      await reader.terminate();
      const next = await ReaderWorker.start(page);
      assert.deepEqual((await next.read("grey.png")).results[0].Ok, "Png");
    }, { fault: serveFiles(all, endlessLoop) });
  });
});
