// The training worker without the page, on WebGPU: the same numbers as on the CPU, constant memory, and the loss of the graphics card.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, TIMEOUT, visitBlank, WEBGPU } from "./support/fixtures.mjs";
import { similarity } from "./support/similarity.mjs";
import { checkMemory, pictures, saveCheckpoint, startPrepared, stepBoth } from "./support/training-steps.mjs";
import { beginRequest, TrainingWorker, TUNING } from "./support/training-worker.mjs";

/** Steps of the memory test on a software adapter, where a step takes a second or two. GPU_STEPS can set more. */
const GPU_STEPS = Number(process.env.GPU_STEPS ?? 24);

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
