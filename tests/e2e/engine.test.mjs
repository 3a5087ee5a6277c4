// The worker that trains, without the page: the same numbers on both devices, memory that stays, and what happens when it is
// taken away. The networks are the smallest there are; the code is that of all others.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { examples } from "./heads.mjs";
import { GPU, launch, likeness, PATIENCE } from "./studio.mjs";
import { bare, begin, Trainee, TUNING } from "./trainee.mjs";

/** Steps after which memory must have come to rest, and steps in all. */
const [SETTLED, STEPS] = [600, 2000];
/** The same on a graphics card that a processor imitates, where a step takes a second or two: GPU_STEPS=2000 for all of it. */
const STEPS_SLOW = Number(process.env.GPU_STEPS ?? 80);
const SETTLED_SLOW = Math.max(20, Math.round(0.15 * STEPS_SLOW));

const frame = ({ bytes, size, count }) => Array.from({ length: 2 * count }, (_, part) => bytes.slice(part * size ** 2, (part + 1) * size ** 2));

/** Begins and waits until all is ready. */
async function prepared(page, more) {
  const trainee = await Trainee.start(page);
  await trainee.ask("begin", begin(more));
  const ready = await trainee.hear("prepared", { patience: 5 * PATIENCE });
  return { trainee, ready };
}

/** One turn of one network; answers the frame after it. */
async function turn(trainee, who) {
  const from = await trainee.count();
  await trainee.ask("step", { network: who });
  await trainee.hear("running", { from, patience: 5 * PATIENCE });
  return trainee.hear("frame", { from });
}

/** So many steps of both networks, one after the other; answers the last frame. */
async function steps(trainee, count) {
  let last;
  for (let step = 0; step < count; step++) {
    await turn(trainee, "discriminator");
    last = await turn(trainee, "generator");
  }
  return last;
}

/** Rests, and answers the checkpoint. */
async function checkpoint(trainee) {
  const from = await trainee.count();
  await trainee.ask("pause");
  return trainee.hear("saved", { from });
}

/** Trains, and answers the bytes of memory once it has come to rest and at the end. */
async function memory(trainee, settled, all) {
  await trainee.run(settled, 10 * PATIENCE);
  const early = await trainee.memory();
  const counts = await trainee.run(all, Math.max(20, all / 10) * PATIENCE);
  assert.ok(counts.steps >= all, `${counts.steps} steps`);
  return { early, late: await trainee.memory(), counts };
}

describe("the worker that trains, on the processor", { timeout: 1_800_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  test(`memory stays as it is over ${STEPS} steps`, async (t) => {
    await bare(browser, async (page) => {
      const { trainee } = await prepared(page);
      const { early, late, counts } = await memory(trainee, SETTLED, STEPS);
      t.diagnostic(`${(early / 2 ** 20).toFixed(1)} MiB after ${SETTLED} steps, ${(late / 2 ** 20).toFixed(1)} after ${counts.steps}, in ${counts.seconds.toFixed(0)} s of training`);
      assert.ok(late - early <= 2 ** 20, `${late - early} bytes more`);
    });
  });

  test("a call from JavaScript does its own work only", async (t) => {
    await bare(browser, async (page) => {
      const trainee = await Trainee.start(page);
      const spent = await trainee.worker.evaluate(async () => {
        const exported = Object.entries(await wasm_bindgen());
        const [take, give] = ["alloc", "dealloc"].map((what) => exported.find(([name]) => name.startsWith(`__externref_table_${what}`))[1]);
        const start = performance.now();
        for (let call = 0; call < 500; call++) give(take());
        return performance.now() - start;
      });
      // Where the linker has what crates register run at the start of each, they take more than half a millisecond.
      t.diagnostic(`1,000 calls in ${spent.toFixed(1)} ms`);
      assert.ok(spent < 200, `${spent} ms`);
      await trainee.end();
    });
  });

  test("a checkpoint goes on as if nothing had happened", async () => {
    await bare(browser, async (page) => {
      const { trainee } = await prepared(page);
      await steps(trainee, 3);
      const saved = await checkpoint(trainee);
      assert.equal(saved.images, 3 * TUNING.batch);
      const whole = await steps(trainee, 3);
      await trainee.end();

      const second = await prepared(page, { start: { from: "checkpoint", bytes: saved.bytes } });
      assert.equal(second.ready.counts.images, saved.images);
      const resumed = await steps(second.trainee, 3);
      assert.equal(resumed.images, whole.images);
      assert.deepEqual(resumed.bytes, whole.bytes);
      await second.trainee.end();
    });
  });

  test("the networks change, and the averaged generator with them", async () => {
    await bare(browser, async (page) => {
      const { trainee } = await prepared(page);
      const first = await trainee.hear("frame");
      const { counts } = { counts: await trainee.run(40) };
      const from = await trainee.count();
      await trainee.ask("pause");
      const last = await trainee.hear("frame", { from });
      assert.ok(counts.images >= 40 * TUNING.batch);
      assert.ok(likeness(frame(last), frame(first)).share < 0.9, "scans moved");
      await trainee.ask("compare-copies");
      const { copies } = await trainee.hear("copies");
      assert.equal(copies.pairs.length, 16);
      assert.equal(copies.held_out.length, 8);
      await trainee.end();
    });
  });

  test("knobs beyond their ends are taken to their ends", async () => {
    await bare(browser, async (page) => {
      const { ready, trainee } = await prepared(page, { tuning: { rate: 9, augment: 7, batch: 1000, gamma: -1 } });
      assert.deepEqual(ready.tuning, { rate: 1e-3, augment: 0.8, batch: 32, gamma: 0.01 });
      await trainee.end();
    });
  });

  const sets = {
    "no slices": { train: [] },
    "slices of another size": { train: examples(10, 32) },
    "too many slices": { train: Array.from({ length: 513 }, () => examples(1, 16)[0]) },
    "too many classes": { classes: Array.from({ length: 9 }, (_, index) => `class ${index}`) },
    "a class that there is not": { train: examples(10, 16).map((slice) => ({ ...slice, class: 7 })) },
  };
  const starts = {
    "weights that are none": { from: "weights", generator: { source: "bytes", bytes: [1, 2, 3] }, discriminator: null },
    "a checkpoint that is none": { from: "checkpoint", bytes: Array(5000).fill(7) },
    "a preset that there is not": { from: "random", preset: "s4096" },
    "weights that are not there": { from: "weights", generator: { source: "address", address: "http://localhost:1/none.safetensors" }, discriminator: null },
    "a stored training where nothing is stored": { from: "stored" },
  };
  for (const [what, more] of [...Object.entries(sets).map(([what, part]) => [what, { set: { ...begin().set, ...part } }]), ...Object.entries(starts).map(([what, start]) => [what, { start }])]) {
    test(`${what}: refused with words`, async () => {
      await bare(browser, async (page) => {
        const trainee = await Trainee.start(page);
        await trainee.ask("begin", begin(more));
        const said = await trainee.failure();
        assert.match(said.failure ?? "", /^(bad-request|weights-(broken|missing))$/);
        assert.ok(said.detail.length > 10, said.detail);
        await trainee.end();
      });
    });
  }

  test("asked before it began: refused, and it can still begin", async () => {
    await bare(browser, async (page) => {
      const trainee = await Trainee.start(page);
      await trainee.ask("go");
      await trainee.hear("refused");
      await trainee.ask("begin", begin());
      await trainee.hear("prepared");
      await trainee.end();
    });
  });

  test("without a graphics card: said", async () => {
    await bare(browser, async (page) => {
      const trainee = await Trainee.start(page);
      await trainee.ask("begin", begin({ device: "gpu" }));
      assert.equal((await trainee.failure()).failure, "no-gpu");
      await trainee.end();
    });
  });
});

// A graphics card that the processor imitates: right numbers, slow.
describe("the worker that trains, on a graphics card", { timeout: 2_400_000 + 5000 * STEPS_SLOW }, () => {
  let browser;
  before(async () => (browser = await launch(GPU)));
  after(() => browser?.close());

  test("three steps give what the processor gives", async (t) => {
    await bare(browser, async (page) => {
      const outcome = {};
      for (const device of ["cpu", "gpu"]) {
        const { trainee } = await prepared(page, { device });
        outcome[device] = frame(await steps(trainee, 3));
        await trainee.end();
      }
      const { share, worst } = likeness(outcome.gpu, outcome.cpu);
      t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255, worst ${worst}`);
      assert.ok(share >= 0.99);
    });
  });

  test(`memory stays as it is over ${STEPS_SLOW} steps`, async (t) => {
    await bare(browser, async (page) => {
      const { trainee } = await prepared(page, { device: "gpu", tuning: { ...TUNING, batch: 2 } });
      const { early, late, counts } = await memory(trainee, SETTLED_SLOW, STEPS_SLOW);
      t.diagnostic(`${(early / 2 ** 20).toFixed(1)} MiB after ${SETTLED_SLOW} steps, ${(late / 2 ** 20).toFixed(1)} after ${counts.steps}, in ${counts.seconds.toFixed(0)} s of training`);
      assert.ok(late - early <= 2 ** 20, `${late - early} bytes more`);
      await trainee.end();
    });
  });

  test("an imitated card is refused where it was not asked for", async () => {
    await bare(browser, async (page) => {
      const trainee = await Trainee.start(page);
      await trainee.ask("begin", begin({ device: "gpu", software: false }));
      assert.equal((await trainee.failure(3 * PATIENCE)).failure, "no-gpu");
      await trainee.end();
    });
  });

  test("a card that is taken away: said, and the checkpoint goes on on the processor", async () => {
    await bare(browser, async (page) => {
      // A hand on the device.
      page.on("worker", (worker) => worker.evaluate(() => {
        const ask = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...words) { return (self.device = await ask.apply(this, words)); };
      }).catch(() => {}));
      const { trainee } = await prepared(page, { device: "gpu" });
      await steps(trainee, 1);
      const saved = await checkpoint(trainee);
      await trainee.ask("go");
      await trainee.worker.evaluate(() => self.device.destroy());
      const said = await trainee.failure(5 * PATIENCE);
      assert.ok(said.type === "fell" || said.failure === "device-lost", JSON.stringify(said));
      await trainee.end();

      const second = await prepared(page, { device: "cpu", start: { from: "checkpoint", bytes: saved.bytes } });
      assert.equal(second.ready.counts.images, saved.images);
      await second.trainee.end();
    });
  });
});
