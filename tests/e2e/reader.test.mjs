// The worker that opens strangers' files, with sixty-nine of which most want to harm it: the same verdicts as natively, little
// memory, and a page that lives on whatever a file does.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { files, giving, Reader } from "./reader.mjs";
import { launch, PATIENCE } from "./studio.mjs";
import { bare } from "./trainee.mjs";

/** MiB that the reader may have, and milliseconds within which it must have read a file. */
const [MEMORY, TIME] = [256, 15_000];

/** A NIfTI file of 32-bit floats, as large as is read. */
function largest() {
  const [sides, header] = [[256, 256, 256], Buffer.alloc(352)];
  header.writeInt32LE(348, 0);
  [3, ...sides, 1, 1, 1, 1].forEach((side, at) => header.writeInt16LE(side, 40 + 2 * at));
  [[70, 16], [72, 32], [254, 1]].forEach(([at, number]) => header.writeInt16LE(number, at));
  [[80, 1], [84, 1], [88, 1], [108, 352], [280, 1], [300, 1], [320, 1]].forEach(([at, number]) => header.writeFloatLE(number, at));
  header.write("n+1\0", 344, "latin1");
  const samples = Float32Array.from({ length: sides.reduce((a, b) => a * b) }, (_, at) => (at * 2654435761) % 4096);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

describe("the worker that opens strangers' files", { timeout: 1_800_000 }, () => {
  let browser;
  let all;
  before(async () => ([browser, all] = await Promise.all([launch(), files()])));
  after(() => browser?.close());

  test("sixty-nine files: as many verdicts, the same as natively, from one worker that stays small", { timeout: 6 * PATIENCE }, async (t) => {
    assert.equal(all.length, 69);
    await bare(browser, async (page) => {
      const reader = await Reader.start(page);
      let slowest = { took: 0 };
      for (const { name, wanted } of all) {
        const start = performance.now();
        const { told, fell } = await reader.read(name);
        const took = performance.now() - start;
        if (took > slowest.took) slowest = { name, took };
        assert.equal(fell, null, name);
        assert.deepEqual(told.map(({ Ok, Err }) => (Ok ? { Ok } : { Err })), wanted, name);
        for (const { path, slices } of told.filter(({ Ok }) => Ok)) {
          assert.ok(path.startsWith(name) && slices >= 1 && Number.isInteger(slices), `${path}: ${slices} slices`);
        }
      }
      const memory = await reader.memory();
      assert.ok(memory <= MEMORY, `${memory} MiB`);
      assert.ok(slowest.took < TIME, `${slowest.name} took ${slowest.took} ms`);
      t.diagnostic(`memory ${memory} MiB; slowest ${slowest.name}, ${Math.round(slowest.took)} ms`);
    }, { fault: giving(all) });
  });

  test("names, dates and numbers of a file stay in the worker: only their kinds come out", async () => {
    await bare(browser, async (page) => {
      const reader = await Reader.start(page);
      const { told } = await reader.read("named.dcm");
      assert.deepEqual(told[0].personal, ["Name", "PatientId"]);
      assert.ok(told[0].group.length === 2 && told[0].group.every(Number.isInteger), "what belongs together, as a hash");
      assert.ok(!/Nobody|Anna|P-0042/.test(JSON.stringify(told)), "no values");
    }, { fault: giving(all) });
  });

  test("the largest files that are read leave it within its memory, and more it cannot get", async (t) => {
    const whole = largest();
    const given = [{ name: "large.nii", bytes: whole }, { name: "large.nii.gz", bytes: gzipSync(whole, { level: 1 }) }];
    await bare(browser, async (page) => {
      const reader = await Reader.start(page);
      for (const { name } of given) {
        const { told, fell } = await reader.read(name);
        assert.equal(fell, null, name);
        assert.equal(told[0].slices, 256, name);
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
    }, { fault: giving(given) });
  });

  test("a file that takes all memory fells the worker and not the page, and the next worker reads on", async () => {
    // Memory that is nearly gone stands for a file that takes it.
    const hungry = `addEventListener("message", async ({ data }) => {
      if (data[0].path !== "cut.png") return;
      const { memory } = await wasm_bindgen();
      try { for (;;) memory.grow(16); } catch {}
    });`;
    await bare(browser, async (page) => {
      const reader = await Reader.start(page);
      await reader.read("cut.png");
      const { told, fell } = await reader.read("too large.bin", TIME);
      assert.ok(fell, `it fell, and did not tell ${JSON.stringify(told)}`);
      await reader.end();
      const next = await Reader.start(page);
      assert.deepEqual((await next.read("grey.png")).told[0].Ok, "Png");
    }, { fault: giving(all, hungry) });
  });

  test("a file that never ends is ended from outside, and the page answers all the while", async () => {
    const endless = `addEventListener("message", ({ data }) => { while (data[0].path === "noise"); });`;
    await bare(browser, async (page) => {
      const reader = await Reader.start(page);
      const reading = reader.read("noise", 3000);
      const start = performance.now();
      assert.equal(await page.evaluate(() => 6 * 7), 42);
      assert.ok(performance.now() - start < 2000, "the page answers");
      assert.equal((await reading).fell, "too slow");
      await reader.end();
      const next = await Reader.start(page);
      assert.deepEqual((await next.read("grey.png")).told[0].Ok, "Png");
    }, { fault: giving(all, endless) });
  });
});
