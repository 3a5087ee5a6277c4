// The graphics card draws what the processor draws. A software card stands in, so this is about numbers and not speed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { native, nativeReady } from "./native.mjs";
import { GPU, launch, likeness, visit } from "./studio.mjs";

describe("studio on the graphics card", { timeout: 900_000 }, () => {
  let browser;
  before(async () => (browser = await launch(GPU)));
  after(() => browser?.close());

  test("the same seeds give the same pixels on both devices", async (t) => {
    const query = { seed: 100, n: 4, trunc: 0.8 };
    await visit(browser, query, async (studio) => {
      await studio.settled(4);
      await studio.computeOn("cpu");
      await studio.settled(4);
      const cpu = await studio.pictures();

      const start = Date.now();
      await studio.computeOn("gpu");
      t.diagnostic(`graphics card ready after ${Date.now() - start} ms`);
      // A change of device leaves what is on the screen; going away and back makes it anew.
      await studio.go({ seed: 5000 });
      await studio.settled(4);
      await studio.go({ seed: query.seed });
      await studio.settled(4);
      assert.equal(await studio.at("device-badge").getAttribute("data-device"), "gpu");
      const gpu = await studio.pictures();
      const same = likeness(gpu, cpu);
      t.diagnostic(`${(100 * same.share).toFixed(2)} % of pixels within 1/255 of the processor, worst ${same.worst}`);
      assert.ok(same.share >= 0.99);

      if (nativeReady(t)) {
        const { share, worst } = likeness(gpu, await native({ seed: query.seed, n: query.n, truncation: query.trunc }));
        t.diagnostic(`${(100 * share).toFixed(2)} % of pixels within 1/255 of the native program, worst ${worst}`);
        assert.ok(share >= 0.99);
      }
    });
  });
});
