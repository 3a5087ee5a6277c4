// The training worker without the page: the same numbers on both devices, constant memory, and what happens when the worker or
// the graphics card is lost. The networks are the smallest there are; the code is the same for all.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { labelledSlices } from "./support/drawn-heads.mjs";
import { launch, TIMEOUT, visitBlank, WEBGPU } from "./support/fixtures.mjs";
import { similarity } from "./support/similarity.mjs";
import { beginRequest, TrainingWorker, TUNING } from "./support/training-worker.mjs";

/** Steps of the memory test on the CPU. */
const STEPS = 600;
/** Steps of the memory test on a software adapter, where a step takes a second or two. GPU_STEPS can set more. */
const GPU_STEPS = Number(process.env.GPU_STEPS ?? 24);

/** The scans and masks of a frame, as separate pictures. */
const pictures = ({ bytes, size, count }) => Array.from({ length: 2 * count }, (_, part) => bytes.slice(part * size ** 2, (part + 1) * size ** 2));

/** Starts a worker, `followers` that help it, and a training, and waits until it is prepared. */
async function startPrepared(page, { followers = 0, ...changes } = {}) {
  const worker = await TrainingWorker.start(page);
  for (let count = 0; count < followers; count++) await worker.addFollower();
  if (followers) changes.followers = followers;
  await worker.send("begin", beginRequest(changes));
  const prepared = await worker.waitFor("prepared", { timeout: 5 * TIMEOUT });
  return { worker, prepared };
}

/** One step of one network. Returns the frame after it. */
async function stepNetwork(worker, network) {
  const from = await worker.eventCount();
  await worker.send("step", { network });
  await worker.waitFor("running", { from, timeout: 5 * TIMEOUT });
  return worker.waitFor("frame", { from });
}

/** `count` steps of both networks in turn. Returns the last frame. */
async function stepBoth(worker, count) {
  let last;
  for (let step = 0; step < count; step++) {
    await stepNetwork(worker, "discriminator");
    last = await stepNetwork(worker, "generator");
  }
  return last;
}

/** Pauses and returns the checkpoint. */
async function saveCheckpoint(worker) {
  const from = await worker.eventCount();
  await worker.send("pause");
  return worker.waitFor("saved", { from });
}

/** Parts of a memory test. */
const PARTS = 6;

/**
 * Trains from step `from` on `steps` steps in equal parts, and checks that memory does not grow in half of the parts. It may grow in the others: the
 * times of checkpoints and measurements depend on the clock, and a buffer that meets fragmented memory can need new pages. A leak
 * grows in every part alike.
 */
async function checkMemory(t, worker, from, steps) {
  const sizes = [await worker.memory()];
  for (let part = 1; part <= PARTS; part++) {
    await worker.trainUntil(from + Math.ceil((part * steps) / PARTS), Math.max(20, steps / 20) * TIMEOUT);
    sizes.push(await worker.memory());
  }
  const growth = sizes.slice(1).map((size, part) => size - sizes[part]);
  t.diagnostic(`memory in MiB, before and after each part of ${steps} steps: ${sizes.map((size) => (size / 2 ** 20).toFixed(1)).join(", ")}`);
  assert.ok(growth.filter((bytes) => bytes === 0).length >= PARTS / 2, `grew by ${growth.join(", ")} bytes`);
}

/**
 * Milliseconds of 100 calls from JavaScript into a worker's program, and of 100 calls of the browser's own `memory.grow(0)`: each
 * the fastest of several rounds.
 */
const fastestCalls = (worker) => worker.evaluate(async () => {
  const program = await wasm_bindgen();
  const exported = Object.entries(program);
  const [alloc, dealloc] = ["alloc", "dealloc"].map((name) => exported.find(([key]) => key.startsWith(`__externref_table_${name}`))[1]);
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

      // One that the page takes away is not waited for.
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

// A software adapter: correct numbers, but slow.
describe("the training worker on WebGPU", { timeout: 2_400_000 + 5000 * GPU_STEPS }, () => {
  let browser;
  before(async () => (browser = await launch(WEBGPU)));
  after(() => browser?.close());

  // One worker for all three, because most of the time goes into the compilation of its shaders.
  test("the same scans as on the CPU, memory that stops growing, and the loss of the card", async (t) => {
    await visitBlank(browser, async (page) => {
      const tuning = { ...TUNING, batch: 2 };
      const cpu = await startPrepared(page, { tuning });
      const expected = pictures(await stepBoth(cpu.worker, 3));
      await cpu.worker.terminate();

      // Gives the test access to the device.
      page.on("worker", (worker) => worker.evaluate(() => {
        const requestDevice = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...options) { return (self.device = await requestDevice.apply(this, options)); };
      }).catch(() => {}));
      const { worker } = await startPrepared(page, { device: "gpu", tuning });
      await t.test("three steps give the same scans as on the CPU", (t) => stepBoth(worker, 3).then((frame) => {
        const { share, worst } = similarity(pictures(frame), expected);
        t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255, largest difference ${worst}`);
        assert.ok(share >= 0.99);
      }));
      await t.test(`memory stops growing within ${GPU_STEPS} steps`, (t) => checkMemory(t, worker, 3, GPU_STEPS));
      await t.test("after the loss of the card, which is reported, the checkpoint continues on the CPU", async () => {
        const saved = await saveCheckpoint(worker);
        await worker.send("go");
        await worker.worker.evaluate(() => self.device.destroy());
        const failure = await worker.failure(5 * TIMEOUT);
        assert.ok(failure.type === "crashed" || failure.failure === "device-lost", JSON.stringify(failure));
        await worker.terminate();

        const second = await startPrepared(page, { device: "cpu", start: { from: "checkpoint", bytes: saved.bytes } });
        assert.equal(second.prepared.counts.images, saved.images);
        await second.worker.terminate();
      });
    });
  });

  test("a software adapter is refused unless it was requested", async () => {
    await visitBlank(browser, async (page) => {
      const worker = await TrainingWorker.start(page);
      await worker.send("begin", beginRequest({ device: "gpu", software: false }));
      assert.equal((await worker.failure(3 * TIMEOUT)).failure, "no-gpu");
      await worker.terminate();
    });
  });
});
