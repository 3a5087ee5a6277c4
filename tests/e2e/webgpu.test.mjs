// WebGPU gives the same pixels as the CPU. Runs on a software adapter, so it says nothing about speed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { hasNativeProgram, sampleNatively } from "./support/native-program.mjs";
import { launch, visit, WEBGPU } from "./support/fixtures.mjs";
import { similarity } from "./support/similarity.mjs";
import { onBothDevices } from "./support/webgpu.mjs";

describe("studio on WebGPU", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch(WEBGPU)));
  after(() => browser?.close());

  test("the same seeds give the same pixels on both devices", async (t) => {
    const query = { seed: 100, n: 4, trunc: 0.8 };
    await visit(browser, query, async (studio) => {
      const { cpu, gpu, ready } = await onBothDevices(studio, query);
      t.diagnostic(`adapter ready after ${ready} ms`);
      const same = similarity(gpu, cpu);
      t.diagnostic(`${(100 * same.share).toFixed(2)} % of pixels within 1/255 of the CPU, largest difference ${same.worst}`);
      assert.ok(same.share >= 0.99);

      if (hasNativeProgram(t)) {
        const { share, worst } = similarity(gpu, await sampleNatively({ seed: query.seed, n: query.n, truncation: query.trunc }));
        t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, largest difference ${worst}`);
        assert.ok(share >= 0.99);
      }
    });
  });
});
