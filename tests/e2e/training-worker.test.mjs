// The training worker without the page, on the CPU: constant memory, checkpoints, followers, and what it refuses. The networks are
// the smallest there are; the code is the same for all.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { labelledSlices } from "./support/drawn-heads.mjs";
import { launch, visitBlank } from "./support/fixtures.mjs";
import { similarity } from "./support/similarity.mjs";
import { checkMemory, pictures, saveCheckpoint, startPrepared, stepBoth } from "./support/training-steps.mjs";
import { beginRequest, TrainingWorker, TUNING } from "./support/training-worker.mjs";

/** Steps of the memory test on the CPU. */
const STEPS = 600;

/**
 * Milliseconds of 100 calls from JavaScript into a worker's program, and of 100 calls of the browser's own `memory.grow(0)`: each
 * the fastest of several rounds.
 */
const fastestCalls = (worker) => worker.evaluate(async () => {
  const program = await wasm_bindgen();
  // The linker removes names, so wasm-bindgen numbers what it exports. Its script tells which two make and free a reference.
  const script = await (await fetch("engine-gpu.js")).text();
  const [alloc, dealloc] = [/const idx = wasm\.(\w+)\(\);/, /externrefs\.get\(idx\);\s+wasm\.(\w+)\(idx\);/].map((use) => program[script.match(use)[1]]);
  const fastest = (call) => {
    const round = () => {
      const start = performance.now();
      for (let pair = 0; pair < 50; pair++) call();
      return performance.now() - start;
    };
    return Math.min(...Array.from({ length: 20 }, round));
  };
  const grow = () => program.memory.grow(0);
  return { calls: fastest(() => dealloc(alloc())), own: fastest(() => [grow(), grow()]) };
});

describe("the training worker on the CPU", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  test(`memory stops growing within ${STEPS} steps`, async (t) => {
    await visitBlank(browser, async (page) => {
      const { worker } = await startPrepared(page);
      await checkMemory(t, worker, 0, STEPS);
      await worker.terminate();
    });
  });

  test("calls from JavaScript do not run the constructors of all crates", async (t) => {
    await visitBlank(browser, async (page) => {
      // The program runs once the worker has a message.
      const { worker } = await startPrepared(page);
      const { calls, own } = await fastestCalls(worker.worker);
      await worker.terminate();
      // With the constructors, each call takes half a millisecond.
      t.diagnostic(`100 calls in ${calls.toFixed(2)} ms; 100 calls of memory.grow in ${own.toFixed(2)} ms`);
      assert.ok(calls <= 20 * Math.max(own, 0.1), `${calls} ms, where memory.grow takes ${own} ms`);
    });
  });

  test("a training resumed from a checkpoint gives the same numbers as an uninterrupted one", async () => {
    await visitBlank(browser, async (page) => {
      const { worker } = await startPrepared(page);
      await stepBoth(worker, 3);
      const saved = await saveCheckpoint(worker);
      assert.equal(saved.images, 3 * TUNING.batch);
      const uninterrupted = await stepBoth(worker, 3);
      await worker.terminate();

      const second = await startPrepared(page, { start: { from: "checkpoint", bytes: saved.bytes } });
      assert.equal(second.prepared.counts.images, saved.images);
      const resumed = await stepBoth(second.worker, 3);
      assert.equal(resumed.images, uninterrupted.images);
      assert.deepEqual(resumed.bytes, uninterrupted.bytes);
      await second.worker.terminate();
    });
  });

  test("two workers and three give the losses and scans of one", async (t) => {
    await visitBlank(browser, async (page) => {
      // The mini-batch is of 7 slices, so that shares differ. At a high rate rounding grows from step to step.
      const tuning = { ...TUNING, batch: 7, rate: 2e-5 };
      const results = {};
      for (const workers of [1, 2, 3]) {
        const { worker, prepared } = await startPrepared(page, { tuning, followers: workers - 1 });
        assert.equal(prepared.workers, workers);
        const frame = await stepBoth(worker, 5);
        const losses = (await worker.events("measured")).map(({ measurement }) => measurement.losses);
        results[workers] = { losses, pictures: pictures(frame) };
        assert.equal((await worker.events("measured")).at(-1).workers, workers);
        await worker.terminate();
      }
      for (const workers of [2, 3]) {
        const [got, expected] = [results[workers], results[1]];
        assert.equal(got.losses.length, expected.losses.length);
        got.losses.forEach((losses, step) => {
          for (const name of ["discriminator", "generator"]) {
            const [value, other] = [losses[name], expected.losses[step][name]];
            assert.ok(Math.abs(value - other) <= 1e-4 * Math.max(1, Math.abs(other)), `${workers} workers, step ${step}, ${name}: ${value}, not ${other}`);
          }
        });
        const { share, worst } = similarity(got.pictures, expected.pictures);
        t.diagnostic(`${workers} workers: ${(100 * share).toFixed(2)} % of pixels within 1/255 of one, largest difference ${worst}`);
        assert.ok(share >= 0.99);
      }
    });
  });

  test("two workers that resume from a checkpoint repeat themselves bit for bit", async () => {
    await visitBlank(browser, async (page) => {
      const { worker } = await startPrepared(page, { followers: 1 });
      await stepBoth(worker, 3);
      const saved = await saveCheckpoint(worker);
      const uninterrupted = await stepBoth(worker, 3);
      await worker.terminate();
      const second = await startPrepared(page, { followers: 1, start: { from: "checkpoint", bytes: saved.bytes } });
      assert.deepEqual((await stepBoth(second.worker, 3)).bytes, uninterrupted.bytes);
      await second.worker.terminate();
    });
  });

  test("a follower that is killed is missed, and the training goes on, also with another one", async () => {
    await visitBlank(browser, async (page) => {
      const { worker } = await startPrepared(page, { followers: 1 });
      await worker.send("go");
      await worker.waitFor("measured", { where: { workers: 2 } });
      const killed = Date.now();
      await worker.killFollower(0);
      // It says nothing for 20 seconds.
      await worker.waitFor("follower-lost", { where: { id: 0 } });
      const waited = Date.now() - killed;
      const from = await worker.eventCount();
      await worker.waitFor("measured", { from, where: { workers: 1 } });
      await worker.addFollower();
      await worker.waitFor("measured", { from, where: { workers: 2 } });

      // The training does not wait for a follower that the page removes.
      const start = Date.now();
      await worker.send("remove-follower", { id: 1 });
      await worker.killFollower(1);
      await worker.waitFor("measured", { from: await worker.eventCount(), where: { workers: 1 } });
      const removed = Date.now() - start;
      assert.ok(removed < waited, `${removed} ms, where a silent one is waited for ${waited} ms`);
      await worker.terminate();
    });
  });

  test("training changes the scans of the averaged generator", async () => {
    await visitBlank(browser, async (page) => {
      const { worker } = await startPrepared(page);
      const first = await worker.waitFor("frame");
      const counts = await worker.trainUntil(40);
      const from = await worker.eventCount();
      await worker.send("pause");
      const last = await worker.waitFor("frame", { from });
      assert.ok(counts.images >= 40 * TUNING.batch);
      assert.ok(similarity(pictures(last), pictures(first)).share < 0.9, "the scans changed");
      await worker.send("compare-copies");
      const { copies } = await worker.waitFor("copies");
      assert.equal(copies.pairs.length, 16);
      assert.equal(copies.held_out.length, 8);
      await worker.terminate();
    });
  });

  test("settings out of range are clamped", async () => {
    await visitBlank(browser, async (page) => {
      const { prepared, worker } = await startPrepared(page, { tuning: { rate: 9, augment: 7, batch: 1000, gamma: -1 } });
      assert.deepEqual(prepared.tuning, { rate: 1e-3, augment: 0.8, batch: 32, gamma: 0.01 });
      await worker.terminate();
    });
  });

  const sets = {
    "no slices": { train: [] },
    "slices of another size": { train: labelledSlices(10, 32) },
    "too many slices": { train: Array.from({ length: 513 }, () => labelledSlices(1, 16)[0]) },
    "too many classes": { classes: Array.from({ length: 9 }, (_, index) => `class ${index}`) },
    "an unknown class": { train: labelledSlices(10, 16).map((slice) => ({ ...slice, class: 7 })) },
  };
  const starts = {
    "bytes that are not weights": { from: "weights", generator: { source: "bytes", bytes: [1, 2, 3] }, discriminator: null },
    "bytes that are not a checkpoint": { from: "checkpoint", bytes: Array(5000).fill(7) },
    "an unknown preset": { from: "random", preset: "s4096" },
    "missing weights": { from: "weights", generator: { source: "address", address: "http://localhost:1/none.safetensors" }, discriminator: null },
    "a stored training, but nothing is stored": { from: "stored" },
  };
  for (const [what, changes] of [...Object.entries(sets).map(([what, part]) => [what, { set: { ...beginRequest().set, ...part } }]), ...Object.entries(starts).map(([what, start]) => [what, { start }])]) {
    test(`${what}: refused with an explanation`, async () => {
      await visitBlank(browser, async (page) => {
        const worker = await TrainingWorker.start(page);
        await worker.send("begin", beginRequest(changes));
        const failure = await worker.failure();
        assert.match(failure.failure ?? "", /^(bad-request|weights-(broken|missing))$/);
        assert.ok(failure.detail.length > 10, failure.detail);
        await worker.terminate();
      });
    });
  }

  test("a request before the training is prepared is refused, and the training can still begin", async () => {
    await visitBlank(browser, async (page) => {
      const worker = await TrainingWorker.start(page);
      await worker.send("go");
      await worker.waitFor("refused");
      await worker.send("begin", beginRequest());
      await worker.waitFor("prepared");
      await worker.terminate();
    });
  });

  test("without a graphics card: reported", async () => {
    await visitBlank(browser, async (page) => {
      const worker = await TrainingWorker.start(page);
      await worker.send("begin", beginRequest({ device: "gpu" }));
      assert.equal((await worker.failure()).failure, "no-gpu");
      await worker.terminate();
    });
  });
});
